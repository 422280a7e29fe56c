from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.terms import (
    FiscalYear,
    StandingReason,
    StandingState,
    Term,
    TermState,
    membership_standing,
)

FY2025, FY2026, FY2027 = FiscalYear(2025), FiscalYear(2026), FiscalYear(2027)


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 3, 31), 2025),
        (date(2026, 4, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
        (date(2028, 2, 29), 2027),
    ],
)
def test_fiscal_years_turn_on_the_first_of_april(day: date, year: int) -> None:
    assert FiscalYear.of(day) == FiscalYear(year)
    assert FiscalYear(year).contains(day)


def test_a_fiscal_year_knows_its_ends_and_neighbours() -> None:
    assert (FY2026.starts_on, FY2026.ends_on) == (date(2026, 4, 1), date(2027, 3, 31))
    assert (FY2026.previous, FY2026.next) == (FY2025, FY2027)
    assert sorted([FY2027, FY2025, FY2026]) == [FY2025, FY2026, FY2027]
    assert not FY2026.contains(date(2026, 3, 31))
    assert not FY2026.contains(date(2027, 4, 1))
    assert str(FY2026) == "2026"


@pytest.mark.parametrize("year", [0, -1, 9999])
def test_fiscal_years_beyond_the_calendar_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match="no fiscal year"):
        FiscalYear(year)


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_every_day_is_in_one_fiscal_year(day: date) -> None:
    year = FiscalYear.of(day)
    assert year.contains(day)
    assert not year.next.contains(day)
    assert not year.previous.contains(day)
    assert year.ends_on + timedelta(days=1) == year.next.starts_on


def paid(year: FiscalYear, on: date, *, cancelled_on: date | None = None) -> Term:
    return Term(year, "A", year.starts_on, year.ends_on, activated_on=on, cancelled_on=cancelled_on)


UNPAID = Term.for_year(FY2026, "B")
PAID = paid(FY2026, date(2026, 4, 20))
AHEAD = paid(FY2026, date(2026, 3, 10))
LEFT = paid(FY2026, date(2026, 4, 20), cancelled_on=date(2026, 10, 1))


@pytest.mark.parametrize(
    ("term", "on", "state"),
    [
        (UNPAID, date(2026, 3, 1), TermState.AWAITING_PAYMENT),
        (UNPAID, date(2027, 3, 31), TermState.AWAITING_PAYMENT),
        (UNPAID, date(2027, 4, 1), TermState.UNPAID_ENDED),
        (PAID, date(2026, 4, 19), TermState.AWAITING_PAYMENT),
        (PAID, date(2026, 4, 20), TermState.ACTIVE),
        (PAID, date(2027, 3, 31), TermState.ACTIVE),
        (PAID, date(2027, 4, 1), TermState.ENDED),
        (AHEAD, date(2026, 3, 9), TermState.AWAITING_PAYMENT),
        (AHEAD, date(2026, 3, 10), TermState.UPCOMING),
        (AHEAD, date(2026, 3, 31), TermState.UPCOMING),
        (AHEAD, date(2026, 4, 1), TermState.ACTIVE),
        (LEFT, date(2026, 9, 30), TermState.ACTIVE),
        (LEFT, date(2026, 10, 1), TermState.CANCELLED),
        (LEFT, date(2028, 1, 1), TermState.CANCELLED),
    ],
)
def test_a_term_has_a_state_on_every_day(term: Term, on: date, state: TermState) -> None:
    assert term.state_on(on) is state


def test_a_term_for_a_year_ends_on_31_march() -> None:
    late = Term.for_year(FY2026, "C", starts_on=date(2026, 9, 1))
    assert (late.starts_on, late.ends_on) == (date(2026, 9, 1), date(2027, 3, 31))
    with pytest.raises(ValueError, match="2027-04-01 is not in fiscal year 2026"):
        Term.for_year(FY2026, "C", starts_on=date(2027, 4, 1))
    with pytest.raises(ValueError, match="ends on or after"):
        Term(FY2026, "C", date(2026, 5, 1), date(2026, 4, 30))


MAY = date(2026, 5, 1)
OLD = paid(FY2025, date(2025, 4, 5))
OLDER = paid(FiscalYear(2024), date(2024, 4, 5))
OLD_UNPAID = Term.for_year(FY2025, "A")
NEXT_UNPAID = Term.for_year(FY2027, "A")
DROPPED = Term(FY2026, "A", FY2026.starts_on, FY2026.ends_on, cancelled_on=date(2026, 4, 2))
NEVER_BEGUN = paid(FY2026, date(2026, 3, 1), cancelled_on=date(2026, 4, 1))
PAID_AFTER_THE_END = paid(FY2025, date(2026, 4, 15))


@pytest.mark.parametrize(
    ("terms", "on", "state", "reason", "decider"),
    [
        ((), MAY, StandingState.NONE, StandingReason.NO_TERM, None),
        ((PAID,), MAY, StandingState.ACTIVE, StandingReason.PAID_TERM_RUNS, PAID),
        ((UNPAID,), MAY, StandingState.AWAITING_PAYMENT, StandingReason.TERM_NOT_PAID, UNPAID),
        ((OLD, UNPAID), MAY, StandingState.AWAITING_PAYMENT, StandingReason.TERM_NOT_PAID, UNPAID),
        ((NEXT_UNPAID, PAID), MAY, StandingState.ACTIVE, StandingReason.PAID_TERM_RUNS, PAID),
        ((OLD, AHEAD), date(2026, 3, 20), StandingState.ACTIVE, StandingReason.PAID_TERM_RUNS, OLD),
        ((OLD, AHEAD), date(2026, 4, 1), StandingState.ACTIVE, StandingReason.PAID_TERM_RUNS, AHEAD),
        ((AHEAD,), date(2026, 3, 20), StandingState.UPCOMING, StandingReason.PAID_TERM_NOT_BEGUN, AHEAD),
        ((OLDER, OLD), MAY, StandingState.ENDED, StandingReason.TERM_OVER, OLD),
        ((OLDER, OLD_UNPAID), MAY, StandingState.ENDED, StandingReason.TERM_OVER, OLDER),
        ((OLD, DROPPED), MAY, StandingState.ENDED, StandingReason.TERM_OVER, OLD),
        ((LEFT,), date(2026, 11, 1), StandingState.ENDED, StandingReason.TERM_CANCELLED, LEFT),
        ((OLD_UNPAID,), MAY, StandingState.NONE, StandingReason.NEVER_PAID, OLD_UNPAID),
        ((DROPPED,), MAY, StandingState.NONE, StandingReason.NEVER_PAID, DROPPED),
        ((NEVER_BEGUN,), MAY, StandingState.NONE, StandingReason.NEVER_PAID, NEVER_BEGUN),
        ((PAID_AFTER_THE_END,), MAY, StandingState.ENDED, StandingReason.TERM_OVER, PAID_AFTER_THE_END),
    ],
)
def test_membership_derives_from_terms(
    terms: tuple[Term, ...], on: date, state: StandingState, reason: StandingReason, decider: Term | None
) -> None:
    standing = membership_standing(terms, on)
    assert (standing.state, standing.reason, standing.term, standing.on) == (state, reason, decider, on)
    assert standing.is_member is (state is StandingState.ACTIVE)
    assert membership_standing(reversed(terms), on) == standing


@st.composite
def terms_of_one_company(draw: st.DrawFn) -> list[Term]:
    days = st.dates(date(2024, 1, 1), date(2029, 1, 1))
    years = draw(st.lists(st.integers(2024, 2027), max_size=4, unique=True))
    return [
        Term(
            FiscalYear(year),
            "A",
            FiscalYear(year).starts_on,
            FiscalYear(year).ends_on,
            draw(st.none() | days),
            draw(st.none() | days),
        )
        for year in years
    ]


@given(terms_of_one_company(), st.dates(date(2024, 1, 1), date(2029, 1, 1)))
def test_a_member_is_who_has_a_paid_term_running(terms: list[Term], on: date) -> None:
    running = [
        term
        for term in terms
        if term.starts_on <= on <= term.ends_on
        and term.activated_on is not None
        and term.activated_on <= on
        and (term.cancelled_on is None or on < term.cancelled_on)
    ]
    standing = membership_standing(terms, on)
    assert standing.is_member is bool(running)
    assert (standing.term is None) is (not terms)
