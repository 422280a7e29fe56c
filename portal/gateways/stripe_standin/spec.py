"""The SDK as the specification: which routes exist, and which parameters each one takes.

Read from the source of the SDK's service classes, so a new version of the SDK is a new specification.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import stripe

from portal.gateways.stripe_standin.params import check
from portal.gateways.stripe_standin.refusals import Refusal

API_VERSION = stripe.api_version
_SDK = Path(stripe.__file__).parent


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: `/v1/refunds/{refund}`, and where its parameter type lives."""

    method: str
    template: str
    module: str | None
    kind: str | None

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters by the SDK's own type, or a Refusal."""
        if self.module and self.kind:
            return check(getattr(import_module(self.module), self.kind), given)
        for name in given:
            raise Refusal(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
        return {}


class Spec:
    """All routes of the first API generation."""

    def __init__(self, routes: list[Route]) -> None:
        self.routes = routes
        fixed_first = sorted(routes, key=lambda route: route.template.count("{"))
        self._patterns = [(route, re.compile(_pattern(route.template))) for route in fixed_first]

    def match(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and the names in its path; raises Refusal 404."""
        for route, pattern in self._patterns:
            if route.method == method and (found := pattern.fullmatch(path)):
                return route, found.groupdict()
        raise Refusal(f"Unrecognized request URL ({method.upper()}: {path}).", status=404)


@cache
def load() -> Spec:
    """Read the SDK installed here; a fifth of a second, once in a process."""
    files = sorted(path for path in _SDK.rglob("*_service.py") if "v2" not in path.parts)
    return Spec([route for path in files for route in _routes(path.read_text())])


def _routes(source: str) -> Iterator[Route]:
    if '"/v1/' not in source:
        return
    tree = ast.parse(source)
    origins: dict[str, str] = {}
    for guard in (node for node in tree.body if isinstance(node, ast.If)):
        for line in guard.body:
            if isinstance(line, ast.ImportFrom) and line.module:
                origins.update({alias.name: line.module for alias in line.names})
    for service in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for function in service.body:
            if isinstance(function, ast.FunctionDef):
                yield from _route(function, origins)


def _route(function: ast.FunctionDef, origins: Mapping[str, str]) -> Iterator[Route]:
    for call in (node for line in function.body for node in ast.walk(line) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "_request" and len(call.args) > 1:
            template = _template(call.args[1])
            kind = _parameter_type(function)
            if template.startswith("/v1/"):
                yield Route(str(ast.literal_eval(call.args[0])), template, origins.get(kind or ""), kind)


def _template(node: ast.expr) -> str:
    """`"/v1/…"` or `"/v1/…".format(…)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _parameter_type(function: ast.FunctionDef) -> str | None:
    for argument in function.args.args:
        if argument.arg == "params" and argument.annotation:
            for node in ast.walk(argument.annotation):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    return node.value
    return None


def _pattern(template: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
