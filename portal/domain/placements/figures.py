"""Placements in sum: by state, company and area, with hours and means; what tells of few people is hidden. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.domain.matching.small_cells import hidden_cells
from portal.domain.placements.criteria import LEAST_CELL, Criterion, HostCriterion, mean_tenths
from portal.domain.placements.placement_flow import PlacementState


@dataclass(frozen=True, slots=True)
class Fact:
    """One placement: where, how far, minutes that the company confirmed, marks of both sides as far as they are in."""

    state: PlacementState
    company: str
    area: str
    minutes: int = 0
    overall: int | None = None
    marks: Mapping[str, int] | None = None
    host_marks: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What many placements have in common; None: hidden, or nothing to say."""

    name: str
    count: int | None
    mean_minutes: int | None
    mean_overall: int | None  # tenths


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the page of figures shows; means in tenths."""

    count: int
    states: dict[PlacementState, int | None]
    companies: list[Group]
    areas: list[Group]
    criteria: dict[Criterion, int | None]
    host_criteria: dict[HostCriterion, int | None]


def figures(facts: Sequence[Fact]) -> Figures:
    """Sums over these placements."""
    states = Counter(fact.state for fact in facts)
    return Figures(
        count=len(facts),
        states=hidden_cells({state: states[state] for state in PlacementState}),
        companies=_groups(facts, lambda fact: fact.company),
        areas=_groups(facts, lambda fact: fact.area),
        criteria=_means([fact.marks for fact in facts if fact.marks], Criterion),
        host_criteria=_means([fact.host_marks for fact in facts if fact.host_marks], HostCriterion),
    )


def _groups(facts: Sequence[Fact], key: Callable[[Fact], str]) -> list[Group]:
    """The largest first; hidden ones last, by name, so that their order tells nothing."""
    members: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        members[key(fact)].append(fact)
    counts = hidden_cells({name: len(each) for name, each in members.items()})
    found = [_group(name, counts[name], each) for name, each in members.items()]
    return sorted(found, key=lambda group: (group.count is None, -(group.count or 0), group.name))


def _group(name: str, count: int | None, members: Sequence[Fact]) -> Group:
    if count is None:
        return Group(name, None, None, None)
    worked = [fact.minutes for fact in members if fact.minutes]
    marks = [fact.overall for fact in members if fact.overall is not None]
    return Group(
        name,
        count,
        round(sum(worked) / len(worked)) if len(worked) >= LEAST_CELL else None,
        mean_tenths(marks) if len(marks) >= LEAST_CELL else None,
    )


def _means(answers: Sequence[Mapping[str, int]], criteria: Iterable[Any]) -> dict[Any, int | None]:
    """Of each criterion the mean of the marks that were given, where at least five were."""
    found = {}
    for each in criteria:
        given = [mark for answer in answers if (mark := answer.get(each))]
        found[each] = mean_tenths(given) if len(given) >= LEAST_CELL else None
    return found
