"""A member renews, pays, declines, says nothing, and comes back; what the calendar and the books do to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.audit.models import AuditEntry
from portal.billing.models import Invoice, WriteOff
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.returns.writeoffs import undo_write_off, write_off
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState as S
from portal.domain.terms import TermState
from portal.membership import queries
from portal.membership import services as membership
from portal.membership.models import ContractTerm, Renewal, RenewalAcceptance, RenewalCampaign, RenewalNotice
from portal.membership.renewing import AnswerWay, DeclineReason, NoticeState
from portal.membership.services import renewals
from portal.notifications.models import Message
from tests.support import membership as given
from tests.support import renewals as season
from tests.support.people import actor_of, staff

pytestmark = pytest.mark.database
AFTER = season.DEADLINE + timedelta(days=1)


@pytest.fixture(autouse=True)
def day_of_offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house()
        yield


def events() -> list[str]:
    rollback()
    return list(db.session.scalars(select(Message.event).order_by(Message.id)))


def verbs(renewal: Renewal) -> list[str]:
    rollback()
    mine = select(AuditEntry.verb).where(
        AuditEntry.subject_type == "renewals", AuditEntry.subject_id == renewal.id
    )
    return [verb.removeprefix("renewal.") for verb in db.session.scalars(mine.order_by(AuditEntry.id))]


# who is due


def test_paid_members_without_a_contract_for_the_next_year_are_due(app: Flask) -> None:
    first, second = season.member(), season.member("C")
    season.member(paid=False)
    campaign = season.begin(offers_on=season.OFFERS + timedelta(days=1))
    rollback()
    due = {season.renewal_of(first).id, season.renewal_of(second).id}
    assert set(db.session.scalars(select(Renewal.id))) == due
    assert season.renewal_of(first).next_on == campaign.offers_on
    season.look(season.OFFERS)
    assert season.renewal_of(first).state is S.DUE
    season.look(campaign.offers_on)
    assert season.renewal_of(first).state is S.OFFERED


def test_who_pays_late_is_asked_late_with_two_weeks_at_least(app: Flask) -> None:
    season.begin()
    with season.on(season.DEADLINE - timedelta(days=3)):
        admin = season.member()
        season.look(clock.today())
        assert season.renewal_of(admin).deadline_on == season.DEADLINE + timedelta(days=11)
    with season.on(AFTER):
        too_late = season.member()
        season.look(AFTER)
        rollback()
        assert db.session.scalar(
            select(func.count()).where(Renewal.organisation_id == season.body_of(too_late).id)
        ) == 0  # fmt: skip


def test_the_offer_names_the_same_tier_at_next_years_price(app: Flask) -> None:
    admin, renewal = season.offered()
    assert renewal.price is not None
    assert (renewal.price["total_yen"], renewal.price["fiscal_year"]) == (2_200_000, season.YEAR)
    message = db.session.scalars(select(Message).where(Message.event == "membership/renewal_offer")).one()
    assert message.address == admin.email
    assert message.is_secret
    assert "2,200,000" in message.text
    assert "/membership/renewals/open?token=" in message.text


def test_a_tier_that_is_not_open_any_more_is_not_offered(app: Flask) -> None:
    """A venture that is too old next year chooses anew."""
    admin, renewal = season.offered("B", employees=10, founded_on=date(2020, 1, 1))
    assert (renewal.tier_id, renewal.price) == (None, None)
    with pytest.raises(Refused) as refused:
        season.renew(admin)
    assert refused.value.field == "tier"
    term = season.renew(admin, tier_code="C")
    assert term.tier_code == "C"


# renew


def test_one_click_makes_the_contract_and_the_invoice_and_payment_makes_the_member(app: Flask) -> None:
    admin, renewal = season.offered()
    term = season.renew(admin, purchase_order="PO-1")
    assert (term.starts_on, term.ends_on) == (date(2027, 4, 1), date(2028, 3, 31))
    renewal = season.renewal_of(admin)
    invoice = season.invoice_of(term)
    assert (renewal.state, renewal.term_id, renewal.is_agreed) == (S.INVOICED, term.id, True)
    assert (renewal.answer_way, renewal.answered_by_id) == (AnswerWay.PORTAL, admin.id)
    assert renewal.pay_by == max(season.DEADLINE, invoice.due_on)
    assert (invoice.total_yen, invoice.fiscal_year, invoice.purchase_order) == (
        2_200_000,
        season.YEAR,
        "PO-1",
    )
    assert (invoice.buyer["person"], invoice.buyer["address"]) == ("経理 花子", "東京都千代田区見本1-2-3")
    assert db.session.scalar(select(func.count()).select_from(RenewalAcceptance)) == 3
    season.pay(term)
    rollback()
    assert season.renewal_of(admin).state is S.PAID
    assert season.renewal_of(admin).next_on is None
    assert db.session.get_one(ContractTerm, term.id).state is TermState.UPCOMING
    assert queries.standing_of(term.organisation_id, date(2027, 4, 1)).is_member
    assert events().count("membership/renewal_confirmed") == events().count("billing/invoice_issued") == 1
    assert verbs(renewal) == ["offered", "renewed", "invoiced", "paid"]


def test_the_price_of_the_offer_is_a_promise(app: Flask) -> None:
    admin, _renewal = season.offered()
    with transaction():
        tier = queries.tier_for("A", season.YEAR)
        membership.save_tier(tier=tier, by=None, annual_fee_yen=9_000_000)
    assert season.invoice_of(season.renew(admin)).total_yen == 2_200_000


def test_another_tier_is_judged_by_todays_data(app: Flask) -> None:
    admin, _renewal = season.offered("A", employees=10, founded_on=date(2024, 1, 1))
    with pytest.raises(Refused) as stale:
        season.renew(admin, tier_code="B")
    assert stale.value.field == "employees"
    with pytest.raises(Refused) as too_large:
        season.renew(admin, tier_code="B", facts=renewals.Facts(employees=50))
    assert too_large.value.field == "tier"
    term = season.renew(admin, tier_code="B", facts=renewals.Facts(employees=49))
    assert (term.tier_code, term.price["total_yen"]) == ("B", 1_100_000)
    renewal = season.renewal_of(admin)
    assert renewal.evidence is not None
    assert renewal.evidence["applicant"]["employees"] == 49
    assert season.body_of(admin).employees == 49
    assert renewal.facts_told_on == clock.today()


def test_rules_have_to_be_accepted_in_their_present_wording(app: Flask) -> None:
    admin, renewal = season.offered()
    with pytest.raises(Refused) as refused:
        season.do(renewals.renew, admin, accepted=[], by=actor_of(admin))
    assert refused.value.field == "membership_rules"
    assert season.renewal_of(admin).state is S.OFFERED


def test_priority_lasts_until_the_deadline_and_while_places_last(app: Flask) -> None:
    with transaction():
        window = queries.window_of(season.YEAR)
        assert window is not None
        window.places = 2
    first, second, third = season.member(), season.member(), season.member()
    season.begin()
    season.look(season.OFFERS)
    places = queries.places_in(window)
    assert (places.held, places.left, places.is_full) == (3, 0, True)
    rollback()
    season.renew(first)
    season.renew(second)
    with pytest.raises(Refused) as refused:
        season.renew(third)
    assert refused.value.field == "tier"
    assert season.renewal_of(third).state is S.OFFERED


def test_after_the_deadline_places_that_are_held_for_others_are_not_given_away(app: Flask) -> None:
    with transaction():
        window = queries.window_of(season.YEAR)
        assert window is not None
        window.places = 1
    late, in_time = season.member(), season.member()
    season.begin()
    season.look(season.OFFERS)
    clerk = season.clerks_actor()
    season.do(
        renewals.extend,
        in_time,
        until=AFTER + timedelta(days=9),
        reason="理事会の日程",
        by=clerk,
    )
    season.look(AFTER)
    with season.on(AFTER), pytest.raises(Refused):
        season.renew(late)
    with season.on(AFTER):
        season.renew(in_time)


# decline


def test_a_member_declines_and_hears_no_more(app: Flask) -> None:
    admin, renewal = season.offered()
    staff()
    season.do(
        renewals.decline,
        admin,
        reason=DeclineReason.BUDGET,
        note="予算",
        by=actor_of(admin),
    )
    rollback()
    renewal = season.renewal_of(admin)
    assert (renewal.state, renewal.decline_reason, renewal.next_on) == (
        S.DECLINED,
        DeclineReason.BUDGET,
        None,
    )
    before = events()
    assert before[-2:] == ["membership/renewal_declined", "membership/renewal_declined_office"]
    season.look(season.DEADLINE)
    assert events() == before
    with pytest.raises(OutOfDate):
        season.renew(admin)


# nobody answers, nobody pays


def test_without_an_answer_grace_suspension_and_the_end(app: Flask) -> None:
    admin, renewal = season.offered()
    for day, state in (
        (season.DEADLINE, S.OFFERED), (AFTER, S.GRACE), (date(2027, 4, 30), S.GRACE), (date(2027, 5, 1), S.SUSPENDED),
        (date(2027, 5, 30), S.SUSPENDED), (date(2027, 5, 31), S.LAPSED), (date(2027, 9, 1), S.LAPSED),
    ):  # fmt: skip
        season.look(day)
        assert season.renewal_of(admin).state is state, day
    assert db.session.scalar(select(func.count()).select_from(Invoice)) == 0
    assert [v for v in verbs(renewal) if v != "reminded"] == ["offered", "missed", "suspended", "lapsed"]


def test_without_the_money_the_contract_lapses_and_the_office_sees_the_invoice(app: Flask) -> None:
    from portal.membership.queries.renewals import owed_by_lapsed

    admin, renewal = season.offered()
    staff()
    with season.on(date(2027, 3, 20)):
        term = season.renew(admin)
    due = season.renewal_of(admin).pay_by
    assert due is not None
    season.look(due)
    assert season.renewal_of(admin).state is S.INVOICED
    season.look(due + timedelta(days=1))
    assert season.renewal_of(admin).state is S.GRACE
    season.look(due + timedelta(days=31))
    assert season.renewal_of(admin).state is S.SUSPENDED
    season.look(due + timedelta(days=61))
    renewal = season.renewal_of(admin)
    assert (renewal.state, renewal.is_agreed) == (S.LAPSED, False)
    assert db.session.get_one(ContractTerm, term.id).cancelled_on == due + timedelta(days=61)
    assert [row[2] for row in owed_by_lapsed()] == [season.invoice_of(term).number]
    assert "membership/renewal_lapsed_office" in events()


def test_money_in_grace_or_suspension_makes_it_good(app: Flask) -> None:
    admin, _renewal = season.offered()
    term = season.renew(admin)
    season.look(season.renewal_of(admin).pay_by + timedelta(days=1))  # type: ignore[operator]
    with season.on(date(2027, 4, 20)):
        season.pay(term)
    rollback()
    assert season.renewal_of(admin).state is S.PAID
    assert queries.standing_of(term.organisation_id, date(2027, 4, 20)).is_member


def lapsed_unpaid() -> tuple[Person, ContractTerm]:
    admin, _renewal = season.offered()
    term = season.renew(admin)
    day = season.renewal_of(admin).next_on
    while day is not None:
        season.look(day)
        day = season.renewal_of(admin).next_on
    assert season.renewal_of(admin).state is S.LAPSED
    return admin, term


def test_reinstated_with_its_open_invoice_it_awaits_the_money_again(app: Flask) -> None:
    admin, term = lapsed_unpaid()
    clerk = season.clerks_actor()
    with season.on(date(2027, 7, 1)):
        until = date(2027, 7, 31)
        season.do(renewals.reinstate, admin, until=until, reason="入金予定の連絡", by=clerk)
        rollback()
        renewal = season.renewal_of(admin)
        assert (renewal.state, renewal.pay_by, renewal.next_on) == (
            S.INVOICED,
            until,
            until + timedelta(days=1),
        )
        assert db.session.get_one(ContractTerm, term.id).cancelled_on is None
        season.pay(term)
    assert season.renewal_of(admin).state is S.PAID
    assert db.session.scalar(select(func.count()).select_from(Invoice)) == 1


def test_money_that_comes_too_late_is_told_to_the_office_which_takes_it_up_again(app: Flask) -> None:
    admin, term = lapsed_unpaid()
    with season.on(date(2027, 7, 1)):
        season.pay(term)
        assert season.renewal_of(admin).state is S.LAPSED
        assert "membership/renewal_paid_late_office" in events()
        season.do(
            renewals.reinstate,
            admin,
            until=date(2027, 7, 2),
            reason="入金を確認",
            by=season.clerks_actor(),
        )
    rollback()
    assert season.renewal_of(admin).state is S.PAID
    assert queries.standing_of(term.organisation_id, date(2027, 7, 2)).is_member


def test_reinstated_without_a_contract_it_gets_a_new_offer(app: Flask) -> None:
    admin, renewal = season.offered()
    season.do(
        renewals.decline,
        admin,
        reason=DeclineReason.OTHER,
        by=season.clerks_actor(),
        way=AnswerWay.TELEPHONE,
    )
    until = season.DEADLINE
    season.do(renewals.reinstate, admin, until=until, reason="電話で訂正", by=season.clerks_actor())
    again = season.renewal_of(admin)
    assert again.state is S.OFFERED
    assert (again.answer_way, again.answered_by_id, again.decline_reason, again.decline_note) == (
        None,
        None,
        None,
        "",
    )
    season.renew(admin)
    assert season.renewal_of(admin).state is S.INVOICED


def test_an_application_that_is_approved_answers_the_renewal(app: Flask) -> None:
    admin, renewal = season.offered()
    body = season.body_of(admin)
    by = actor_of(admin)
    with transaction():
        application = membership.start_application(
            fiscal_year=season.YEAR, once="instead", by=by, organisation_id=body.id
        )
    given.submit(application, admin)
    term = given.approve(given.checked(application, staff()))
    rollback()
    renewal = season.renewal_of(admin)
    assert (renewal.state, renewal.term_id, renewal.answer_way) == (
        S.INVOICED,
        term.id,
        AnswerWay.APPLICATION,
    )
    with pytest.raises(OutOfDate):
        season.renew(admin)


# the ladder


def sent() -> list[int]:
    rollback()
    done = select(RenewalNotice.offset_days).where(RenewalNotice.state == NoticeState.SENT)
    return list(db.session.scalars(done.order_by(RenewalNotice.due_on)))


def reminders() -> int:
    return events().count("membership/renewal_reminder")


def test_each_step_goes_out_on_its_day_and_once(app: Flask) -> None:
    season.offered()
    assert (sent(), reminders()) == ([], 0)  # the offer itself stands for the first step
    for days, expected in ((-60, [-60]), (-59, [-60]), (-30, [-60, -30]), (0, [-60, -30, 0])):
        for _again in range(2):
            season.look(season.DEADLINE + timedelta(days=days))
            assert (sent(), reminders()) == (expected, len(expected))
    season.look(AFTER)
    season.look(season.DEADLINE + timedelta(days=14))
    season.look(season.DEADLINE + timedelta(days=30))
    assert sent() == [-60, -30, 0, 14, 30]


def test_after_missed_days_only_the_latest_step_is_sent(app: Flask) -> None:
    season.offered()
    season.look(season.DEADLINE - timedelta(days=10))
    assert (sent(), reminders()) == ([-30], 1)
    rollback()
    over = db.session.scalars(
        select(RenewalNotice.offset_days).where(RenewalNotice.state == NoticeState.PASSED_OVER)
    )
    assert sorted(over) == [-90, -60]


def test_an_answer_stops_the_ladder(app: Flask) -> None:
    admin, _renewal = season.offered()
    season.renew(admin)
    season.look(season.DEADLINE)
    assert (sent(), reminders()) == ([], 0)


def test_more_time_plans_the_ladder_anew(app: Flask) -> None:
    admin, renewal = season.offered()
    until = season.DEADLINE + timedelta(days=20)
    season.do(renewals.extend, admin, until=until, reason="決裁待ち", by=season.clerks_actor())
    season.look(season.DEADLINE - timedelta(days=30))  # thirty days before the old day
    assert sent() == [-60]
    season.look(AFTER)
    assert season.renewal_of(admin).state is S.OFFERED
    season.look(until)
    assert sent()[-1] == 0
    season.look(until + timedelta(days=1))
    assert season.renewal_of(admin).state is S.GRACE


def test_days_of_the_campaign_move_those_who_have_no_days_of_their_own(app: Flask) -> None:
    first, second = season.member(), season.member()
    campaign = season.begin()
    season.look(season.OFFERS)
    clerk = season.clerks_actor()
    season.do(renewals.extend, second, until=date(2027, 6, 1), reason="決裁待ち", by=clerk)
    with transaction():
        moved = renewals.change_campaign(
            campaign=db.session.get_one(type(campaign), campaign.id), offers_on=season.OFFERS,
            deadline_on=date(2027, 4, 15), grace_days=10, suspension_days=10, ladder=[-7, 0], by=clerk,
        )  # fmt: skip
    assert moved == 1
    assert season.renewal_of(first).deadline_on == date(2027, 4, 15)
    assert season.renewal_of(second).deadline_on == date(2027, 6, 1)
    season.look(season.OFFERS)  # the worker plans anew
    season.look(date(2027, 4, 8))
    assert sent() == [-7]


def test_the_calendar_goes_by_new_days_before_the_steps_are_planned_anew(app: Flask) -> None:
    admin, _ = season.offered()
    campaign = db.session.scalars(select(RenewalCampaign)).one()
    clerk = season.clerks_actor()
    with transaction():
        renewals.change_campaign(
            campaign=db.session.get_one(RenewalCampaign, campaign.id), offers_on=season.OFFERS,
            deadline_on=season.DEADLINE + timedelta(days=14), grace_days=10, suspension_days=10, ladder=[0],
            by=clerk,
        )  # fmt: skip
    number = season.renewal_of(admin).id
    with season.on(AFTER), transaction():  # nothing has followed the campaign yet
        renewals.advance_renewal(number)
    assert season.renewal_of(admin).state is S.OFFERED
    season.look(AFTER)
    assert season.renewal_of(admin).next_on == season.DEADLINE + timedelta(days=15)


@pytest.mark.parametrize(("hour", "jobs"), [(0, 0), (8, 0), (9, 1), (23, 1)])
def test_nobody_is_reminded_in_the_night(app: Flask, hour: int, jobs: int) -> None:
    season.member()
    season.begin()
    with season.on(season.OFFERS, hour):
        assert renewals.look_in_the_morning() == jobs


def test_nobody_to_ask_is_no_reason_to_stop(app: Flask) -> None:
    admin = season.member()
    with transaction():
        db.session.merge(admin).is_disabled = True
    season.begin()
    season.look(season.OFFERS)
    rollback()
    assert db.session.scalars(select(Renewal.state)).one() is S.OFFERED


def test_a_write_off_neither_ends_nor_begins_a_renewal() -> None:
    """The books alone know of it; undone, the fee makes the member as ever. Mutant: the write-off is followed as a credit note."""
    admin, _renewal = season.offered()
    term = season.renew(admin)
    before = season.renewal_of(admin).state
    clerk, invoice = season.clerks_actor(), season.invoice_of(term)
    rollback()
    with transaction():
        written = write_off(
            invoice=any_invoice(invoice.id),
            owed_yen=invoice.total_yen,
            reason="回収不能",
            by=clerk,
            source="w",
        ).id
    assert season.renewal_of(admin).state is before
    rollback()
    assert db.session.get_one(ContractTerm, term.id, populate_existing=True).cancelled_on is None
    rollback()
    with transaction():
        undo_write_off(
            row=db.session.get_one(WriteOff, written),
            invoice=any_invoice(invoice.id),
            reason="入金の見込み",
            by=clerk,
        )
    season.pay(term)
    assert season.renewal_of(admin).state is S.PAID
