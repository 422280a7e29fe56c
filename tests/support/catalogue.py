"""The Japanese catalogue, and every text in the sources that asks to be translated."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from portal.core.i18n import FOLDER
from portal.settings import ROOT

KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract", ".txt": "jinja2.ext:babel_extract"}


@cache
def japanese() -> Catalog:
    """The catalogue as it is committed."""
    with (FOLDER / "ja" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="ja", abort_invalid=True)


@cache
def japanese_of() -> dict[str, str]:
    """Japanese by msgid; of counted messages the singular is the key."""
    found = {}
    for message in japanese():
        msgid, words = message.id, message.string
        key = msgid[0] if isinstance(msgid, tuple) else msgid
        if key:
            found[str(key)] = str(words[0] if isinstance(words, (tuple, list)) else words)
    return found


@cache
def asked_for() -> dict[str, str]:
    """Every msgid in the sources (the singular of counted ones) and the first place that has it."""
    found: dict[str, str] = {}
    for path in sorted([*(ROOT / "portal").rglob("*.py"), *(ROOT / "templates").rglob("*")]):
        if path.suffix in METHODS and path.is_file():
            for msgid, line in _messages_in(path):
                found.setdefault(msgid, f"{path.relative_to(ROOT)}:{line}")
    return found


def _messages_in(path: Path) -> list[tuple[str, int]]:
    options = {"silent": "false", "trimmed": "false"}
    with path.open("rb") as file:
        extracted = extract(METHODS[path.suffix], file, keywords=KEYWORDS, options=options)
        rows = [(message, line) for line, message, _, _ in extracted]
    plain = [(m[0] if isinstance(m, tuple) else m, line) for m, line in rows]
    return [(str(msgid), line) for msgid, line in plain if msgid]
