"""Deposits and claims that are not asked for; a transfer fee that we bear is called one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.deposits import DepositState
from portal.billing.enums import PayMethod
from portal.billing.models import DepositStanding, Receivable
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.sure import apply_sure_deposits
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.returns.writeoffs import plan_write_off
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.tax import TaxCategory
from portal.notifications.models import Message
from tests.billing.payer import Payer
from tests.billing.returning import settle_down
from tests.billing.test_writeoffs import off
from tests.support import bank
from tests.support.billing import bill, fee
from tests.support.people import actor_of, browser_of, company, person, staff

pytestmark = pytest.mark.database
AMOUNT = 1_100_000


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def body(app: Flask) -> Organisation:
    return company()


@pytest.fixture
def office(app: Flask) -> Iterator[Any]:
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, staff(Role.SECRETARIAT))
    app.config["WTF_CSRF_ENABLED"] = True


def test_a_share_of_what_is_written_off_is_refused_at_once(
    office: Any, clerk: Any, body: Organisation
) -> None:
    """With the number and the amount still in the form, and the way to the invoice."""
    invoice = bill(body)
    off(invoice, clerk)
    bank.bring(bank.transfer(AMOUNT, "ダレカ"), by=clerk)
    (deposit,) = bank.deposits()
    typed = {"seen": "0", "number_1": invoice.number, "amount_1": str(AMOUNT)}
    answer = office.post(f"/staff/billing/deposits/{deposit.id}/share", data=typed)
    assert answer.status_code == 422
    assert "先に請求書の画面で貸倒処理を取り消してください" in answer.text
    assert f'value="{invoice.number}"' in answer.text
    assert f'href="/staff/billing/invoices/{invoice.id}#write-offs"' in answer.text
    assert "前受金として" not in answer.text.split("手入力で充当")[0]


def test_the_page_of_a_deposit_says_one_thing_of_a_claim_written_off(
    office: Any, clerk: Any, body: Organisation
) -> None:
    off(bill(body), clerk)
    bank.know(body, "ミホンセイヤク", clerk)
    bank.bring(bank.transfer(AMOUNT, "ミホンセイヤク"), by=clerk)
    (deposit,) = bank.deposits()
    page = office.get(f"/staff/billing/deposits/{deposit.id}").text
    assert "#write-offs" in page
    assert "該当する未収の請求書はありません" not in page


@pytest.mark.parametrize("is_off", [True, False])
def test_what_names_another_invoice_is_not_applied_by_itself(
    clerk: Any, body: Organisation, is_off: bool
) -> None:
    """The payer names an invoice that is not asked for: the other one of the same amount is not paid by itself."""
    old, new = bill(body), bill(body)
    bank.know(body, "ミホンセイヤク", clerk)
    if is_off:
        off(old, clerk)
    said = bank.transfer(AMOUNT, "ミホンセイヤク", edi=old.number.replace("-", ""))
    bank.bring(said, by=clerk, itself=True)
    rollback()
    apply_sure_deposits()
    standing = bank.standing(bank.deposits()[0])
    assert db.session.get_one(Receivable, new.id, populate_existing=True).outstanding_yen == AMOUNT
    if is_off:
        assert standing.state is DepositState.OPEN
        assert "other_number" in standing.reasons
    else:
        assert (standing.state, standing.invoice_id) == (DepositState.APPLIED, old.id)


def test_a_fee_that_we_bear_is_called_one(app: Flask, office: Any, clerk: Any, body: Organisation) -> None:
    invoice = bill(body)
    payer = person(at=body, roles=(Role.BILLING,))
    bank.bring(bank.transfer(AMOUNT - 660, "ミホンセイヤク"), by=clerk)
    (deposit,) = bank.deposits()
    rollback()
    with transaction():
        shares = [Share(invoice.id, AMOUNT - 660, 660, AMOUNT)]
        seen = db.session.get_one(DepositStanding, deposit.id).round
        apply_deposit(deposit=deposit, shares=shares, seen=seen, by=clerk, reasons="", learns=False)
    pages = (
        browser_of(app, payer).get(f"/billing/invoices/{invoice.id}").text,
        office.get(f"/staff/billing/invoices/{invoice.id}").text,
    )
    for page in pages:
        assert "振込手数料（当方負担）" in page
        assert "返還請求書による減額" not in page
    rollback()
    mail = db.session.scalars(select(Message.text).where(Message.event == "billing/receipt_issued")).one()
    assert "¥1,099,340" in mail
    assert "振込手数料¥660は当方にて負担" in mail
    assert "全額" not in mail


def test_the_tax_in_a_loss_is_that_of_what_was_not_given_back(clerk: Any, body: Organisation) -> None:
    """The line at ten per cent was given back whole; the exempt one is written off: no tax is in it (消費税法 第39条)."""
    number = bill(body, fee(1_000_000), fee(1_000_000, category=TaxCategory.EXEMPT)).id
    with transaction():
        invoice = any_invoice(number)
        amounts = {invoice.lines[0].id: 1_000_000}
        issue_credit_note(invoice=invoice, amounts=amounts, reason="r", by=clerk, source_key="c")
    rollback()
    loss = plan_write_off(any_invoice(number))
    assert (loss.amount_yen, loss.tax_yen) == (1_000_000, 0)


def test_a_payment_page_of_a_claim_written_off_says_neither_paid_nor_owed(
    app: Flask, payer: Payer, run_jobs: Any, clerk: Any, body: Organisation
) -> None:
    """Whoever comes to it by an old page is sent to the secretariat."""
    who = person(at=body, roles=(Role.BILLING,))
    invoice = bill(body)
    at = payer.open(invoice, actor_of(who), PayMethod.BANK_TRANSFER)
    payer.transfer(payer.choose(at, "bank_transfer"), 400_000)
    settle_down(payer, run_jobs)
    off(invoice, clerk, 700_000)
    settle_down(payer, run_jobs)
    app.config["WTF_CSRF_ENABLED"] = False
    browser = browser_of(app, who)
    key = payer.attempt(at.id).key
    answers = (
        browser.get(f"/billing/checkouts/{key}").text,
        browser.post(f"/billing/invoices/{invoice.id}/checkout", data={"method": "card"}).text,
    )
    app.config["WTF_CSRF_ENABLED"] = True
    for page in answers:
        assert "お支払方法については、事務局まで" in page
        for word in ("お支払い済み", "¥0", "¥700,000を"):
            assert word not in page
