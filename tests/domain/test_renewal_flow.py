from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import renewal_flow
from portal.domain.renewal_flow import (
    Act,
    ActVerdict,
    Party,
    Season,
    Standing,
    allowed_acts,
    check_act,
    last_day_to_answer,
    next_step,
    pay_by,
)
from portal.domain.renewal_flow import RenewalReason as R
from portal.domain.renewal_flow import RenewalState as S
from portal.domain.terms import FiscalYear

SEASON = Season(FiscalYear(2027), date(2026, 12, 31), date(2027, 3, 31), grace_days=30, suspension_days=30)
DEADLINE = SEASON.deadline_on
LONGEST_WAY = 4 * 366 + 400


@pytest.mark.parametrize(
    ("state", "agreed", "member", "office", "clock"),
    [
        (S.DUE, False, {Act.DECLINE}, {Act.OFFER, Act.JOIN, Act.DECLINE}, {Act.OFFER}),
        (S.OFFERED, False, {Act.RENEW, Act.DECLINE}, {Act.JOIN, Act.DECLINE, Act.EXTEND}, {Act.MISS}),
        (S.RENEWED, True, {Act.INVOICE}, {Act.INVOICE}, {Act.INVOICE}),
        (S.INVOICED, True, set(), {Act.EXTEND}, {Act.MISS}),
        (S.GRACE, False, {Act.RENEW, Act.DECLINE}, {Act.JOIN, Act.DECLINE, Act.EXTEND}, {Act.SUSPEND}),
        (S.GRACE, True, set(), {Act.EXTEND}, {Act.SUSPEND}),
        (S.SUSPENDED, False, {Act.DECLINE}, {Act.JOIN, Act.DECLINE, Act.REINSTATE}, {Act.LAPSE}),
        (S.SUSPENDED, True, set(), {Act.REINSTATE}, {Act.LAPSE}),
        (S.PAID, True, set(), set(), set()),
        (S.LAPSED, False, set(), {Act.JOIN, Act.REINSTATE}, {Act.ENROL}),
        (S.DECLINED, False, set(), {Act.JOIN, Act.REINSTATE}, set()),
    ],
)
def test_who_may_do_what_where(
    state: S, agreed: bool, member: set[Act], office: set[Act], clock: set[Act]
) -> None:
    assert set(allowed_acts(state, Party.MEMBER, agreed=agreed)) == member
    assert set(allowed_acts(state, Party.OFFICE, agreed=agreed)) == office
    assert set(allowed_acts(state, Party.CLOCK, agreed=agreed)) == clock


@pytest.mark.parametrize(
    ("state", "act", "party", "agreed", "reason"),
    [
        (S.OFFERED, Act.RENEW, Party.MEMBER, False, R.ALLOWED),
        (S.OFFERED, Act.RENEW, Party.OFFICE, False, R.NOT_YOURS),
        (S.GRACE, Act.RENEW, Party.MEMBER, True, R.ALREADY_AGREED),
        (S.GRACE, Act.PAY, Party.BOOKS, False, R.NOT_AGREED),
        (S.SUSPENDED, Act.RENEW, Party.MEMBER, False, R.NO_SUCH_STEP),
        (S.PAID, Act.RENEW, Party.MEMBER, True, R.CLOSED),
        (S.LAPSED, Act.PAY, Party.BOOKS, False, R.CLOSED),
    ],
)
def test_verdicts_come_with_their_reason(state: S, act: Act, party: Party, agreed: bool, reason: R) -> None:
    verdict = check_act(state, act, party, agreed=agreed)
    assert (verdict.is_allowed, verdict.reason) == (reason is R.ALLOWED, reason)


def test_what_was_suspended_comes_back_where_it_was() -> None:
    unanswered = check_act(S.SUSPENDED, Act.REINSTATE, Party.OFFICE, agreed=False)
    unpaid = check_act(S.SUSPENDED, Act.REINSTATE, Party.OFFICE, agreed=True)
    assert unanswered == ActVerdict(True, S.OFFERED, R.ALLOWED)
    assert unpaid == ActVerdict(True, S.INVOICED, R.ALLOWED)


def test_a_member_that_says_nothing() -> None:
    offered = Standing(S.OFFERED, DEADLINE)
    assert next_step(Standing(S.DUE, DEADLINE), SEASON).on == date(2026, 12, 31)  # type: ignore[union-attr]
    missed = next_step(offered, SEASON)
    assert missed is not None
    assert (missed.on, missed.new, missed.reason) == (date(2027, 4, 1), S.GRACE, R.ANSWER_AWAITED)
    held = next_step(Standing(S.GRACE, DEADLINE), SEASON)
    assert held is not None
    assert (held.on, held.new, held.reason) == (date(2027, 5, 1), S.SUSPENDED, R.ANSWER_MISSING)
    over = next_step(Standing(S.SUSPENDED, DEADLINE), SEASON)
    assert over is not None
    assert (over.on, over.new) == (date(2027, 5, 31), S.LAPSED)
    assert next_step(Standing(S.LAPSED, DEADLINE), SEASON) is None


def test_a_member_that_does_not_pay() -> None:
    due = pay_by(DEADLINE, date(2027, 4, 30))
    invoiced = Standing(S.INVOICED, DEADLINE, agreed=True, pay_by=due)
    missed = next_step(invoiced, SEASON)
    assert missed is not None
    assert (missed.on, missed.new, missed.reason) == (date(2027, 5, 1), S.GRACE, R.PAYMENT_AWAITED)
    held = next_step(Standing(S.GRACE, DEADLINE, agreed=True, pay_by=due), SEASON)
    assert held is not None
    assert (held.on, held.reason) == (date(2027, 5, 31), R.PAYMENT_MISSING)


def test_who_renews_early_need_not_pay_before_the_deadline() -> None:
    assert pay_by(DEADLINE, date(2027, 2, 26)) == DEADLINE


def test_nobody_lapses_before_the_year_begins() -> None:
    early = Season(FiscalYear(2027), date(2026, 9, 1), date(2026, 10, 31), grace_days=10, suspension_days=5)
    over = next_step(Standing(S.SUSPENDED, early.deadline_on), early)
    assert over is not None
    assert over.on == date(2027, 4, 1)


def test_after_an_outage_each_stage_comes_on_a_day_of_its_own() -> None:
    today = date(2027, 7, 1)
    held = next_step(Standing(S.GRACE, DEADLINE, since=today), SEASON)
    assert held is not None
    assert held.on == date(2027, 7, 2)


def test_what_a_company_said_of_itself_holds_half_a_year() -> None:
    assert not renewal_flow.are_stale(date(2026, 10, 1), date(2027, 3, 30))
    assert renewal_flow.are_stale(date(2026, 10, 1), date(2027, 3, 31))
    assert renewal_flow.are_stale(None, DEADLINE)


def test_an_answer_is_in_time_on_the_last_day() -> None:
    assert last_day_to_answer(Standing(S.OFFERED, DEADLINE), SEASON) == DEADLINE
    assert last_day_to_answer(Standing(S.GRACE, DEADLINE), SEASON) == date(2027, 4, 30)


@pytest.mark.parametrize(
    ("offer", "grace", "rest"), [(DEADLINE, 30, 30), (date(2027, 1, 1), -1, 30), (date(2027, 1, 1), 30, 366)]
)
def test_seasons_that_make_no_sense(offer: date, grace: int, rest: int) -> None:
    with pytest.raises(ValueError, match="offers|grace|suspension"):
        Season(FiscalYear(2027), offer, DEADLINE, grace, rest)


# no state waits for ever


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    offers = draw(st.dates(date(2026, 4, 1), date(2027, 6, 1)))
    deadline = offers + timedelta(days=draw(st.integers(1, 300)))
    return Season(FiscalYear(2027), offers, deadline, draw(st.integers(0, 180)), draw(st.integers(0, 365)))


def standings(season: Season) -> st.SearchStrategy[Standing]:
    def make(state: S, agreed: bool, days: int) -> Standing:
        agreed = {S.RENEWED: True, S.INVOICED: True, S.PAID: True, S.OFFERED: False, S.DUE: False}.get(
            state, agreed
        )
        by = season.deadline_on + timedelta(days=days)
        return Standing(state, season.deadline_on, agreed, by if agreed else None)

    return st.builds(make, st.sampled_from(S), st.booleans(), st.integers(0, 60))


def is_never_stuck(standing: Standing, season: Season) -> None:
    """The calendar alone brings it to an end, by steps that the flow allows, each on a day that is known beforehand."""
    day, seen = season.offers_on, []
    while not standing.state.is_final:
        step = next_step(standing, season)
        assert step is not None, f"{standing.state} waits for ever"
        verdict = check_act(standing.state, step.act, Party.CLOCK, agreed=standing.agreed)
        assert verdict == ActVerdict(True, step.new, R.ALLOWED)
        assert step.on <= season.offers_on + timedelta(days=LONGEST_WAY)
        day = max(day, step.on)
        seen.append(standing.state)
        assert len(seen) == len(set(seen)), "round in a circle"
        agreed = standing.agreed or step.new in (S.RENEWED, S.INVOICED)
        standing = Standing(step.new, standing.deadline_on, agreed, standing.pay_by)
    assert next_step(standing, season) is None


@given(st.data())
def test_every_state_has_a_next_day_or_is_an_end(data: st.DataObject) -> None:
    season = data.draw(seasons())
    is_never_stuck(data.draw(standings(season)), season)


@given(st.data())
def test_whatever_people_do_it_still_ends(data: st.DataObject) -> None:
    """Members, office and books act as they please; whenever they stop, the calendar goes on to an end."""
    season = data.draw(seasons())
    standing = Standing(S.DUE, season.deadline_on)
    for _ in range(data.draw(st.integers(0, 15))):
        choices = [
            (act, verdict.new)
            for act in Act
            for party in Party
            if (verdict := check_act(standing.state, act, party, agreed=standing.agreed)).new is not None
        ]
        if not choices:
            break
        act, new = data.draw(st.sampled_from(choices))
        assert new is not None
        agreed = (standing.agreed or new in (S.RENEWED, S.INVOICED, S.PAID)) and new is not S.LAPSED
        by = season.deadline_on + timedelta(days=data.draw(st.integers(0, 60))) if agreed else None
        standing = Standing(new, standing.deadline_on, agreed, by)
        is_never_stuck(standing, season)


def test_a_pending_state_without_a_day_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: grace that nothing ends."""
    real = next_step
    monkeypatch.setitem(
        globals(), "next_step", lambda s, season: None if s.state is S.GRACE else real(s, season)
    )
    with pytest.raises(AssertionError, match="waits for ever"):
        is_never_stuck(Standing(S.OFFERED, DEADLINE), SEASON)


def test_every_act_is_somebodys() -> None:
    assert set(renewal_flow._BY) == set(Act)
    assert {act for _state, act in renewal_flow._MOVES} == set(Act)
