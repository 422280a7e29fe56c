"""Lists and expansions: what every resource of the provider shares."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from itertools import islice
from typing import Any

from portal.gateways.stripe_standin.refusals import Refusal
from portal.gateways.stripe_standin.skeletons import page_of
from portal.gateways.stripe_standin.state import Body, State

_COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
_DEFAULT, _MOST, _DEEPEST = 10, 100, 4


def listed(state: State, kind: str, params: Mapping[str, Any], url: str, **filters: Any) -> Body:
    """One page, newest first, by `created`, `limit`, `starting_after` and `ending_before`."""
    limit = params.get("limit", _DEFAULT)
    if not 1 <= limit <= _MOST:
        raise Refusal("Invalid integer: limit must be between 1 and 100", param="limit")
    backwards = params.get("ending_before", "")
    found = state.scan(
        kind,
        older_than=params.get("starting_after", ""),
        newer_than=backwards,
        **{name: value for name, value in filters.items() if value is not None},
    )
    page = list(
        islice((body for body in found if _within(body["created"], params.get("created"))), limit + 1)
    )
    shown = page[:limit]
    return page_of(shown[::-1] if backwards else shown, url, has_more=len(page) > limit)


def expanded(state: State, body: Body, paths: list[str]) -> Body:
    """Names replaced by the objects they stand for, as `expand` asks."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > _DEEPEST:
            raise Refusal("You cannot expand more than 4 levels of a property.", param="expand")
        _expand(state, body, steps, path)
    return body


def _expand(state: State, body: Any, steps: list[str], path: str) -> None:
    if isinstance(body, list):
        for each in body:
            _expand(state, each, steps, path)
        return
    if not isinstance(body, dict) or steps[0] not in body:
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    value = body[steps[0]]
    if isinstance(value, str):
        body[steps[0]] = value = state.find(value)
    if len(steps) > 1 and value is not None:
        _expand(state, value, steps[1:], path)


def _within(created: int, wanted: Any) -> bool:
    if wanted is None or isinstance(wanted, int):
        return wanted in (None, created)
    return all(_COMPARE[name](created, bound) for name, bound in wanted.items())
