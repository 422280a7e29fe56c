"""What a what-if changes, as a record keeps it: JSON values there and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal.domain.matching.attempts import (
    AddedVeto,
    CapLimit,
    CompanyCapacity,
    MergedTiers,
    Override,
    PostingCapacity,
    SplitTier,
    WrongOverrideError,
)
from portal.domain.matching.market import CapKind, Lottery, Market

_KINDS: dict[str, type[Any]] = {
    "posting_capacity": PostingCapacity,
    "company_capacity": CompanyCapacity,
    "added_veto": AddedVeto,
    "cap_limit": CapLimit,
    "split_tier": SplitTier,
    "merged_tiers": MergedTiers,
    "lottery": Lottery,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def override_value(override: Override) -> dict[str, Any]:
    """One override as JSON: its kind and its members."""
    said = {name: _plain(getattr(override, name)) for name in override.__dataclass_fields__}
    return {"kind_of_change": _NAMES[type(override)], **said}


def read_override(value: Mapping[str, Any]) -> Override:
    """What `override_value` gave. Raises WrongOverrideError for anything else."""
    try:
        said = dict(value)
        kind = _KINDS[said.pop("kind_of_change")]
        if kind is SplitTier:
            said["groups"] = tuple(tuple(group) for group in said["groups"])
        if kind is CapLimit:
            said["kind"] = CapKind(said["kind"])
        made: Override = kind(**said)
    except (KeyError, TypeError, ValueError):
        raise WrongOverrideError("this is no change of a market") from None
    return made


def put_first(market: Market, company: str, students: Iterable[str]) -> list[Override]:
    """Inside each tier of the company these students come before the others: nobody learns who stands in which."""
    first, found = frozenset(students), []
    tiers = market.companies[company].tiers
    for number in reversed(range(len(tiers))):  # from the last: the numbers of those before stay
        chosen = tuple(each for each in tiers[number] if each in first)
        rest = tuple(each for each in tiers[number] if each not in first)
        if chosen and rest:
            found.append(SplitTier(company, number, (chosen, rest)))
    return list(found)


def all_alike(market: Market, company: str) -> list[Override]:
    """The company tells nobody apart whom it listed."""
    return [MergedTiers(company, 0) for _tier in market.companies[company].tiers[1:]]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, CapKind) else value
