"""Agreements with companies: whether they hold over all days, and what a posting lacks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.internships.agreements import (
    AgreementKind,
    AgreementState,
    Holding,
    days_of,
    holds_over,
    needed_kinds,
    posting_lacks,
)

NDA, BASIC, DATA = AgreementKind.NDA, AgreementKind.BASIC, AgreementKind.DATA_TRANSFER
FIRST, LAST = date(2026, 9, 1), date(2026, 12, 25)
DAY = timedelta(days=1)


def nda(from_on: date, until_on: date | None = None, ended_on: date | None = None) -> Holding:
    return Holding(NDA, from_on, until_on, ended_on)


@pytest.mark.parametrize(
    ("holdings", "holds"),
    [
        ([], False),
        ([nda(FIRST)], True),  # no end
        ([nda(FIRST, LAST)], True),  # to the day
        ([nda(FIRST + DAY, LAST)], False),
        ([nda(FIRST, LAST - DAY)], False),
        ([nda(FIRST, None, LAST)], False),  # ended: on its last day it no longer holds
        ([nda(FIRST, None, LAST + DAY)], True),
        ([nda(FIRST, None, FIRST)], False),  # entered by mistake
        ([Holding(BASIC, FIRST)], False),  # another kind
        ([nda(date(2026, 10, 1)), nda(FIRST, date(2026, 9, 30))], True),  # one follows on the other
        ([nda(date(2026, 10, 2)), nda(FIRST, date(2026, 9, 30))], False),  # a day between them
        ([nda(FIRST, date(2026, 9, 30)), nda(FIRST, date(2026, 9, 2)), nda(date(2026, 10, 1), LAST)], True),
        ([nda(date.min, date.max)], True),
    ],
)
def test_it_has_to_hold_on_every_day(holdings: list[Holding], holds: bool) -> None:
    assert holds_over(holdings, NDA, FIRST, LAST) is holds


@pytest.mark.parametrize(
    ("holding", "state"),
    [
        (nda(FIRST + DAY), AgreementState.UPCOMING),
        (nda(FIRST), AgreementState.IN_FORCE),
        (nda(FIRST, FIRST), AgreementState.IN_FORCE),
        (nda(FIRST - DAY, FIRST - DAY), AgreementState.EXPIRED),
        (nda(FIRST - DAY, None, FIRST), AgreementState.ENDED),
        (nda(FIRST - DAY, None, FIRST + DAY), AgreementState.IN_FORCE),
        (nda(FIRST + DAY, None, FIRST + DAY), AgreementState.ENDED),
        (nda(FIRST + DAY, None, FIRST + 2 * DAY), AgreementState.UPCOMING),
    ],
)
def test_where_it_stands(holding: Holding, state: AgreementState) -> None:
    assert holding.state_on(FIRST) is state


def test_a_posting_adds_what_it_names() -> None:
    assert needed_kinds(["nda", "basic"], []) == (BASIC, NDA)
    assert needed_kinds([], ["samples", "ethics"]) == ()
    assert needed_kinds(["nda"], ["transfer", "ethics"]) == (NDA, DATA)
    assert needed_kinds([], ["joint_research"]) == (AgreementKind.JOINT_RESEARCH,)
    days = {"starts_from": FIRST, "ends_by": LAST, "data_agreements": ["transfer"]}
    assert posting_lacks(["nda"], FIRST, [nda(FIRST)], **days) == (DATA,)  # type: ignore[arg-type]


def test_what_a_draft_leaves_open_begins_as_soon_as_may_be() -> None:
    assert days_of(None, None, FIRST) == (FIRST, FIRST)
    assert days_of(None, LAST, FIRST) == (FIRST, LAST)
    assert days_of(LAST, None, FIRST) == (LAST, LAST)
    assert days_of(LAST, FIRST, FIRST) == (LAST, LAST)


DAYS = st.integers(0, 12).map(lambda n: FIRST + timedelta(days=n))
HOLDINGS = st.builds(nda, DAYS, st.none() | DAYS, st.none() | DAYS)


@given(st.lists(HOLDINGS, max_size=5), DAYS, st.integers(0, 6))
def test_it_holds_where_it_holds_day_by_day(holdings: list[Holding], first: date, more: int) -> None:
    days = [first + timedelta(days=n) for n in range(more + 1)]
    each = all(any(h.from_on <= day <= h.last_on for h in holdings) for day in days)
    assert holds_over(holdings, NDA, first, days[-1]) is each
