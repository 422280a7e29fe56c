"""Invented seasons: the same recipe gives the same one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from numpy.random import PCG64, Generator

from portal.domain.scheduling.season import Group, Person, Season

HOURS = tuple(time(hour) for hour in (10, 12, 14, 16, 18))


@dataclass(frozen=True)
class SeasonRecipe:
    """`busy`: share of slots at which a connected calendar says no; two of three people connect one."""

    groups: int = 40
    people: int = 1_500
    meetings: int = 6
    members: int = 60
    needed: int = 3
    gap: tuple[int, int] = (35, 90)
    rooms: int | None = 3
    most_a_day: int | None = 6
    busy: float = 0.25
    seed: int = 1


def generate_season(recipe: SeasonRecipe, is_working_day: Callable[[date], bool]) -> Season:
    """A fiscal year of groups, each with `recipe.meetings` meetings, whose members overlap as in a consortium."""
    chance = Generator(PCG64(recipe.seed))
    first, last = date(2026, 4, 1), date(2027, 3, 31)
    days = [first + timedelta(days=n) for n in range(365)]
    slots = [datetime.combine(day, hour) for day in days if is_working_day(day) for hour in HOURS]
    names = [f"p{n}" for n in range(recipe.people)]
    people = {name: _person(chance, slots, recipe.busy) for name in names}
    popular = chance.dirichlet(np.full(recipe.people, 0.7))  # some are in many groups
    groups = {f"g{n}": _group(chance, recipe, names, popular) for n in range(recipe.groups)}
    return Season(
        first=first, last=last, hours=HOURS, duration=timedelta(hours=2), people=people, groups=groups,
        is_working_day=is_working_day, rooms=recipe.rooms, most_a_day=recipe.most_a_day, seed=recipe.seed,
    )  # fmt: skip


def _person(chance: Generator, slots: list[datetime], busy: float) -> Person:
    kind = chance.uniform()
    if kind < 2 / 3:
        taken = np.flatnonzero(chance.uniform(size=len(slots)) < busy)
        return Person(busy=frozenset(slots[n] for n in taken))
    if kind < 5 / 6:
        weekly = [
            (int(day), HOURS[int(hour)])
            for day, hour in zip(chance.integers(0, 5, 4), chance.integers(0, 5, 4), strict=True)
        ]
        return Person(weekly=frozenset(weekly))
    return Person()


def _group(chance: Generator, recipe: SeasonRecipe, names: list[str], popular: np.ndarray) -> Group:
    size = int(np.clip(chance.poisson(recipe.members), recipe.needed + 2, recipe.people))
    picked = chance.choice(recipe.people, size=size, replace=False, p=_mixed(popular))
    members = tuple(names[n] for n in sorted(picked))
    must = tuple(names[n] for n in sorted(chance.choice(picked, size=recipe.needed, replace=False)))
    return Group(recipe.meetings, members, must, recipe.gap)


def _mixed(popular: np.ndarray) -> np.ndarray:
    mixed = 0.5 * popular + 0.5 / len(popular)
    return np.asarray(mixed / mixed.sum())
