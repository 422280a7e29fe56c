"""Planning a season of meetings, beside everyday practice: every group polls for itself.

    python -m bench.bench_scheduling [--large]

Prints CPU seconds and what is wrong with each plan: 40 groups × 1,500 people × 240 meetings, the same with one room and narrow gaps,
and with --large 200 × 10,000 × 1,200. "Separate polls": each group proposes eight days about its usual distance away and takes the one
on which most of its own members are free, knowing nothing of other groups. The ratio is to putting the season into arrays once.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import datetime

import numpy as np

from portal.cli.scheduling.commands import is_working_day
from portal.domain.scheduling import (
    Meeting,
    Plan,
    Season,
    SeasonRecipe,
    check,
    first_answer,
    generate_season,
    plan_of,
    solve,
)
from portal.domain.scheduling.arrays import Arrays, arrays_of

CASES = {
    "40 groups, 1,500 people, 240 meetings": (SeasonRecipe(), 60),
    "tight: 1 room, 2 a day, gaps of 50 to 72 days": (SeasonRecipe(rooms=1, most_a_day=2, gap=(50, 72)), 60),
}
LARGE = {
    "200 groups, 10,000 people, 1,200 meetings": (
        SeasonRecipe(groups=200, people=10_000, rooms=12, most_a_day=24),
        30,
    ),
}
CANDIDATES = 8


def main(arguments: list[str]) -> int:
    """Exit code 1 where a plan breaks a rule."""
    cases = CASES | (LARGE if "--large" in arguments else {})
    verdicts = [_case(name, recipe, rounds) for name, (recipe, rounds) in cases.items()]
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0 if all(verdicts) else 1


def _case(name: str, recipe: SeasonRecipe, rounds: int) -> bool:
    season = generate_season(recipe, is_working_day)
    began = time.process_time()
    arrays = arrays_of(season)
    read = time.process_time() - began
    print(f"{name}\n    into arrays {read:.2f} s CPU")
    _row("separate polls", season, *_timed(lambda: plan_of(season, separate_polls(season, arrays))), read)
    _row("first answer", season, *_timed(lambda: first_answer(season, arrays)), read)
    plan, took = _timed(lambda: solve(season, rounds))
    _row(f"{rounds} rounds", season, plan, took, read)
    verdict = check(season, plan.moments)
    return verdict.is_feasible and not verdict.unplaced


def separate_polls(season: Season, arrays: Arrays) -> dict[Meeting, datetime]:
    """What comes of everybody polling alone."""
    chance = np.random.Generator(np.random.PCG64(season.seed))
    found: dict[Meeting, datetime] = {}
    for row, name in enumerate(arrays.groups):
        group, last = season.groups[name], -1
        usual = arrays.days / max(group.meetings, 1)
        for number in range(group.meetings):
            due = (number + 0.5) * usual if last < 0 else last + usual
            near = np.flatnonzero(arrays.open & (np.abs(arrays.day - due) <= 14) & (arrays.day > last))
            if not len(near):
                continue
            offered = chance.choice(near, size=min(CANDIDATES, len(near)), replace=False)
            best = int(max(offered, key=lambda slot: arrays.attendance[row, slot]))
            found[Meeting(name, number + 1)], last = arrays.slots[best], int(arrays.day[best])
    return found


def _timed(make: object) -> tuple[Plan, float]:
    began = time.process_time()
    made = make()  # type: ignore[operator]
    return made, time.process_time() - began


def _row(what: str, season: Season, plan: Plan, took: float, read: float) -> None:
    found = check(season, plan.moments)
    print(
        f"    {what:<15} {took:7.2f} s CPU {took / read:6.1f} ×  clashes {found.must_attend_clashes:>4}  gaps {found.gap_violations:>4}  "
        f"rooms {found.room_overflows:>3}  days {found.day_overflows:>3}  double {found.double_bookings:>5}  unplaced {found.unplaced:>3}  cost {plan.cost:10.1f}"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
