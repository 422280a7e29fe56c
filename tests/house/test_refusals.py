"""What was refused is not committed: a route that catches a refusal answers 4xx, for a redirect would commit."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2] / "portal"
CAUGHT = frozenset({"Refused", "OutOfDate", "TooOften"})


def _redirecting_handlers(source: str) -> list[int]:
    """Lines of `except Refused` whose body redirects or flashes."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ExceptHandler) or node.type is None:
            continue
        if not {each.id for each in ast.walk(node.type) if isinstance(each, ast.Name)} & CAUGHT:
            continue
        calls = {getattr(each.func, "id", "") for each in ast.walk(node) if isinstance(each, ast.Call)}
        if calls & {"redirect", "flash"}:
            found.append(node.lineno)
    return found


def test_no_route_redirects_after_a_refusal() -> None:
    found = {
        str(path.relative_to(ROOT)): _redirecting_handlers(path.read_text()) for path in ROOT.rglob("*.py")
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_route_that_does_is_found() -> None:
    assert _redirecting_handlers("try:\n    f()\nexcept Refused as no:\n    flash(str(no))\n") == [3]
