"""A fee the rest of which was written off: the tier can be changed, and no more is given back than was paid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.billing.models import CreditNote, Receivable
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.returns.writeoffs import write_off
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.terms import TermState
from portal.domain.tier_change_flow import ChangeState
from portal.membership.models import TierChange
from portal.membership.queries.bills import leading_bill
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database
WORDS = "no more is given back than was paid of the earlier invoice"


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def written_off(paid_yen: int = 50_000) -> Person:
    """A member of tier C who has paid so much of 550,000 yen; the rest was written off."""
    admin = given.member("C", paid_yen=paid_yen)
    clerk = actor_of(staff(Role.SECRETARIAT))
    number = given.invoice_of(admin).id
    with transaction():
        write_off(
            invoice=any_invoice(number), owed_yen=550_000 - paid_yen, reason="協議による", by=clerk, source=f"off:{number}"
        )  # fmt: skip
    return admin


def reader_of(who: Person) -> Reader:
    with transaction():
        db.session.get_one(Person, who.id).language = "en"
    return Reader(browser_of(current_app._get_current_object(), who))


def test_the_company_and_the_office_see_what_it_costs() -> None:
    admin = written_off()
    term = given.term_of(admin).id
    assert WORDS in reader_of(admin).get(f"/membership/terms/{term}/tier/change?tier=A").text
    assert reader_of(admin).get(f"/membership/terms/{term}/tier").status == 200
    clerk = reader_of(staff(Role.SECRETARIAT))
    assert WORDS in clerk.get(f"/staff/membership/terms/{term}/tier?tier=A").text
    assert clerk.get(f"/staff/membership/terms/{term}/tier").status == 200


@pytest.mark.parametrize(("paid_yen", "open_yen"), [(0, 733_332), (50_000, 683_332)])
def test_what_was_paid_goes_along(paid_yen: int, open_yen: int) -> None:
    admin = written_off(paid_yen)
    was = given.term_of(admin).state
    change = given.upgrade(admin, "A")
    rollback()
    back = [note.total_yen for note in db.session.scalars(select(CreditNote))]
    assert back == ([paid_yen] if paid_yen else [])
    new = db.session.get_one(Receivable, change.invoice_id)
    assert (new.total_yen, new.outstanding_yen) == (733_332, open_yen)
    old = db.session.scalars(select(Receivable).where(Receivable.written_off_yen > 0)).one()
    assert (old.outstanding_yen, old.excess_yen, old.claimed_yen) == (0, 0, 550_000 - paid_yen)
    assert given.term_of(admin).state is was
    assert [each.rule for each in book_problems()] == []
    assert was is TermState.AWAITING_PAYMENT  # forgiven is not paid


def test_a_wish_that_waits_for_the_office_is_approved_or_asked_again() -> None:
    """Written off before the company agreed: the figures hold. Afterwards: it would be dearer, and the office is told so."""
    agreed, dearer = written_off(), given.member("C", paid_yen=50_000)
    waiting = [given.upgrade(each, "B").id for each in (agreed, dearer)]
    clerk = staff(Role.SECRETARIAT)
    invoice, by = given.invoice_of(dearer).id, actor_of(clerk)
    with transaction():
        write_off(invoice=any_invoice(invoice), owed_yen=500_000, reason="協議による", by=by, source="late")
    for number, admin, state in zip(
        waiting, (agreed, dearer), (ChangeState.AGREED, ChangeState.ASKED), strict=True
    ):
        reader = reader_of(clerk)
        page = reader.get(f"/staff/membership/tier-changes/{number}")
        assert WORDS in page.text
        answer = reader.submit(page.form("/approve"), status=200 if state is ChangeState.AGREED else 422)
        assert ("more today than the company agreed to" in answer.text) is (state is ChangeState.ASKED)
        rollback()
        assert db.session.get_one(TierChange, number).state is state
        assert given.term_of(admin).tier_code == ("B" if state is ChangeState.AGREED else "C")


def test_a_change_that_gave_nothing_back_is_taken_back_and_can_be_made_again() -> None:
    """Mutants that must fail here: a change without a credit note that stands for ever; an invoice that no later change may replace."""
    admin, clerk = written_off(0), staff(Role.SECRETARIAT)
    old = given.invoice_of(admin).id
    change = given.upgrade(admin, "A").id
    rollback()
    office = reader_of(clerk)
    page = office.get(f"/staff/membership/tier-changes/{change}/take-back")
    shown = office.submit(page.form("/take-back"), reason="x")
    office.submit(shown.form("/take-back"), step="confirm")
    rollback()
    taken = db.session.get_one(TierChange, change)
    assert (taken.state, given.term_of(admin).tier_code) == (ChangeState.TAKEN_BACK, "C")
    leading = leading_bill(taken.term_id)
    assert leading is not None
    assert leading.invoice_id == old
    assert not db.session.scalars(select(Receivable).where(Receivable.outstanding_yen > 0)).all()
    rollback()
    assert office.get(f"/staff/membership/tier-changes/{change}").status == 200
    again = given.upgrade(admin, "A")
    assert again.credited_invoice_id == old
    given.take_back(again)
    assert [each.rule for each in book_problems()] == []
