from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.reminder_ladder import (
    USUAL_LADDER,
    Due,
    LadderProblem,
    Rung,
    due_today,
    left_after_offer,
    plan,
    problem_of,
)

DEADLINE = date(2027, 3, 31)


def test_the_usual_ladder_stands_on_these_days() -> None:
    assert [rung.on for rung in plan(DEADLINE, USUAL_LADDER)] == [
        date(2026, 12, 31), date(2027, 1, 30), date(2027, 3, 1), DEADLINE, date(2027, 4, 14), date(2027, 4, 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        (USUAL_LADDER, None),
        ((), None),
        ((0, 0), LadderProblem.TWICE),
        ((-400,), LadderProblem.TOO_FAR),
        ((31,), LadderProblem.AFTER_GRACE),
        (tuple(-n for n in range(13)), LadderProblem.TOO_MANY),
    ],
)
def test_ladders_that_cannot_be(steps: tuple[int, ...], problem: LadderProblem | None) -> None:
    assert problem_of(steps, grace_days=30) is problem


def test_of_several_missed_days_the_latest_is_sent() -> None:
    rungs = plan(DEADLINE, USUAL_LADDER)
    assert due_today(rungs, date(2027, 3, 5)) == Due(rungs[2], rungs[:2])
    assert due_today(rungs, date(2026, 12, 30)) == Due(None, ())


def test_what_lies_before_the_offer_is_not_sent_beside_it() -> None:
    rungs = plan(DEADLINE, USUAL_LADDER)
    assert left_after_offer(rungs, date(2027, 1, 30)) == (rungs[2:], rungs[:2])


@given(
    st.sets(st.integers(-366, 30), max_size=12),
    st.lists(st.integers(-400, 60), max_size=30),
)
def test_whatever_days_the_worker_runs_nothing_goes_twice_and_nothing_stays(
    steps: set[int], runs: list[int]
) -> None:
    planned: set[Rung] = set(plan(DEADLINE, steps))
    sent: list[Rung] = []
    for offset in sorted(runs):
        today = DEADLINE + timedelta(days=offset)
        due = due_today(planned, today)
        planned -= {*due.passed_over, *([due.send] if due.send else [])}
        if due.send:
            sent.append(due.send)
        assert all(rung.on > today for rung in planned)
    assert len(sent) == len(set(sent))
    assert sent == sorted(sent)
