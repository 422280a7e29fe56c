"""Checks a request's parameters against the SDK's own parameter types.

Forms arrive as text with bracketed names; the types say what each value must be. Unknown names, wrong types,
values outside an enumeration and missing names are refused in the provider's words.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from typing_extensions import is_typeddict

from portal.gateways.stripe_standin.refusals import Refusal

MOST_FIELDS = 2000
_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_NOT_PARAMETERS = frozenset(RequestOptions.__annotations__)


def decode(encoded: str) -> dict[str, Any]:
    """`a[b][0]=1` → {"a": {"b": {"0": "1"}}}; lists stay keyed by number until their type is known."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True, max_num_fields=MOST_FIELDS):
        match = _NAME.fullmatch(name)
        if not match:
            raise Refusal(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
        *parents, last = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        branch = tree
        for parent in parents:
            branch = branch.setdefault(parent or str(len(branch)), {})
            if not isinstance(branch, dict):
                raise Refusal("Invalid object", code="parameter_invalid", param=name)
        branch[last or str(len(branch))] = value
    return tree


def check(kind: type, given: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The parameters as Python values, or a Refusal that names the first one that is wrong."""
    hints = _fields(kind)
    for name in given:
        if name not in hints:
            where = _join(path, name)
            raise Refusal(f"Received unknown parameter: {where}", code="parameter_unknown", param=where)
    for name in sorted(kind.__required_keys__):  # type: ignore[attr-defined]
        if name not in given:
            where = _join(path, name)
            raise Refusal(f"Missing required param: {where}.", code="parameter_missing", param=where)
    return {name: _value(hints[name], value, _join(path, name)) for name, value in given.items()}


@cache
def _fields(kind: type) -> dict[str, Any]:
    """Resolved types of a TypedDict's own names; options of the client are no parameters of the request."""
    own = {name: hint for name, hint in kind.__annotations__.items() if name not in _NOT_PARAMETERS}
    holder = type(kind.__name__, (), {"__annotations__": own})
    return get_type_hints(holder, globalns=vars(sys.modules[kind.__module__]))


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _value(hint: Any, value: Any, path: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _one_of(hint, value, path)
    if origin is Literal:
        return _literal(get_args(hint), value, path)
    if origin in (list, tuple):
        return _list(get_args(hint)[0], value, path)
    if is_typeddict(hint):
        return check(hint, _hash(value, path), path)
    if origin in (dict, UntypedStripeObject) or hint is dict:
        inner = (get_args(hint) or (str,))[-1]
        return {name: _value(inner, each, _join(path, name)) for name, each in _hash(value, path).items()}
    return _scalar(hint, value, path)


def _one_of(hint: Any, value: Any, path: str) -> Any:
    """The SDK widens enumerations by `str` for values to come; the provider refuses what it does not know."""
    members = [member for member in get_args(hint) if member is not NoneType]
    enumerations = [member for member in members if get_origin(member) is Literal and any(get_args(member))]
    if enumerations and isinstance(value, str):
        members = [member for member in members if member is not str]
    first: Refusal | None = None
    for member in members:
        try:
            return _value(member, value, path)
        except Refusal as refusal:
            first = first if first and _is_flat(member, value) else refusal
    assert first is not None
    raise first


def _is_flat(member: Any, value: Any) -> bool:
    """Whether this alternative could not have been meant (text for a structure or the reverse)."""
    return is_typeddict(member) != isinstance(value, dict)


def _literal(allowed: tuple[Any, ...], value: Any, path: str) -> Any:
    for choice in allowed:
        if value == (str(choice).lower() if isinstance(choice, bool) else choice):
            return choice
    words = ", ".join(str(choice) for choice in allowed)
    raise Refusal(f"Invalid {path}: must be one of {words}", param=path)


def _list(inner: Any, value: Any, path: str) -> list[Any]:
    if value == "":
        return []
    entries = _hash(value, path, "array")
    if not all(key.isdecimal() and len(key) < 6 for key in entries):
        raise Refusal("Invalid array", code="parameter_invalid", param=path)
    return [_value(inner, entries[key], _join(path, key)) for key in sorted(entries, key=int)]


def _hash(value: Any, path: str, word: str = "object") -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(f"Invalid {word}", code=f"parameter_invalid_{word}", param=path)
    return value


def _scalar(hint: Any, value: Any, path: str) -> Any:
    if not isinstance(value, str):
        raise Refusal(f"Invalid string: {path}", code="parameter_invalid_string", param=path)
    if hint is bool:
        if value not in ("true", "false"):
            raise Refusal(f"Invalid boolean: {value}", param=path)
        return value == "true"
    if hint is int:
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise Refusal(f"Invalid integer: {value}", code="parameter_invalid_integer", param=path)
        return int(value)
    if hint in (float, Decimal):
        return _decimal(value, path)
    if hint not in (str, Any, object):
        raise Refusal(f"This stand-in cannot read {path}", param=path)
    if not value:
        raise Refusal(f"You passed an empty string for '{path}'.", code="parameter_invalid_empty", param=path)
    return value


def _decimal(value: str, path: str) -> str:
    try:
        Decimal(value)
    except InvalidOperation:
        raise Refusal(f"Invalid decimal: {value}", code="parameter_invalid", param=path) from None
    return value
