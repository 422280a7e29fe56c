"""Plans: nothing that must not be, the same again, better than the first answer, and as good as any where all can be tried."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from itertools import product

from hypothesis import given

from portal.domain.scheduling import (
    Answer,
    Group,
    Meeting,
    Person,
    Plan,
    Season,
    SeasonRecipe,
    check,
    first_answer,
    format_plan,
    format_season,
    generate_season,
    plan_of,
    solve,
)
from tests.domain.scheduling.seasons import FIRST, HOURS, seasons, weekday


def told(plan: Plan) -> dict[Meeting, datetime]:
    return plan.moments


@given(seasons())
def test_no_plan_breaks_a_rule_that_another_could_keep(season: Season) -> None:
    for plan in (first_answer(season), solve(season, 3)):
        verdict = check(season, told(plan))
        assert verdict.must_attend_clashes == verdict.room_overflows == verdict.day_overflows == 0
        assert verdict.closed == verdict.moved == verdict.out_of_order == 0
        assert verdict.unplaced == len(plan.unplaced)
        assert set(told(plan)) | set(plan.unplaced) == set(season.meetings)


@given(seasons())
def test_longer_is_never_worse_and_the_same_again(season: Season) -> None:
    first, better = first_answer(season), solve(season, 4)
    assert better.cost <= first.cost + 1e-6
    content = format_season(season)
    assert format_plan(better, content) == format_plan(solve(season, 4), content)


@given(seasons(days=5))
def test_the_cost_kept_along_the_way_is_the_cost_of_the_plan(season: Season) -> None:
    plan = solve(season, 2)
    assert abs(plan_of(season, told(plan)).cost - plan.cost) < 1e-6


def test_as_good_as_the_best_of_all_plans() -> None:
    """Two groups with one needed person in common, two days: every plan is tried."""
    busy = frozenset({datetime.combine(FIRST, HOURS[0])})
    people = {"a": Person(busy=busy), "b": Person(busy=frozenset()), "c": Person()}
    groups = {"g": Group(2, ("a", "b"), ("b",), (1, 1)), "h": Group(1, ("b", "c"), ("b",))}
    season = Season(
        first=FIRST, last=FIRST + timedelta(days=1), hours=HOURS, duration=timedelta(hours=2), people=people, groups=groups,
        is_working_day=weekday,
    )  # fmt: skip
    plans = (dict(zip(season.meetings, slots, strict=True)) for slots in product(season.slots, repeat=3))
    best = min(plan_of(season, each).cost for each in plans if check(season, each).is_feasible)
    assert abs(solve(season, 10).cost - best) < 1e-6


def test_a_fixed_meeting_stays_and_the_others_go_around_it() -> None:
    season = generate_season(SeasonRecipe(groups=4, people=40, members=12, meetings=3), weekday)
    slot = next(slot for slot in season.slots if slot.month == 7)
    fixed = dataclasses.replace(season, fixed={Meeting("g1", 1): slot})
    plan = solve(fixed, 5)
    assert told(plan)[Meeting("g1", 1)] == slot
    assert check(fixed, told(plan)).moved == 0
    assert told(plan)[Meeting("g1", 2)] > slot


def test_answers_of_a_poll_decide_where_all_else_is_alike() -> None:
    season = Season(
        first=FIRST, last=FIRST + timedelta(days=4), hours=HOURS[:1], duration=timedelta(hours=2),
        people={f"p{n}": Person(busy=frozenset()) for n in range(3)}, groups={"g": Group(1, ("p0", "p1", "p2"), ("p0",))},
        is_working_day=weekday,
    )  # fmt: skip
    yes = season.slots[3]
    said = {slot: Answer.YES if slot == yes else Answer.NO for slot in season.slots}
    polled = dataclasses.replace(season, polls={Meeting("g", 1): dict.fromkeys(("p0", "p1"), said)})
    assert told(solve(polled, 2)) == {Meeting("g", 1): yes}
    nobody = dataclasses.replace(
        season, polls={Meeting("g", 1): {"p0": dict.fromkeys(season.slots, Answer.NO)}}
    )
    assert solve(nobody, 2).unplaced == (Meeting("g", 1),)


def test_a_tight_season_is_feasible() -> None:
    recipe = SeasonRecipe(groups=12, people=300, members=30, rooms=1, most_a_day=2, gap=(50, 72))
    season = generate_season(recipe, weekday)
    assert check(season, told(solve(season, 10))).is_feasible
