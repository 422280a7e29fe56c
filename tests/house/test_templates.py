"""Pages keep the content security policy: nothing inline, nothing from elsewhere, and every file they name is ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.cli.assets import FILES

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PAGES = sorted(
    p for p in TEMPLATES.rglob("*.html") if p.relative_to(TEMPLATES).parts[0] not in {"emails", "documents"}
)
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))

FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "a script address": re.compile(r"javascript:", re.I),
    "an hx-on handler": re.compile(r"\shx-on[:-]", re.I),
    "a file from elsewhere": re.compile(r"<(?:script|link|img)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", re.I),
}


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_holds_nothing_that_the_policy_refuses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_static_file_that_a_page_names_is_there(path: Path) -> None:
    named = set(re.findall(r"asset\('([^']+)'\)", path.read_text(encoding="utf-8")))
    vendored = {f"vendor/{target}" for target in FILES.values()}
    assert {file for file in named - vendored if not (ROOT / "static" / file).is_file()} == set()


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_a_component_says_its_words_inside_its_macros(path: Path) -> None:
    """A module is imported once for all languages: a word at its top would stay in the first reader's."""
    text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.S)
    outside = re.sub(r"{%-?\s*macro\b.*?endmacro\s*-?%}", "", text, flags=re.S)
    if "{% macro" in text:
        assert re.findall(r"\b(?:_|ngettext)\(", outside) == []


def test_every_icon_that_a_page_asks_for_is_drawn() -> None:
    drawn = set(re.findall(r"^  '([a-z-]+)':", (TEMPLATES / "components/icon.html").read_text("utf-8"), re.M))
    asked: set[str] = set()
    for path in PAGES:
        asked |= set(re.findall(r"\b(?:icon\(|icon_name=)'([a-z-]+)'", path.read_text("utf-8")))
    assert asked - drawn == set()
