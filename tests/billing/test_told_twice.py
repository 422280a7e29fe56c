"""One transfer that reaches us twice pays one invoice: told of by two files, recorded by hand before, or long past.

Mutants that must fail here: matching that compares deposits of one file alone; applying that looks at amount and name alone.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.billing.deposits import AliasKind, DepositState
from portal.billing.models import BankAccount, BankDeposit, DepositStanding, Payment
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.bank.accounts import add_account, issuers_key, set_mapping, set_rules
from portal.billing.services.bank.aliases import remember
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.cancellations import settle_pair
from portal.billing.services.bank.importing import Imported, import_file
from portal.billing.services.bank.parking import park_deposit, send_deposit_back
from portal.billing.services.bank.proposing import match_open_deposits, proposals_for
from portal.billing.services.bank.sure import apply_sure_deposits
from portal.billing.services.bank.undoing import undo_deposit
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.reversals import reverse_payment
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.bank_csv import Columns
from portal.domain.reconciliation import Grade, Reason
from portal.domain.zengin import BankFile, FileForm, FileKind, Statement, write
from tests.support import bank
from tests.support.billing import bill
from tests.support.people import browser_of, company

pytestmark = pytest.mark.database
AMOUNT = 1_100_000
NAME = "ミホンセイヤク"
NOW = datetime(2026, 11, 22, 10, tzinfo=clock.OFFICE_ZONE)
PLAIN = Columns(day="日付", paid_in="入金", payer="依頼人")


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def buyer(app: Flask, clerk: Any) -> Any:
    """Known by a confirmed name, so that its exact transfers are sure."""
    body = company(name_kana=NAME)
    bank.know(body, NAME, clerk)
    with transaction():
        set_rules(fee_yen=1000, applies_itself=True, by=clerk)
    return body


def movements(*entries: Any) -> bytes:
    """The same account's file of kind 03."""
    return write(BankFile(FileKind.MOVEMENTS, FileForm.FIXED, (Statement(bank.header(), entries),)))


def csv(*rows: str) -> bytes:
    return "\n".join(["日付,入金,依頼人,摘要", *rows, ""]).encode()


def take(content: bytes, clerk: Any, key: str = "") -> Imported:
    """Import, and let what is sure be applied."""
    with transaction():
        done = import_file(content=content, name="x", account_key=key, by=clerk)
    apply_sure_deposits()
    rollback()
    return done


def mapped(columns: Columns, clerk: Any, key: str = "") -> str:
    """An account of ours (that of the invoices, unless said) reads its CSV so from now on."""
    key = key or str(issuers_key())
    with transaction() as session:
        account = session.query(BankAccount).filter_by(key=key).one_or_none()
        account = account or add_account(key=key, name="", by=clerk)
        set_mapping(account=account, columns=columns, by=clerk)
    return key


def states() -> list[DepositState]:
    rollback()
    return [row.state for row in db.session.query(DepositStanding).order_by(DepositStanding.deposit_id)]


def owed(invoice: Any) -> int:
    rollback()
    return int(any_invoice(invoice.id).receivable.outstanding_yen)


def doubts_of(deposit: BankDeposit) -> frozenset[Reason]:
    return proposals_for(deposit).proposals[0].reasons


def by_two_kinds_of_file(clerk: Any, between: Callable[[], None]) -> None:
    entry = bank.transfer(AMOUNT, NAME, reference="000123", bank="ｶｸｳ", branch="ﾎﾝ")
    take(bank.bank_file(entry), clerk)
    between()
    take(movements(entry._replace(category="11")), clerk)


def by_a_csv_with_another_column(clerk: Any, between: Callable[[], None]) -> None:
    row = f"2026/11/22,{AMOUNT},ﾐﾎﾝｾｲﾔｸ,ﾌﾘｺﾐ"
    take(csv(row), clerk, mapped(PLAIN, clerk))
    between()
    take(csv(row, "2026/11/21,500,ﾍﾞﾂ,ﾌﾘｺﾐ"), clerk, mapped(replace(PLAIN, remarks="摘要"), clerk))


def by_the_same_bytes_for_another_account(clerk: Any, between: Callable[[], None]) -> None:
    content = csv(f"2026/11/22,{AMOUNT},ﾐﾎﾝｾｲﾔｸ,ﾌﾘｺﾐ")
    take(content, clerk, mapped(PLAIN, clerk, "9990-001-1-7654321"))
    between()
    take(content, clerk, mapped(PLAIN, clerk))


def by_a_csv_without_names(clerk: Any, between: Callable[[], None]) -> None:
    take(csv(f"2026/11/22,{AMOUNT},ﾐﾎﾝｾｲﾔｸ,"), clerk, mapped(replace(PLAIN, payer=""), clerk))
    between()
    take(bank.bank_file(bank.transfer(AMOUNT, NAME)), clerk)


@pytest.mark.parametrize(
    "tell",
    [by_two_kinds_of_file, by_a_csv_with_another_column, by_the_same_bytes_for_another_account],
    ids=lambda tell: tell.__name__,
)
def test_one_transfer_of_two_files_pays_one_invoice(
    app: Flask, buyer: Any, who: Any, clerk: Any, tell: Any
) -> None:
    first, later = bill(buyer), []
    tell(clerk, lambda: later.append(bill(buyer)))
    assert owed(first) == 0
    assert owed(later[0]) == AMOUNT
    paid, again = (d for d in bank.deposits() if d.amount_yen == AMOUNT)
    assert (bank.standing(paid).state, bank.standing(again).state) == (
        DepositState.APPLIED,
        DepositState.OPEN,
    )
    assert bank.standing(again).grade is Grade.POSSIBLE
    page = browser_of(app, who).get(f"/staff/billing/deposits/{again.id}").text
    assert "on this or another account of ours" in page
    assert "This may be the same money as another deposit" in page
    assert "But this may be the same money as a deposit of another file." in page
    assert f'href="/staff/billing/deposits/{paid.id}"' in page
    other = browser_of(app, who).get(f"/staff/billing/deposits/{paid.id}").text
    assert f'href="/staff/billing/deposits/{again.id}"' in other
    assert book_problems() == []


def test_a_file_without_names_may_tell_of_the_same(buyer: Any, clerk: Any) -> None:
    invoice = bill(buyer)
    by_a_csv_without_names(clerk, lambda: None)
    assert states() == [DepositState.OPEN] * 2
    assert owed(invoice) == AMOUNT


@pytest.mark.parametrize("stands", ["open", "applied", "parked", "sent back"])
def test_what_became_of_the_other_makes_no_difference(buyer: Any, clerk: Any, stands: str) -> None:
    one = bill(buyer)
    bank.bring(bank.transfer(AMOUNT, NAME), by=clerk)
    (deposit,) = bank.deposits()
    with transaction():
        if stands == "applied":
            apply_deposit(deposit=deposit, shares=[Share(one.id, AMOUNT, 0, AMOUNT)], seen=0, by=clerk)
        if stands == "parked":
            park_deposit(deposit=deposit, note="x", seen=0, by=clerk)
        if stands == "sent back":
            send_deposit_back(deposit=deposit, note="x", seen=0, by=clerk)
    two = bill(buyer)
    with transaction():
        set_rules(fee_yen=1000, applies_itself=True, by=clerk)
    take(bank.bank_file(bank.transfer(AMOUNT, NAME, reference="9")), clerk)
    assert owed(two) == AMOUNT
    assert Reason.SAME_MONEY in doubts_of(bank.deposits()[1])


def test_what_the_bank_took_back_is_no_doubt(buyer: Any, clerk: Any) -> None:
    """The payer sends it again on the same day: the bank's next file tells of it."""
    back = bank.transfer(AMOUNT, NAME, is_cancelled=True)
    bank.bring(bank.transfer(AMOUNT, NAME), by=clerk)
    bank.bring(back, by=clerk)
    deposit, told = bank.deposits()
    if states() == [DepositState.OPEN] * 2:
        with transaction():
            settle_pair(told, deposit, by=clerk)
    invoice = bill(buyer)
    with transaction():
        set_rules(fee_yen=1000, applies_itself=True, by=clerk)
    take(bank.bank_file(bank.transfer(AMOUNT, NAME, reference="9")), clerk)
    assert owed(invoice) == 0


def test_what_the_bank_took_back_is_a_doubt_in_a_file_of_another_kind(
    app: Flask, buyer: Any, who: Any, clerk: Any
) -> None:
    """A CSV knows no cancellations: it tells of the transfer alone, and the money is not here."""
    invoice, key = bill(buyer), mapped(PLAIN, clerk)
    take(bank.bank_file(bank.transfer(AMOUNT, NAME), bank.transfer(AMOUNT, NAME, is_cancelled=True)), clerk)
    told = csv(f"2026/11/22,{AMOUNT},{NAME},")
    assert "Of the new deposits, 1 is like one of another file" in look(app, who, told, key)
    take(told, clerk, key)
    assert states() == [DepositState.CANCELLED, DepositState.CANCELLED, DepositState.OPEN]
    assert owed(invoice) == AMOUNT
    again = bank.deposits()[2]
    assert Reason.SAME_MONEY in doubts_of(again)
    page = browser_of(app, who).get(f"/staff/billing/deposits/{again.id}").text
    assert f"/staff/billing/deposits/{bank.deposits()[0].id}" in page


def test_comparing_again_keeps_the_doubt(buyer: Any, clerk: Any) -> None:
    """The one that was there first and waits becomes doubtful, too, and stays so."""
    bank.bring(bank.transfer(AMOUNT, NAME), by=clerk)
    bank.bring(bank.transfer(AMOUNT, NAME, reference="9"), by=clerk)
    invoice = bill(buyer)
    with transaction():
        set_rules(fee_yen=1000, applies_itself=True, by=clerk)
    with transaction():
        match_open_deposits()
    assert all("same_money" in bank.standing(each).reasons for each in bank.deposits())
    apply_sure_deposits()
    assert owed(invoice) == AMOUNT


def test_a_grade_from_before_is_looked_at_again(buyer: Any, clerk: Any) -> None:
    """What stood there as sure is compared with other files before it pays."""
    invoice = bill(buyer)
    bank.bring(bank.transfer(AMOUNT, NAME), by=clerk)
    bank.bring(bank.transfer(AMOUNT, NAME, reference="9"), by=clerk)
    with transaction() as session:
        set_rules(fee_yen=1000, applies_itself=True, by=clerk)
        session.query(DepositStanding).update({"grade": Grade.AUTOMATIC})
    apply_sure_deposits()
    assert owed(invoice) == AMOUNT


def recorded(invoice: Any, clerk: Any, on: date, name: str = "") -> Payment:
    with transaction():
        return record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=AMOUNT, received_on=on, payer_name=name, by=clerk, once="h"
        )  # fmt: skip


def test_a_transfer_recorded_by_hand_pays_no_second_invoice(
    app: Flask, buyer: Any, who: Any, clerk: Any
) -> None:
    one, two = bill(buyer), bill(buyer)
    payment = recorded(one, clerk, clock.today() - timedelta(days=3))
    take(bank.bank_file(bank.transfer(AMOUNT, NAME)), clerk)
    assert owed(two) == AMOUNT
    (deposit,) = bank.deposits()
    assert bank.standing(deposit).grade is Grade.POSSIBLE
    page = browser_of(app, who).get(f"/staff/billing/deposits/{deposit.id}").text
    assert "This may be money that was recorded by hand" in page
    assert "But a payment like this was recorded by hand." in page
    assert f'href="/staff/billing/invoices/{one.id}">{one.number}' in page
    rollback()
    with transaction() as session:
        mine = session.get_one(Payment, payment.id)
        reverse_payment(payment=mine, invoice=any_invoice(one.id), reason="x", by=clerk)
    assert Reason.BY_HAND not in doubts_of(deposit)


def test_a_deposit_is_no_payment_by_hand(buyer: Any, clerk: Any) -> None:
    """Two transfers of one file pay two invoices by themselves, one after the other."""
    one = bill(buyer)
    take(bank.bank_file(bank.transfer(AMOUNT, NAME)), clerk)
    two = bill(buyer)
    with clock.frozen(NOW + timedelta(days=1)):
        take(bank.bank_file(bank.transfer(AMOUNT, NAME)), clerk)
    assert (owed(one), owed(two)) == (0, 0)


@pytest.mark.parametrize("day", ["2025/11/20", "26/11/20", "2000/04/01"])
def test_money_from_before_the_invoice_waits_for_a_click(buyer: Any, clerk: Any, day: str) -> None:
    invoice = bill(buyer)
    take(csv(f"{day},{AMOUNT},ﾐﾎﾝｾｲﾔｸ,"), clerk, mapped(PLAIN, clerk))
    assert owed(invoice) == AMOUNT
    (deposit,) = bank.deposits()
    assert Reason.BEFORE_INVOICE in doubts_of(deposit)


def look(app: Flask, who: Any, content: bytes, account: str = "zengin") -> str:
    """The page that asks whether to import this file."""
    app.config["WTF_CSRF_ENABLED"] = False
    browser = browser_of(app, who)
    data = {"file": (io.BytesIO(content), "x"), "account": account}
    sent = browser.post("/staff/billing/bank-files/import", data=data, content_type="multipart/form-data")
    app.config["WTF_CSRF_ENABLED"] = True
    return str(browser.get(sent.location).text)


def test_the_preview_says_what_may_be_here_already(app: Flask, buyer: Any, who: Any, clerk: Any) -> None:
    entry = bank.transfer(AMOUNT, NAME)
    bank.bring(entry, bank.transfer(5_000, "ダレカ"), by=clerk)
    mine = bank.deposits()[0].id
    page = look(app, who, movements(entry._replace(category="11"), bank.transfer(6_000, "ダレカ")))
    assert (
        "Of the new deposits, 1 is like one of another file: the same day, amount and payer, or no payer named."
        in page
    )
    assert page.count(f'href="/staff/billing/deposits/{mine}">Maybe here already') == 1
    assert "Are these days right?" not in page
    assert "may be here already" not in look(app, who, bank.bank_file(bank.transfer(7_000, "ダレカ")))


def test_the_preview_says_which_days_and_which_are_long_past(
    app: Flask, buyer: Any, who: Any, clerk: Any
) -> None:
    key = mapped(PLAIN, clerk)
    page = look(app, who, csv("26/11/20,500,ﾐﾎﾝ,", "2026/11/20,600,ﾐﾎﾝ,"), key)
    assert "Thu 20 Nov 2014 to Fri 20 Nov 2026" in page
    assert "1 new deposit is more than a year back." in page
    assert "Are these days right?" not in look(app, who, csv("2025/11/22,500,ﾐﾎﾝ,"), key)


@pytest.mark.parametrize("kind", list(AliasKind))
def test_what_somebody_has_undone_is_never_applied_by_itself_again(
    app: Flask, buyer: Any, who: Any, clerk: Any, kind: AliasKind
) -> None:
    """Known by its code it stays sure; known by its name it would be again with the next click on that name."""
    invoice = bill(buyer)
    with transaction():
        remember(AliasKind.CODE, "0000012345", buyer.id, by=clerk)
    code = "0000012345" if kind is AliasKind.CODE else ""
    take(bank.bank_file(bank.transfer(AMOUNT, NAME, payer_code=code)), clerk)
    (deposit,) = bank.deposits()
    assert owed(invoice) == 0
    with transaction():
        undo_deposit(deposit=deposit, reason="the company wants it back", seen=1, by=clerk)
    bank.know(buyer, NAME, clerk)
    take(bank.bank_file(bank.transfer(5, "ダレカ")), clerk)
    assert owed(invoice) == AMOUNT
    assert bank.standing(deposit).state is DepositState.OPEN
    words = "But what was decided about this deposit before was undone."
    assert words in browser_of(app, who).get(f"/staff/billing/deposits/{deposit.id}").text
