"""Placements in sum: by state, company and area, with hours and marks. Pure.

For the office, which reads every placement by name: counts and hours are open to it. Means of marks need five of them, for they
are read aloud and passed on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    """What placements have in common; None: nothing to say, or too few marks."""

    name: str
    count: int
    mean_minutes: int | None
    mean_overall: int | None  # tenths


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the page of figures shows; means in tenths."""

    count: int
    states: dict[PlacementState, int]
    companies: list[Group]
    areas: list[Group]
    criteria: dict[Criterion, int | None]
    host_criteria: dict[HostCriterion, int | None]


def figures(facts: Sequence[Fact]) -> Figures:
    """Sums over these placements."""
    states = Counter(fact.state for fact in facts)
    return Figures(
        count=len(facts),
        states={state: states[state] for state in PlacementState},
        companies=_groups(facts, lambda fact: fact.company),
        areas=_groups(facts, lambda fact: fact.area),
        criteria=_means([fact.marks for fact in facts if fact.marks], Criterion),
        host_criteria=_means([fact.host_marks for fact in facts if fact.host_marks], HostCriterion),
    )


def _groups(facts: Sequence[Fact], key: Callable[[Fact], str]) -> list[Group]:
    """The largest first."""
    members: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        members[key(fact)].append(fact)
    found = [_group(name, each) for name, each in members.items()]
    return sorted(found, key=lambda group: (-group.count, group.name))


def _group(name: str, members: Sequence[Fact]) -> Group:
    worked = [fact.minutes for fact in members if fact.minutes]
    marks = [fact.overall for fact in members if fact.overall is not None]
    return Group(
        name,
        len(members),
        round(sum(worked) / len(worked)) if worked else None,
        mean_tenths(marks) if len(marks) >= LEAST_CELL else None,
    )


def _means(answers: Sequence[Mapping[str, int]], criteria: Iterable[Any]) -> dict[Any, int | None]:
    """Of each criterion the mean of the marks that were given, where at least five were."""
    found = {}
    for each in criteria:
        given = [mark for answer in answers if (mark := answer.get(each))]
        found[each] = mean_tenths(given) if len(given) >= LEAST_CELL else None
    return found
