"""A change upwards that is taken back before it is paid: the papers, the money, the contract; and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.billing.models import Invoice, Receivable
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.invoices import any_invoice
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.tier_change_flow import ChangeState
from portal.membership.models import TierChange
from portal.membership.queries.bills import leading_bill
from portal.membership.queries.tier_changes import back_bill
from portal.notifications.models import Message
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.changes import take_back
from tests.support.people import actor_of, browser_of, staff
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def owed(invoice_id: int) -> tuple[int, int, int]:
    """Total, still owed and held as an advance."""
    rollback()
    assert [problem.rule for problem in book_problems()] == []
    row = db.session.get_one(Receivable, invoice_id, populate_existing=True)
    return row.total_yen, row.outstanding_yen, row.excess_yen


def bills(change: TierChange) -> list[tuple[int, int, int]]:
    """The first invoice, that of the change, and the one for the tier before."""
    rollback()
    change = db.session.get_one(TierChange, change.id)
    numbers = [change.credited_invoice_id or 0, change.invoice_id or 0, back_bill(change) or 0]
    return [owed(number) for number in numbers]


def test_what_was_paid_returns_and_nothing_is_owed() -> None:
    admin = given.member("C")
    change = given.upgrade(admin)
    take_back(change)
    assert bills(change) == [(550_000, 0, 0), (733_332, 0, 0), (183_332, 0, 0)]
    term = given.term_of(admin)
    assert (term.tier_code, term.snapshot.annual_fee_yen, term.cancelled_on) == ("C", 500_000, None)
    assert term.activated_on == given.FIRST
    assert db.session.get_one(TierChange, change.id).state is ChangeState.TAKEN_BACK


def test_what_was_not_paid_is_owed_as_before() -> None:
    for paid, expected in ((0, [(366_668), 0, 183_332]), (400_000, [0, 0, 150_000])):
        change = given.upgrade(given.member("C", paid_yen=paid))
        take_back(change)
        found = bills(change)
        assert [open_yen for _total, open_yen, _held in found] == expected
        again = any_invoice(back_bill(change) or 0)
        assert again.prepaid_yen == again.total_yen - expected[-1]


def test_in_the_first_month_the_contract_stands_on_the_invoice_for_the_tier_before() -> None:
    with season.on(date(2026, 4, 20)):
        admin = given.member("C")
        change = given.upgrade(admin)
        take_back(change)
        assert bills(change) == [(550_000, 0, 0), (2_200_000, 0, 0), (550_000, 0, 0)]
        term = given.term_of(admin)
        leading = leading_bill(term.id)
        assert leading is not None
        assert leading.invoice_id == back_bill(change)
        assert (term.cancelled_on, term.activated_on) == (None, given.FIRST)


def test_the_contract_can_move_up_again_and_back_again() -> None:
    admin = given.member("C")
    for _again in range(2):
        take_back(given.upgrade(admin))
    change = given.upgrade(admin)
    assert owed(change.invoice_id or 0) == (733_332, 550_000, 0)
    assert given.term_of(admin).tier_code == "A"


def test_a_payment_a_later_change_or_another_page_stands_in_the_way() -> None:
    admin = given.member("C")
    change = given.upgrade(admin, "B", by=actor_of(staff()), note_of_consent="電話")
    old = given.seen_back(change)
    later = given.upgrade(admin, "A")
    with pytest.raises(Refused):
        take_back(change, seen=old)
    with pytest.raises(OutOfDate):
        take_back(later, seen="another")
    with pytest.raises(Refused) as unsaid:
        take_back(later, reason=" ")
    assert unsaid.value.field == "reason"
    seen = given.seen_back(later)
    given.pay(later.invoice_id or 0, 1)
    with pytest.raises(Refused):
        take_back(later, seen=seen)
    assert given.term_of(admin).tier_code == "A"


def test_the_earlier_change_can_go_once_the_later_one_is_taken_back() -> None:
    admin = given.member("C")
    given.upgrade(admin, "B", by=actor_of(staff()), note_of_consent="電話")
    later = given.upgrade(admin, "A")
    take_back(later)
    assert given.term_of(admin).tier_code == "B"


def test_seats_agreed_meanwhile_stay() -> None:
    from tests.support.seats import propose, seats_open

    admin = given.member("C")
    change = given.upgrade(admin)
    propose(admin, is_agreed=True, note="電話")
    take_back(change)
    assert seats_open(admin) == 2


def test_one_mail_a_reader_with_both_papers_and_the_amount() -> None:
    clerk, admin = staff(), given.member("C", paid_yen=400_000)
    change = given.upgrade(admin)
    rollback()
    before = db.session.scalar(select(func.max(Message.id))) or 0
    take_back(change, reason="承認前のお申し込みのため")
    rollback()
    sent = list(db.session.scalars(select(Message).where(Message.id > before)))
    office = {message.address for message in sent if message.event == "membership/tier_change_office"}
    company = [message for message in sent if message.event != "membership/tier_change_office"]
    assert clerk.email in office
    assert {message.event for message in company} == {"membership/tier_change_taken_back"}
    assert len({message.address for message in company}) == len(company)
    assert all("¥150,000" in message.text and "承認前" in message.text for message in company)
    buyer = db.session.get_one(Invoice, change.invoice_id).buyer["email"]
    assert len(next(message for message in company if message.address == buyer).attachments) == 2


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_pages(app: Flask, language: str) -> None:
    admin, clerk = given.member("C"), staff()
    with transaction():
        for person in (admin, clerk):
            db.session.get_one(Person, person.id).language = language
    change = given.upgrade(admin)
    rollback()
    office, reader = Reader(browser_of(app, clerk)), Reader(browser_of(app, admin))
    address = f"/staff/membership/tier-changes/{change.id}"
    with count_sql() as sql:
        shown = office.get(address)
    assert len(sql) <= 30, str(sql)
    form = office.get(shown.link({"en": "Take the change back", "ja": "変更を取り消す"}[language])).form(
        "/take-back"
    )
    office.submit(form, status=422, reason="")
    preview = office.submit(form, reason="お申し出により")
    assert "¥733,332" in preview.text
    assert given.term_of(admin).tier_code == "A"
    office.submit(preview.form("/take-back"), step="confirm")
    assert given.term_of(admin).tier_code == "C"
    office.get(f"{address}/take-back", status=409)
    page: Any = reader.get(f"/membership/tier-changes/{change.id}")
    assert "お申し出により" in page.text
    assert {"en": "Invoice after taking back", "ja": "取り消し後の請求書"}[language] in page.text
