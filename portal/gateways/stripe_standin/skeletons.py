"""Response objects with every field that the SDK's class declares, empty until filled."""

from __future__ import annotations

import copy
from collections.abc import Hashable
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin

import stripe
from stripe import StripeObject
from stripe._stripe_object import UntypedStripeObject

_EMPTY: dict[Any, Any] = {int: 0, bool: False, str: "", float: 0.0, Decimal: "0"}
_NEVER_THERE = frozenset({"deleted"})


def skeleton(kind: type[StripeObject], **values: Any) -> dict[str, Any]:
    """A response of this class; `values` fill in what matters. Names that the class lacks are an error."""
    body = copy.deepcopy(_skeleton(cast(Hashable, kind)))
    unknown = values.keys() - body.keys()
    if unknown:
        raise TypeError(f"{kind.__name__} has no {sorted(unknown)}")
    body.update(values)
    return body


def page_of(entries: list[dict[str, Any]], url: str, *, has_more: bool = False) -> dict[str, Any]:
    """A list as the SDK pages through it."""
    return {"object": "list", "data": entries, "has_more": has_more, "url": url}


@cache
def _skeleton(kind: Hashable) -> dict[str, Any]:
    return {
        name: _empty(hint)
        for name, hint in kind.__annotations__.items()
        if not name.startswith("_") and name not in _NEVER_THERE and not _is_constant(hint)
    }


def _is_constant(hint: Any) -> bool:
    return str(hint).startswith("typing.ClassVar")


def _empty(hint: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return None if NoneType in inner else _empty(inner[0])
    if origin is Literal:
        return inner[0]
    if origin is list:
        return []
    if origin is stripe.ListObject:
        return page_of([], "")
    if origin in (dict, UntypedStripeObject):
        return {}
    if isinstance(hint, type) and issubclass(hint, StripeObject):
        return copy.deepcopy(_skeleton(cast(Hashable, hint)))
    return _EMPTY.get(hint)
