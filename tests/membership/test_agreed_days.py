"""A later day that the office agrees on holds everywhere: pages, lists, mails, ages; the paper stays as it was issued."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.audit.models import AuditEntry
from portal.billing.models import Invoice, Receivable
from portal.billing.queries.books.ageing import ages
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.billing.services.returns.writeoffs import write_off
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import day
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState as S
from portal.membership.models import ContractTerm
from portal.membership.services import renewals
from portal.notifications.models import Message
from tests.support import renewals as season
from tests.support.billing import buyer, fee
from tests.support.people import browser_of, staff

pytestmark = pytest.mark.database
LATE = "期限超過"


@pytest.fixture(autouse=True)
def day_of_offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house()
        yield


def renewed(app: Flask) -> tuple[Person, ContractTerm, Receivable]:
    admin, _renewal = season.offered()
    term = season.renew(admin)
    return admin, term, claim(term)


def claim(term: ContractTerm) -> Receivable:
    rollback()
    return db.session.get_one(Receivable, season.invoice_of(term).id, populate_existing=True)


def said(app: Flask, who: Person, url: str) -> str:
    answer = browser_of(app, who).get(url)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_who_renews_early_gets_a_paper_that_says_the_deadline(app: Flask) -> None:
    """One day on the paper, the claim and the renewal."""
    admin, term, owed = renewed(app)
    invoice = season.invoice_of(term)
    assert invoice.due_on >= season.DEADLINE
    assert owed.due_on == invoice.due_on == season.renewal_of(admin).pay_by


@pytest.mark.parametrize("lapses", [False, True])
def test_more_time_holds_on_every_page_and_in_the_ages(app: Flask, lapses: bool) -> None:
    admin, term, owed = renewed(app)
    printed = owed.due_on
    at = season.renewal_of(admin).next_on
    while at is not None and lapses:
        season.look(at)
        at = season.renewal_of(admin).next_on
    today = (date(2027, 7, 1)) if lapses else printed + timedelta(days=5)
    until = today + timedelta(days=30)
    with season.on(today):
        clerk = staff(Role.SECRETARIAT)
        invoice_id = season.invoice_of(term).id
        pages = [
            (admin, "/home"), (admin, f"/billing/invoices/{invoice_id}"), (clerk, f"/staff/billing/invoices/{invoice_id}"),
            (clerk, "/staff/billing/invoices"),
        ]  # fmt: skip
        for who, url in pages[1:]:
            assert LATE in said(app, who, url), url
        if not lapses:
            season.look(today)
        verb = renewals.reinstate if lapses else renewals.extend
        season.do(verb, admin, until=until, reason="入金予定の連絡", by=season.clerks_actor())
        with in_language("ja"):
            words = day(until)
        for who, url in pages:
            page = said(app, who, url)
            assert words in page, url
            assert LATE not in page.replace(f'href="/staff/billing/invoices?show=overdue">{LATE}', ""), url
        page = said(app, admin, f"/billing/invoices/{invoice_id}")
        assert f"請求書の記載：{_ja(printed)}" in page
        assert f"{_ja(printed)} → {words}" in page
        assert words in said(app, admin, f"/membership/renewals/{season.renewal_of(admin).id}")
        rollback()
        mail = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert mail is not None
        assert words in mail.text
        assert (claim(term).due_on, season.invoice_of(term).due_on) == (until, printed)
        assert season.renewal_of(admin).pay_by == until
        trail = select(AuditEntry.verb).where(AuditEntry.subject_type == "invoices")
        assert "invoice.extended" in list(db.session.scalars(trail))
        assert ages(today).late_yen == 0


def _ja(value: date) -> str:
    with in_language("ja"):
        return day(value)


def test_an_invoice_issued_anew_keeps_the_day_that_was_agreed(app: Flask) -> None:
    admin, term, owed = renewed(app)
    until = owed.due_on + timedelta(days=60)
    season.do(renewals.extend, admin, until=until, reason="x", by=season.clerks_actor())
    clerk, old = season.clerks_actor(), season.invoice_of(term).id
    rollback()
    wanted = Replacement(
        buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(900_000)]
    )
    with transaction():
        new = replace_invoice(
            invoice=any_invoice(old), wanted=wanted, reason="x", by=clerk, source_key="r"
        ).id
    rollback()
    assert db.session.get_one(Invoice, new).due_on == until


@pytest.mark.parametrize("paid_yen", [0, 50_000])
def test_what_was_written_off_is_not_taken_up_again_before_that_is_undone(app: Flask, paid_yen: int) -> None:
    """Neither a second invoice for the year, nor a member on a part of the fee."""
    admin, term, owed = renewed(app)
    clerk, number = season.clerks_actor(), owed.invoice_id
    rollback()
    if paid_yen:
        with transaction():
            record_bank_payment(
                invoice=any_invoice(number), amount_yen=paid_yen, received_on=season.OFFERS, payer_name="", by=clerk, once="p"
            )  # fmt: skip
    at = season.renewal_of(admin).next_on
    while at is not None:
        season.look(at)
        at = season.renewal_of(admin).next_on
    with season.on(date(2027, 7, 1)):
        with transaction():
            rest = any_invoice(number).receivable.outstanding_yen
            write_off(invoice=any_invoice(number), owed_yen=rest, reason="x", by=clerk, source="w")
        with pytest.raises(Refused) as refused:
            season.do(renewals.reinstate, admin, until=date(2027, 7, 31), reason="x", by=clerk)
    assert "先に請求書の画面で貸倒処理を取り消してください" in str(refused.value.message)
    rollback()
    assert season.renewal_of(admin).state is S.LAPSED
    assert db.session.query(Invoice).count() == 1
