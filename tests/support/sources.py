"""The portal's own sources as trees: what is written there, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from portal.settings import ROOT

PORTAL, TEMPLATES = ROOT / "portal", ROOT / "templates"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the portal by its path from the top."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PORTAL.rglob("*.py"))
    }


@cache
def templates(*endings: str) -> dict[str, str]:
    """Every template by its name, of these endings (`.html`), with its source."""
    return {
        str(path.relative_to(TEMPLATES)): path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file() and path.suffix in (endings or (".html", ".txt"))
    }


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of functions with these names, however they were reached."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in names:
                yield node


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """What is given under a name."""
    return next((k.value for k in call.keywords if k.arg == name), None)


def texts(node: ast.AST | None) -> set[str]:
    """Every plain string inside an expression."""
    inside = ast.walk(node) if node is not None else iter(())
    return {n.value for n in inside if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def first_text(call: ast.Call) -> str | None:
    """The first argument when it is a plain string."""
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def strings_but_docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every string constant that the program can use."""
    documents = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node


def module_file(name: str) -> Path:
    """Where a module stands."""
    path = ROOT / Path(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
