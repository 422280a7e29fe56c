"""What is committed: a fixed top level, our own text alone, nothing that only one machine has."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {"portal", "migrations", "static", "templates", "tests", "instance", "bench", "docs", "deploy"}
FILES = {"pyproject.toml", "README.md", "Makefile", "package.json", "package-lock.json"}
LOCK = re.compile(r"requirements[a-z-]*\.txt")
LARGEST_BYTES = 400_000
# grows with every page of the portal, holds words alone, and is read and merged line by line
CATALOGUE, CATALOGUE_BYTES = Path("portal/translations/ja/LC_MESSAGES/messages.po"), 1_000_000
PICTURES = {".png", ".svg", ".ico", ".webp"}
# byte for byte, in the letters of banks and of accounting programs
IN_CP932 = {ROOT / "tests" / "golden" / name for name in ("bank", "journal")}
# binary kinds that only come with somebody else's package, and marks of bundled code
FOREIGN_KINDS = {".woff", ".woff2", ".ttf", ".otf", ".eot", ".whl", ".tgz", ".jar", ".so", ".wasm", ".map"}
FOREIGN_TEXT = re.compile(r"/\*!|@license|\bCopyright \(c\)|sourceMappingURL", re.IGNORECASE)
# folders in which only one person's machine has something; spelled apart so that this file passes its own test
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|roo" + r"t|home/[a-z]+|Users/[A-Za-z]+)/[\w.]")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    if path.suffix in PICTURES:
        return ""
    if path.parent in IN_CP932:
        return path.read_text(encoding="cp932", errors="replace")
    return path.read_text(encoding="utf-8")


def test_top_level_is_the_agreed_one() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    strange = {
        name for name in top if not (name.startswith(".") or name in FOLDERS | FILES or LOCK.fullmatch(name))
    }
    assert strange == set()


def test_no_file_is_large() -> None:
    sizes = {path.relative_to(ROOT): path.stat().st_size for path in tracked()}
    bounds = {name: CATALOGUE_BYTES if name == CATALOGUE else LARGEST_BYTES for name in sizes}
    assert [str(name) for name, size in sizes.items() if size > bounds[name]] == []


def test_no_third_party_file_is_committed() -> None:
    files = [path for path in tracked() if not LOCK.fullmatch(path.name) and path != Path(__file__)]
    by_kind = [path for path in files if path.suffix in FOREIGN_KINDS or ".min." in path.name]
    by_place = [path for path in files if {"vendor", "node_modules", "third_party"} & set(path.parts)]
    by_text = [
        path for path in files if path.suffix in {".js", ".css"} and FOREIGN_TEXT.search(text_of(path))
    ]
    assert by_kind + by_place + by_text == []


def test_no_path_of_one_machine_is_committed() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        for match in MACHINE_PATH.finditer(text_of(path))
    ]
    assert found == []


def test_every_text_file_ends_with_a_line_end() -> None:
    files = [path for path in tracked() if path.suffix not in PICTURES and path.stat().st_size]
    files = [path for path in files if path.parent not in IN_CP932]
    assert [str(path.relative_to(ROOT)) for path in files if not path.read_bytes().endswith(b"\n")] == []
