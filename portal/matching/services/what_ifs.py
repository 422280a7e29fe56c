"""What a what-if changes, from what the office chose on a form that shows no ranks."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from portal.core.access import Actor
from portal.core.errors import OutOfDate
from portal.domain.matching import CapKind, Lottery, Market, parse_market
from portal.domain.matching.attempts import (
    AddedVeto,
    CapLimit,
    CompanyCapacity,
    Override,
    PostingCapacity,
)
from portal.domain.matching.overrides import all_alike, put_first
from portal.matching.models import MatchAttempt
from portal.matching.services.attempts import NOT_DONE, start_what_if
from portal.matching.services.readings import note_trial


class Change(StrEnum):
    """What can be tried."""

    POSTING = "posting"
    COMPANY = "company"
    VETO = "veto"
    CAP = "cap"
    FIRST = "first"
    ALIKE = "alike"
    LOTTERY = "lottery"


# Of whose lists a change tells by what it does: asked one pair after another, these would read a list out.
ABOUT = {Change.VETO: ("student",), Change.FIRST: ("company", "student"), Change.ALIKE: ("company",)}


def market_behind(attempt: MatchAttempt) -> Market:
    """The market of a run that is done. Raises OutOfDate."""
    if not attempt.market or not attempt.result:
        raise OutOfDate(NOT_DONE)
    return parse_market(attempt.market.encode())


def try_change(
    *, base: MatchAttempt, change: Change, values: Mapping[str, Any], name: str, once: str, by: Actor
) -> MatchAttempt:
    """A run with this change on top of the base. One that is about a student or a company's ranking tells of lists: its `reason`
    (in `values`) is noted as a reading, which they see. Raises Refused, also at `reason`; OutOfDate."""
    overrides = _MAKERS[change](market_behind(base), values)
    if change in ABOUT:
        note_trial(
            attempt=base,
            ids=[values[field] for field in ABOUT[change]],
            reason=values.get("reason") or "",
            by=by,
        )
    return start_what_if(base=base, name=name, overrides=overrides, once=once, by=by)


def _lottery(market: Market, values: Mapping[str, Any]) -> Sequence[Override]:
    """A draw of its own: the round's secret stays what it is."""
    return [Lottery(market.lottery.round if market.lottery else "", secrets.token_hex(32))]


def _cap(market: Market, values: Mapping[str, Any]) -> Sequence[Override]:
    kind, _colon, name = values["cap"].partition(":")
    return [CapLimit(CapKind(kind), name, values["limit"])]


_MAKERS: dict[Change, Callable[[Market, Mapping[str, Any]], Sequence[Override]]] = {
    Change.POSTING: lambda market, v: [PostingCapacity(v["posting"], v["places"])],
    Change.COMPANY: lambda market, v: [CompanyCapacity(v["company"], v["places"])],
    Change.VETO: lambda market, v: [AddedVeto(v["student"], v["posting"])],
    Change.CAP: _cap,
    Change.FIRST: lambda market, v: put_first(market, v["company"], [v["student"]]),
    Change.ALIKE: lambda market, v: all_alike(market, v["company"]),
    Change.LOTTERY: _lottery,
}
