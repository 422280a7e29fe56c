"""The way of a posting, the timetable of a round, and what a posting has to say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.internships.periods import Stay, fit_in_turn
from portal.domain.internships.posting_flow import NEXT, Mover, PostingState, may_move
from portal.domain.internships.posting_rules import NEEDED, PostingFault, posting_faults
from portal.domain.internships.timetable import STEPS, Stage, Timetable, movable_steps
from portal.domain.prefectures import ABROAD, CODES, prefecture_name

START = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
TIMES = Timetable(*(START + n * 10 * DAY for n in range(6)))
MOMENTS = st.integers(-20, 80).map(lambda days: START + days * DAY)
GOOD: Mapping[str, Any] = dict.fromkeys(NEEDED, "x") | {
    "starts_from": date(2026, 9, 1), "ends_by": date(2026, 12, 25), "weeks": 10, "days_a_week": 4, "pay_unit": "hour",
    "pay_yen": 1800, "places": 2, "least_places": 0, "data_agreements": [], "data_used": "",
}  # fmt: skip


def test_every_state_that_is_open_is_closed_by_somebody_or_by_the_calendar() -> None:
    for state, steps in NEXT.items():
        if steps and state is not PostingState.PUBLISHED:  # what is published takes part in the match
            assert Mover.CALENDAR in {mover for movers in steps.values() for mover in movers}
        assert state.is_final is (not steps)


def test_a_company_never_opens_its_own_posting_to_students() -> None:
    assert [s for s in PostingState if may_move(s, PostingState.PUBLISHED, Mover.COMPANY)] == []
    assert [s for s in PostingState if may_move(s, PostingState.PUBLISHED, Mover.OFFICE)] == [
        PostingState.SUBMITTED
    ]


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-1, Stage.PLANNED), (0, Stage.OPEN), (9, Stage.OPEN), (10, Stage.INTERVIEWS), (20, Stage.RANKING), (29, Stage.RANKING),
        (30, Stage.LOCKED), (40, Stage.LOCKED), (80, Stage.LOCKED),
    ],
)  # fmt: skip
def test_the_stage_without_a_result(days: int, stage: Stage) -> None:
    assert TIMES.stage_at(START + days * DAY, is_told=False) is stage


@pytest.mark.parametrize(
    ("days", "stage"), [(40, Stage.PUBLISHED), (49, Stage.PUBLISHED), (50, Stage.CLOSED)]
)
def test_the_stage_once_a_result_is_told(days: int, stage: Stage) -> None:
    assert TIMES.stage_at(START + days * DAY, is_told=True) is stage
    assert TIMES.stage_at(START + days * DAY, is_told=True, is_cancelled=True) is Stage.CANCELLED


@given(st.lists(MOMENTS, min_size=6, max_size=6), MOMENTS, st.booleans())
def test_stages_follow_one_another(moments: list[datetime], now: datetime, is_told: bool) -> None:
    """A later moment never leads back, whatever the timetable, and a misplaced step is always named."""
    times, order = Timetable(*moments), list(Stage)
    before, after = (times.stage_at(at, is_told=is_told) for at in (now, now + DAY))
    if not times.misplaced:
        assert order.index(before) <= order.index(after)
    assert (times.misplaced == ()) is all(a < b for a, b in zip(moments, moments[1:], strict=False))
    assert set(movable_steps(times, now)) == {step for step in STEPS if getattr(times, step) > now}


def faults(**values: Any) -> dict[str, PostingFault]:
    return posting_faults(dict(GOOD) | values, date(2026, 8, 1))


def test_a_whole_posting_has_no_faults() -> None:
    assert faults() == {}
    assert faults(pay_unit="unpaid", pay_yen=None) == {}
    assert faults(places=0) == {}


@pytest.mark.parametrize("field", NEEDED)
def test_each_field_is_needed(field: str) -> None:
    for nothing in ("", None) if GOOD[field] == "x" else (None,):
        assert faults(**{field: nothing})[field] is PostingFault.MISSING


@pytest.mark.parametrize(
    ("values", "field", "fault"),
    [
        ({"weeks": 7}, "weeks", PostingFault.TOO_SHORT),
        ({"ends_by": date(2026, 9, 1)}, "ends_by", PostingFault.ENDS_BEFORE_START),
        ({"ends_by": date(2026, 11, 8)}, "ends_by", PostingFault.WINDOW_TOO_SHORT),
        ({"starts_from": date(2026, 8, 1)}, "starts_from", PostingFault.STARTS_BEFORE_RESULT),
        ({"pay_yen": None}, "pay_yen", PostingFault.PAY_MISSING),
        ({"pay_unit": "unpaid"}, "pay_yen", PostingFault.PAY_WITHOUT_UNIT),
        ({"data_agreements": ["transfer"]}, "data_used", PostingFault.DATA_UNNAMED),
        ({"least_places": 3}, "least_places", PostingFault.LEAST_ABOVE_PLACES),
    ],
)
def test_what_does_not_fit(values: dict[str, Any], field: str, fault: PostingFault) -> None:
    assert faults(**values) == {field: fault}


def test_ten_weeks_fit_exactly_from_the_first_to_the_ninth_of_november() -> None:
    assert faults(ends_by=date(2026, 11, 9)) == {}


def test_prefectures() -> None:
    assert len(CODES) == 48
    assert len({prefecture_name(code, "ja") for code in CODES}) == 48
    assert (prefecture_name("13", "ja"), prefecture_name("27", "en"), prefecture_name(ABROAD, "en")) == (
        "東京都",
        "Osaka",
        "Abroad",
    )


def test_a_stay_to_the_end_of_all_calendars_is_before_none() -> None:
    last = Stay(date.max - timedelta(days=55), date.max, 8)
    usual = Stay(date(2026, 10, 1), date(2026, 12, 31), 8)
    assert fit_in_turn(last, usual)
    assert not fit_in_turn(last, last)
