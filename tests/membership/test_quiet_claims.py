"""While the claim of a renewal is written off nobody is asked for it; and the day that was agreed is told to whoever holds the paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Organisation, Person
from portal.billing.models import InvoiceRevision, Payment, Receivable
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.corrections import Correction, correct_invoice
from portal.billing.services.returns.writeoffs import write_off
from portal.billing.services.reversals import reverse_payment
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import day, yen
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState as S
from portal.membership import queries
from portal.membership.models import ApplicationWindow, ContractTerm
from portal.membership.services import renewals
from portal.membership.services.submission import frozen_price
from portal.membership.services.terms import add_term
from portal.notifications.models import Message
from tests.support import renewals as season
from tests.support.billing import buyer
from tests.support.people import browser_of, company, staff

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def day_of_offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house()
        yield


def renewed() -> tuple[Person, ContractTerm, int]:
    admin, _renewal = season.offered("C")
    term = season.renew(admin)
    number = season.invoice_of(term).id
    rollback()
    return admin, term, number


def off(number: int) -> None:
    clerk = season.clerks_actor()
    rollback()
    with transaction():
        rest = any_invoice(number).receivable.outstanding_yen
        write_off(invoice=any_invoice(number), owed_yen=rest, reason="x", by=clerk, source="w")


def mails(event: str) -> list[Message]:
    rollback()
    return list(db.session.scalars(select(Message).where(Message.event == event).order_by(Message.id)))


def said(app: Flask, who: Person, url: str) -> str:
    return str(browser_of(app, who).get(url).get_data(as_text=True))


def ja(value: date) -> str:
    with in_language("ja"):
        return day(value)


def test_nobody_is_asked_while_written_off(app: Flask) -> None:
    """The days go on; no mail and no page asks for the money, and no more time can be given."""
    admin, _term, number = renewed()
    off(number)
    url = f"/membership/renewals/{season.renewal_of(admin).id}"
    page = said(app, admin, url)
    assert "事務局までお問い合わせください" in page
    assert "お支払いをもって" not in page
    clerk = staff()
    office = f"/staff/membership/renewals/members/{season.renewal_of(admin).id}"
    assert "貸倒処理中は" in said(app, clerk, office)
    assert "先に請求書の画面で貸倒処理を取り消してください" in said(app, clerk, f"{office}/extend")
    with pytest.raises(Refused) as refused:
        season.do(renewals.extend, admin, until=date(2027, 6, 1), reason="x", by=season.clerks_actor())
    assert "先に請求書の画面で貸倒処理を取り消してください" in str(refused.value.message)
    rollback()
    for state in (S.GRACE, S.SUSPENDED):
        on = season.renewal_of(admin).next_on
        assert on is not None
        season.look(on)
        assert season.renewal_of(admin).state is state
        with season.on(on):
            assert "お支払い" not in said(app, admin, url).replace("そのお支払方法については", "")
    assert not mails("membership/renewal_missed") + mails("membership/renewal_suspended")


def test_more_time_is_told_to_the_billing_contact_too(app: Flask) -> None:
    admin, _term, number = renewed()
    until = season.DEADLINE + timedelta(days=20)
    season.do(renewals.extend, admin, until=until, reason="x", by=season.clerks_actor())
    rollback()
    invoice = any_invoice(number)
    page = said(app, admin, f"/membership/renewals/{season.renewal_of(admin).id}")
    assert f"{ja(season.DEADLINE)} → {ja(until)}" in page
    told = mails("membership/renewal_extended")
    contact = invoice.buyer["email"]
    people = {person.email for person in db.session.scalars(select(Person)) if person.id == admin.id}
    assert contact not in people
    assert contact in {each.address for each in told}
    assert len({each.address for each in told}) == len(told)
    for each in told:
        assert ja(until) in each.text
        assert invoice.number in each.text
        assert yen(invoice.total_yen) in each.text


def test_a_corrected_paper_says_the_day_that_was_agreed(app: Flask) -> None:
    admin, _term, number = renewed()
    until = season.DEADLINE + timedelta(days=50)
    clerk = season.clerks_actor()
    season.do(renewals.extend, admin, until=until, reason="x", by=clerk)
    rollback()
    with transaction():
        correct_invoice(
            invoice=any_invoice(number), wanted=Correction(buyer=buyer(), subject="別の件名", purchase_order="", descriptions={}),
            reason="x", by=clerk, source_key="c",
        )  # fmt: skip
    rollback()
    assert db.session.scalars(select(InvoiceRevision)).one().due_on == until
    (mail,) = mails("billing/invoice_corrected")
    assert ja(until) in mail.text
    assert ja(season.DEADLINE) not in mail.text


def test_taken_up_again_paid_and_unpaid_again_there_is_one_day(app: Flask) -> None:
    admin, term, number = renewed()
    at = season.renewal_of(admin).next_on
    while at is not None:
        season.look(at)
        at = season.renewal_of(admin).next_on
    until = date(2027, 8, 25)
    with season.on(date(2027, 7, 1)):
        season.pay(term)
        clerk = season.clerks_actor()
        season.do(renewals.reinstate, admin, until=until, reason="x", by=clerk)
        assert season.renewal_of(admin).state is S.PAID
        rollback()
        with transaction():
            payment = db.session.scalars(select(Payment)).one()
            reverse_payment(payment=payment, invoice=any_invoice(number), reason="別の企業の入金", by=clerk)
        renewal = season.renewal_of(admin)
        assert (renewal.state, renewal.pay_by) == (S.INVOICED, until)
        assert db.session.get_one(Receivable, number).due_on == until


def test_a_place_that_others_have_is_not_given_twice(app: Flask) -> None:
    """Taking up again what had lapsed takes a place: beyond them all only where the office says so."""
    admin, term, _number = renewed()
    at = season.renewal_of(admin).next_on
    while at is not None:
        season.look(at)
        at = season.renewal_of(admin).next_on
    other = company().id
    rollback()
    with transaction():
        window = select(ApplicationWindow).where(ApplicationWindow.fiscal_year == season.YEAR)
        db.session.scalars(window).one().places = 1
        tier = queries.tier_for("C", season.YEAR)
        assert tier is not None
        add_term(
            organisation=db.session.get_one(Organisation, other), tier=tier, price=frozen_price(tier, season.YEAR), fiscal_year=season.YEAR,
            first_day=date(2027, 7, 1), by=None,
        )  # fmt: skip
    with season.on(date(2027, 7, 1)):
        clerk = season.clerks_actor()
        values = {"until": date(2027, 7, 31), "reason": "x", "by": clerk}
        with pytest.raises(Refused) as refused:
            season.do(renewals.reinstate, admin, **values)
        assert refused.value.field == "beyond_places"
        rollback()
        who, url = staff(), f"/staff/membership/renewals/members/{season.renewal_of(admin).id}/reinstate"
        assert "枠を超えて再開する" in said(app, who, url)
        season.do(renewals.reinstate, admin, beyond_places=True, **values)
        assert season.renewal_of(admin).state is S.INVOICED
        assert db.session.get_one(ContractTerm, term.id, populate_existing=True).beyond_places
