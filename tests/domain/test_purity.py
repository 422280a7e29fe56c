"""The pure floor stands on the standard library and on its own modules, plus one table of domain names and, for matching, arrays
and a solver."""

import ast
import sys
from pathlib import Path

import portal.domain

ROOM = Path(portal.domain.__file__).parent
BEYOND_THE_STANDARD_LIBRARY = {"idna", "numpy", "highspy"}


def imports_of(source: str) -> set[str]:
    """Every module that a source imports, with its dots."""
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    from_ = {("." * node.level) + (node.module or "") for node in nodes if isinstance(node, ast.ImportFrom)}
    return plain | from_


def is_allowed(module: str) -> bool:
    if module == "portal.domain" or module.startswith(("portal.domain.", ".")):
        return True
    return module.partition(".")[0] in sys.stdlib_module_names | BEYOND_THE_STANDARD_LIBRARY


def test_domain_imports_the_standard_library_alone() -> None:
    files = sorted(ROOM.rglob("*.py"))
    strangers = {
        f"{file.name}: {module}"
        for file in files
        for module in imports_of(file.read_text(encoding="utf-8"))
        if not is_allowed(module)
    }
    assert strangers == set()
    assert len(files) > 10


def test_domain_asks_no_clock_and_no_chance() -> None:
    asked = {
        f"{file.name}: {node.attr}"
        for file in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"today", "now", "utcnow", "time", "random"}
    }
    assert asked == set()


def test_the_check_itself_finds_a_stranger() -> None:
    found = imports_of(
        "import flask.views\nfrom portal.core import db\nfrom datetime import date\nfrom . import x"
    )
    assert {module for module in found if not is_allowed(module)} == {"flask.views", "portal.core"}
