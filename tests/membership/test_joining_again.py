"""A company whose contract ended unpaid applies anew for the same year: the year is not billed twice."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.billing.enums import OWED
from portal.billing.models import Invoice, Receivable
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.returns.writeoffs import write_off
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.membership import services as membership
from portal.membership.models import Application, ContractTerm
from portal.membership.services.terms import cancel_term
from tests.support import changes as money
from tests.support import membership as given
from tests.support.people import actor_of, browser_of, person, staff

pytestmark = pytest.mark.database


@pytest.fixture
def again(app: Flask) -> Application:
    """Checked by the secretariat; the first contract was cancelled and its invoice is open."""
    year, who, clerk = given.season(), person(), staff()
    first = given.approve(given.checked(given.submitted(who), clerk))
    with transaction():
        cancel_term(term_id=first.id, on=clock.today())
    by = actor_of(who)
    with transaction():
        made = membership.start_application(
            fiscal_year=year, once="again", by=by, organisation_id=first.organisation_id
        )
    return given.checked(given.submit(made, who), clerk)


def test_an_open_invoice_of_the_year_stands_in_the_way(app: Flask, again: Application) -> None:
    number = db.session.scalars(select(Invoice.number)).one()
    rollback()
    with pytest.raises(Refused) as refused:
        given.approve(again)
    assert (refused.value.field, number in str(refused.value.message)) == ("decision", True)
    assert len(db.session.scalars(select(ContractTerm)).all()) == 1
    rollback()
    page = browser_of(app, staff()).get(f"/staff/membership/applications/{again.id}").get_data(as_text=True)
    assert number in page


@pytest.mark.parametrize("settle", ["given back", "written off"])
def test_what_is_asked_for_no_more_does_not(app: Flask, again: Application, settle: str) -> None:
    number = db.session.scalars(select(Invoice.id)).one()
    rollback()
    with transaction():
        old = any_invoice(number)
        if settle == "given back":
            lines = {line.id: line.amount_yen for line in old.lines}
            issue_credit_note(invoice=old, amounts=lines, reason="取消", by=None, source_key="all")
        else:
            write_off(invoice=old, owed_yen=old.total_yen, reason="倒産", by=None, source="all")
    given.approve(again)
    rollback()
    owed = select(Receivable.invoice_id).where(Receivable.state.in_(OWED))
    assert [row != number for row in db.session.scalars(owed)] == [True]


def test_an_old_invoice_that_was_paid_after_all_stands_in_the_way(app: Flask, again: Application) -> None:
    number = db.session.scalars(select(Invoice.id)).one()
    name = any_invoice(number).number
    rollback()
    money.pay(number, any_invoice(number).total_yen)
    with pytest.raises(Refused) as refused:
        given.approve(again)
    assert (refused.value.field, name in str(refused.value.message)) == ("decision", True)
    rollback()
    page = browser_of(app, staff()).get(f"/staff/membership/applications/{again.id}").get_data(as_text=True)
    assert name in page
