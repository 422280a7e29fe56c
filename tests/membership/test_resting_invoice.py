"""The invoice on which a renewed contract rests, when its tier was changed before the year began: every verb asks that one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Person
from portal.billing.models import Invoice, Receivable
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.billing.services.returns.writeoffs import write_off
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState as S
from portal.membership import queries
from portal.membership.models import ContractTerm, RenewalCampaign
from portal.membership.queries.renewal_money import money_of
from portal.membership.queries.renewals import owed_by_lapsed, receivable_of
from portal.membership.services import renewals
from portal.membership.services.tier_changes.planning import plan_upgrade
from portal.membership.services.tier_changes.upgrades import change_tier
from tests.support import changes as given
from tests.support import renewals as season
from tests.support import seats
from tests.support.billing import buyer, fee
from tests.support.people import actor_of

pytestmark = pytest.mark.database
MARCH = date(2027, 3, 20)


@pytest.fixture(autouse=True)
def day_of_offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house()
        yield


def up(admin: Person, term: ContractTerm) -> Receivable:
    """The renewed contract moves to tier A; what is owed on the invoice of that change."""
    number, who = term.id, actor_of(admin)
    found = db.session.get_one(ContractTerm, number)
    tier = queries.tier_for("A", found.fiscal_year)
    assert tier is not None
    seen = plan_upgrade(found, tier).fingerprint
    rollback()
    with transaction():
        change_tier(term_id=number, code="A", seen=seen, once=f"{number:032}", by=who)
    return resting(term)


def resting(term: ContractTerm) -> Receivable:
    rollback()
    found = receivable_of(term.id)
    assert found is not None
    return found[1]


def run_to(admin: Person, state: S) -> date:
    """The calendar goes on until the renewal stands there; the day."""
    at = season.renewal_of(admin).next_on
    while at is not None:
        season.look(at)
        renewal = season.renewal_of(admin)
        if renewal.state is state:
            return at
        at = renewal.next_on
    raise AssertionError(f"never {state}")


def issue_anew(term: ContractTerm) -> None:
    clerk, old = season.clerks_actor(), resting(term).invoice_id
    rollback()
    wanted = Replacement(
        buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(400_000)]
    )
    with transaction():
        replace_invoice(invoice=any_invoice(old), wanted=wanted, reason="x", by=clerk, source_key="r")


def test_more_time_after_a_change_of_tier(app: Flask) -> None:
    admin, _renewal = season.offered("C")
    term = season.renew(admin)
    until = date(2027, 8, 1)
    with season.on(MARCH):
        live = up(admin, term)
        assert live.invoice_id != season.invoice_of(term).id
        assert season.renewal_of(admin).pay_by == live.due_on
        dead = db.session.get_one(Receivable, season.invoice_of(term).id).due_on
        season.do(renewals.extend, admin, until=until, reason="x", by=season.clerks_actor())
        assert resting(term).due_on == season.renewal_of(admin).pay_by == until
        assert db.session.get_one(Receivable, season.invoice_of(term).id).due_on == dead


@pytest.mark.parametrize("state", [S.SUSPENDED, S.LAPSED])
def test_taken_up_again_after_a_change_of_tier(app: Flask, state: S) -> None:
    """The contract and its one open invoice stand again; nobody is asked twice for a year."""
    admin, _renewal = season.offered("C")
    term = season.renew(admin)
    with season.on(MARCH):
        live = up(admin, term).invoice_id
    day = run_to(admin, state)
    until = day + timedelta(days=31)
    with season.on(day + timedelta(days=1)):
        assert [row[1] for row in owed_by_lapsed()] == ([live] if state is S.LAPSED else [])
        rollback()
        season.do(renewals.reinstate, admin, until=until, reason="x", by=season.clerks_actor())
        renewal = season.renewal_of(admin)
        assert (renewal.state, renewal.is_agreed, renewal.term_id) == (S.INVOICED, True, term.id)
        assert (resting(term).invoice_id, resting(term).due_on, renewal.pay_by) == (live, until, until)
        open_ones = select(Receivable.invoice_id).where(Receivable.outstanding_yen > 0)
        assert list(db.session.scalars(open_ones)) == [live]
        assert db.session.get_one(ContractTerm, term.id).cancelled_on is None


def test_seats_alone_make_no_member(app: Flask) -> None:
    """The fee of the first invoice was given back whole, its seats stand: the contract rests on the invoice with the fee."""
    with season.on(given.DECEMBER):
        admin = given.member("C")
        seats.agree(admin, seats.propose(admin))
    season.begin()
    season.look(season.OFFERS)
    term = season.renew(admin)
    with season.on(MARCH):
        live = up(admin, term)
        first, clerk = season.invoice_of(term).id, season.clerks_actor()
        assert live.invoice_id != first
        rollback()
        with transaction():
            left = any_invoice(first).receivable.outstanding_yen
            assert left
            record_bank_payment(
                invoice=any_invoice(first), amount_yen=left, received_on=clock.today(), payer_name="", by=clerk, once="p"
            )  # fmt: skip
        rollback()
        assert db.session.get_one(ContractTerm, term.id).activated_on is None
        assert season.renewal_of(admin).state is S.INVOICED


@pytest.mark.parametrize("state", [S.GRACE, S.SUSPENDED])
def test_a_later_paper_moves_the_renewal(app: Flask, state: S) -> None:
    """Issued anew while the renewal runs out: it is in time again until the day that the new paper says."""
    admin, _renewal = season.offered("C")
    term = season.renew(admin)
    day = run_to(admin, state) + timedelta(days=3)
    with season.on(day):
        issue_anew(term)
        renewal, owed = season.renewal_of(admin), resting(term)
        assert owed.due_on > day
        assert (renewal.state, renewal.pay_by) == (S.INVOICED, owed.due_on)
        assert renewal.next_on == owed.due_on + timedelta(days=1)
    season.look(owed.due_on)
    assert season.renewal_of(admin).state is S.INVOICED


@pytest.mark.parametrize("how", ["anew", "up"])
def test_who_renewed_early_is_never_due_earlier(app: Flask, how: str) -> None:
    admin, _renewal = season.offered("C")
    term = season.renew(admin)
    promised = resting(term).due_on
    assert promised == season.DEADLINE
    with season.on(date(2027, 1, 8)):
        if how == "anew":
            issue_anew(term)
        else:
            up(admin, term)
        owed = resting(term)
        assert owed.due_on == db.session.get_one(Invoice, owed.invoice_id).due_on == promised
        assert season.renewal_of(admin).pay_by == promised


def test_the_calendar_asks_the_claim(app: Flask) -> None:
    """Where a claim had moved and the renewal had not, its day is the claim's before anything is missed."""
    admin, _renewal = season.offered("C")
    term = season.renew(admin)
    later = season.DEADLINE + timedelta(days=40)
    with transaction():
        db.session.get_one(Receivable, resting(term).invoice_id).due_on = later
    season.look(season.DEADLINE + timedelta(days=1))
    renewal = season.renewal_of(admin)
    assert (renewal.state, renewal.pay_by) == (S.INVOICED, later)


def test_what_is_written_off_was_agreed_all_the_same(app: Flask) -> None:
    """The funnel's sum is less what was given back; a write-off gives nothing back."""
    admin, _renewal = season.offered("C")
    owed = resting(season.renew(admin))
    clerk, number, total = season.clerks_actor(), owed.invoice_id, owed.total_yen
    rollback()
    with transaction():
        write_off(invoice=any_invoice(number), owed_yen=total, reason="x", by=clerk, source="w")
    rollback()
    assert money_of(db.session.scalars(select(RenewalCampaign.id)).one()) == (total, 0)


@pytest.mark.parametrize("answers", [True, False])
def test_a_later_deadline_of_the_campaign_is_for_all(app: Flask, answers: bool) -> None:
    """Who renewed early pays no earlier than others may answer; who is in grace without an answer may answer again."""
    admin, _renewal = season.offered("C")
    if answers:
        season.renew(admin)
    later = date(2027, 5, 31)
    season.look(date(2027, 4, 1))
    with season.on(date(2027, 4, 5)):
        assert season.renewal_of(admin).state is S.GRACE
        clerk = season.clerks_actor()
        rollback()
        with transaction():
            campaign = db.session.scalars(select(RenewalCampaign)).one()
            renewals.change_campaign(
                campaign=campaign, offers_on=campaign.offers_on, deadline_on=later, grace_days=campaign.grace_days,
                suspension_days=campaign.suspension_days, ladder=campaign.ladder, by=clerk,
            )  # fmt: skip
    season.look(date(2027, 4, 6))
    renewal = season.renewal_of(admin)
    assert renewal.state is (S.INVOICED if answers else S.OFFERED)
    assert (renewal.pay_by if answers else renewal.deadline_on) == later
    assert renewal.next_on == later + timedelta(days=1)
