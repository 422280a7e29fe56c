"""What if: a market with something changed, matched again, and held beside the one it came from. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from portal.domain.matching.canonical import format_market
from portal.domain.matching.explaining import Constraint, Explainer
from portal.domain.matching.market import CapKind, Lottery, Market
from portal.domain.matching.parsing import parse_market
from portal.domain.matching.solving import Statistics, match, statistics


class WrongOverrideError(ValueError):
    """An override that names what the market has not, or a tier that it does not split."""


@dataclass(frozen=True)
class PostingCapacity:
    """Another number of seats; 0 closes the posting."""

    posting: str
    capacity: int


@dataclass(frozen=True)
class CompanyCapacity:
    """Another number of places."""

    company: str
    capacity: int


@dataclass(frozen=True)
class AddedVeto:
    """A pair that cannot be."""

    student: str
    posting: str


@dataclass(frozen=True)
class CapLimit:
    """Another limit of a cap; None lifts it."""

    kind: CapKind
    name: str
    limit: int | None


@dataclass(frozen=True)
class SplitTier:
    """A tier (0 is the first) told apart into groups, best first, which hold the same students."""

    company: str
    tier: int
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class MergedTiers:
    """A tier and the next one made one."""

    company: str
    tier: int


Override = PostingCapacity | CompanyCapacity | AddedVeto | CapLimit | SplitTier | MergedTiers | Lottery


@dataclass(frozen=True)
class Attempt:
    """A name and what is changed, in this order."""

    name: str
    overrides: tuple[Override, ...]


@dataclass(frozen=True)
class Move:
    """A student who comes to another place; None is no place. Ranks count from 1, None for no place or a fixed pair."""

    student: str
    before: str | None
    after: str | None
    rank_before: int | None
    rank_after: int | None

    @property
    def is_better(self) -> bool:
        return self.rank_after is not None and (
            self.rank_before is None or self.rank_after < self.rank_before
        )


@dataclass(frozen=True)
class Difference:
    """An attempt beside its base. `moves` in order of students; constraints are those that turned somebody away."""

    name: str
    moves: tuple[Move, ...]
    before: Statistics = field(hash=False)
    after: Statistics = field(hash=False)
    binding_before: tuple[Constraint, ...]
    binding_after: tuple[Constraint, ...]

    @property
    def better(self) -> int:
        return sum(move.is_better for move in self.moves)

    @property
    def worse(self) -> int:
        return len(self.moves) - self.better


def changed(market: Market, overrides: Iterable[Override]) -> Market:
    """The market with these changes. Raises WrongOverrideError, or MalformedFileError where a change contradicts what stays
    (a posting closed that has a fixed pair)."""
    for override in overrides:
        try:
            market = _apply(market, override)
        except (KeyError, IndexError):
            raise WrongOverrideError(f"the market does not have what this names: {override}") from None
    return parse_market(format_market(market))


def attempt(market: Market, tried: Attempt) -> Difference:
    """Match the base and the attempt, and compare."""
    other = changed(market, tried.overrides)
    return difference(tried.name, market, match(market), other, match(other))


def difference(
    name: str, market: Market, before: Mapping[str, str], other: Market, after: Mapping[str, str]
) -> Difference:
    """Compare two matchings of markets with the same students and lists."""
    moves = [
        Move(s, before.get(s), after.get(s), _rank(market, s, before.get(s)), _rank(other, s, after.get(s)))
        for s in sorted(before.keys() | after.keys())
        if before.get(s) != after.get(s)
    ]
    return Difference(
        name,
        tuple(moves),
        statistics(market, before),
        statistics(other, after),
        Explainer(market, before).binding(),
        Explainer(other, after).binding(),
    )


def _rank(market: Market, student: str, posting: str | None) -> int | None:
    if posting is None or student in market.fixed:
        return None
    return market.students[student].index(posting) + 1


def _apply(market: Market, override: Override) -> Market:
    match override:
        case PostingCapacity(name, capacity):
            posting = replace(market.postings[name], capacity=capacity)
            return replace(market, postings={**market.postings, name: posting})
        case CompanyCapacity(name, capacity):
            company = replace(market.companies[name], capacity=capacity)
            return replace(market, companies={**market.companies, name: company})
        case AddedVeto(student, posting_name):
            return replace(market, vetoes=market.vetoes | {(student, posting_name)})
        case CapLimit():
            return _with_limit(market, override)
        case SplitTier() | MergedTiers():
            return _with_tiers(market, override)
        case Lottery():
            return replace(market, lottery=override)


def _with_limit(market: Market, override: CapLimit) -> Market:
    caps = {(cap.kind, cap.name): cap for cap in market.caps}
    cap = caps.pop((override.kind, override.name))
    if override.limit is not None:
        caps[cap.kind, cap.name] = replace(cap, cap=override.limit)
    return replace(market, caps=tuple(caps.values()))


def _with_tiers(market: Market, override: SplitTier | MergedTiers) -> Market:
    company, at = market.companies[override.company], override.tier
    if isinstance(override, SplitTier):
        old, new = company.tiers[at : at + 1], override.groups
        if sorted(s for group in new for s in group) != sorted(company.tiers[at]):
            raise WrongOverrideError(f"the groups are not the tier: {override}")
    else:
        old = (company.tiers[at], company.tiers[at + 1])
        new = (old[0] + old[1],)
    tiers = company.tiers[:at] + tuple(new) + company.tiers[at + len(old) :]
    return replace(market, companies={**market.companies, override.company: replace(company, tiers=tiers)})
