"""Money that comes for a contract that has ended is never taken in silence, and more time is for who is suspended too.

Mutants that must fail here: news of a payment for the renewal's own contract alone; a later deadline that passes over the suspended, or
takes up again whose claim is written off.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Organisation, Person
from portal.billing.enums import FeeProduct
from portal.billing.models import Invoice, WriteOff
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.returns.writeoffs import undo_write_off, write_off
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.renewal_flow import RenewalState
from portal.membership import queries
from portal.membership.models import ContractTerm, RenewalCampaign
from portal.membership.queries.bills import owed_for_ended_contracts, paid_for_ended_contracts
from portal.membership.services import renewals
from portal.membership.services.invoices import invoice_to
from portal.membership.services.renewals.buyers import renewal_buyer
from portal.membership.services.submission import frozen_price
from portal.membership.services.terms import add_term
from portal.membership.signals import term_agreed
from portal.notifications.models import Message
from tests.membership.test_seats_on_lines import anew
from tests.support import changes as given
from tests.support import renewals as season
from tests.support import seats
from tests.support.billing import fee

pytestmark = pytest.mark.database


@pytest.fixture
def renewed(app: Flask) -> tuple[Person, Invoice]:
    """A member that has renewed and pays nothing."""
    with season.on(season.OFFERS):
        season.house()
        admin, _renewal = season.offered("C")
        return admin, season.invoice_of(season.renew(admin))


def until(admin: Person, state: RenewalState) -> date:
    """The day after the calendar has brought it there."""
    while (now := season.renewal_of(admin)).state is not state:
        assert now.next_on is not None
        day = now.next_on
        season.look(day)
    return day + timedelta(days=1)


def joined_again(admin: Person, day: date) -> ContractTerm:
    """An application for the same year was approved."""
    body = season.body_of(admin).id
    with transaction():
        organisation, tier = db.session.get_one(Organisation, body), queries.tier_for("C", season.YEAR)
        assert tier is not None
        term = add_term(
            organisation=organisation, tier=tier, price=frozen_price(tier, season.YEAR), fiscal_year=season.YEAR,
            first_day=day, by=None,
        )  # fmt: skip
        buyer, language = renewal_buyer(organisation, term)
        invoice_to(term=term, buyer=buyer, organisation=organisation, language=language, by=None)
        term_agreed.send(term, by=None)
    return term


def test_the_office_hears_of_money_for_the_contract_that_ended(renewed: tuple[Person, Invoice]) -> None:
    admin, old = renewed
    day = until(admin, RenewalState.LAPSED)
    with season.on(day):
        clerk = season.clerks_actor()
        with transaction():
            owed = any_invoice(old.id)
            write_off(invoice=owed, owed_yen=owed.total_yen, reason="x", by=clerk, source="off")
        joined_again(admin, day)
        with transaction():
            row = db.session.scalars(select(WriteOff)).one()
            undo_write_off(row=row, invoice=any_invoice(old.id), reason="x", by=clerk)
        given.pay(old.id, 550_000)
        told = select(Message.text).where(Message.event == "membership/renewal_paid_late_office")
        texts = list(db.session.scalars(told))
        assert texts
        assert all(old.number in text for text in texts)
        assert season.renewal_of(admin).state is RenewalState.INVOICED


def move_the_deadline(later: date) -> None:
    clerk = season.clerks_actor()
    with transaction():
        campaign = db.session.scalars(select(RenewalCampaign)).one()
        renewals.change_campaign(
            campaign=campaign, offers_on=campaign.offers_on, deadline_on=later, grace_days=campaign.grace_days,
            suspension_days=campaign.suspension_days, ladder=campaign.ladder, by=clerk,
        )  # fmt: skip


def test_a_later_deadline_is_for_who_is_suspended_for_the_money_too(renewed: tuple[Person, Invoice]) -> None:
    admin, bill = renewed
    day, later = until(admin, RenewalState.SUSPENDED), date(2027, 6, 30)
    with season.on(day):
        move_the_deadline(later)
        season.look(day)
        again = season.renewal_of(admin)
        assert (again.state, again.pay_by) == (RenewalState.INVOICED, later)
        assert any_invoice(bill.id).receivable.due_on == later


def test_a_later_deadline_moves_no_day_of_a_claim_that_is_written_off(
    renewed: tuple[Person, Invoice],
) -> None:
    """It is not taken up again, nor given more time, by another door."""
    admin, bill = renewed
    day = until(admin, RenewalState.SUSPENDED)
    with season.on(day):
        clerk = season.clerks_actor()
        with transaction():
            owed = any_invoice(bill.id)
            write_off(invoice=owed, owed_yen=owed.total_yen, reason="x", by=clerk, source="off")
        before = season.renewal_of(admin)
        stood = (before.state, before.pay_by, any_invoice(bill.id).receivable.due_on)
        move_the_deadline(date(2027, 6, 30))
        season.look(day)
        again = season.renewal_of(admin)
        assert (again.state, again.pay_by, any_invoice(bill.id).receivable.due_on) == stood


def in_the_way(admin: Person) -> list[str]:
    """Numbers of invoices for which an approval of the same year would wait."""
    of = season.body_of(admin).id, season.YEAR
    return [invoice.number for invoice in (*owed_for_ended_contracts(*of), *paid_for_ended_contracts(*of))]


@pytest.mark.parametrize("words", ["our own", "the office's"])
def test_what_money_has_settled_of_a_fee_is_in_the_way_also_where_the_rest_was_written_off(
    renewed: tuple[Person, Invoice], words: str
) -> None:
    admin, bill = renewed
    number = bill.id
    with season.on(season.OFFERS):
        if words == "the office's":
            number = anew(number, fee(450_000, product=FeeProduct.OTHER))
    with season.on(until(admin, RenewalState.LAPSED)):
        assert in_the_way(admin) == [any_invoice(number).number]
        given.pay(number, any_invoice(number).receivable.outstanding_yen - 5_000)
        clerk = season.clerks_actor()
        with transaction():
            write_off(invoice=any_invoice(number), owed_yen=5_000, reason="x", by=clerk, source="off")
        assert in_the_way(admin) == [any_invoice(number).number]


def test_seats_alone_are_in_nobodys_way(app: Flask) -> None:
    admin = given.offered(arranged=seats.arranged)
    with season.on(season.OFFERS):
        bill = season.invoice_of(season.renew(admin))
    with season.on(date(2027, 3, 10)):
        lines = {any_invoice(bill.id).lines[0].id: 500_000}
        with transaction():
            issue_credit_note(
                invoice=any_invoice(bill.id), amounts=lines, reason="x", by=None, source_key="fee"
            )
        assert any_invoice(bill.id).receivable.outstanding_yen > 0
        assert in_the_way(admin) == []
