"""Claims that nobody will pay: written off after a look, undone by the opposite, and nothing of it on the company's pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.enums import PayMethod, ReceivableState
from portal.billing.models import CheckoutAttempt, Invoice, Receipt, Receivable, WriteOff, WriteOffReversal
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.returns import find_write_off
from portal.billing.queries.shown import claimed_state, office_state
from portal.billing.services.returns.writeoffs import undo_write_off, write_off
from portal.billing.signals import invoice_cancelled, invoice_paid, invoice_reopened
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.ledger import Account
from portal.notifications.models import Message
from tests.billing.returning import balances, owed
from tests.billing.test_receipts_of_advances import pay
from tests.support.billing import bill
from tests.support.people import actor_of, browser_of, company, person, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database
QUIET = ("貸倒", "返還", "全額", "入金済み", "取消", "キャンセル")


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def body(app: Flask) -> Any:
    return company()


@pytest.fixture
def invoice(body: Any) -> Invoice:
    return bill(body)


@pytest.fixture
def office(app: Flask) -> Any:
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, staff(Role.SECRETARIAT))
    app.config["WTF_CSRF_ENABLED"] = True


def off(invoice: Invoice, clerk: Any, amount_yen: int = 1_100_000, source: str = "w") -> WriteOff:
    with transaction():
        return write_off(
            invoice=any_invoice(invoice.id),
            owed_yen=amount_yen,
            reason="破産手続開始",
            by=clerk,
            source=source,
        )


def undo(row: WriteOff, clerk: Any, reason: str = "入金の見込み") -> None:
    with transaction():
        found = find_write_off(row.id)
        undo_write_off(row=found, invoice=any_invoice(found.invoice_id), reason=reason, by=clerk)


def text(browser: Any, url: str, status: int = 200) -> str:
    answer = browser.get(url)
    assert answer.status_code == status, url
    return str(answer.get_data(as_text=True))


def test_it_is_a_loss_in_the_books_and_undone_it_is_owed_again(invoice: Invoice, clerk: Any) -> None:
    ended: list[int] = []
    with invoice_cancelled.connected_to(lambda sender, **more: ended.append(sender.id)):
        row = off(invoice, clerk)
        off(invoice, clerk)
    assert ended == []
    found = owed(invoice)
    assert (found.outstanding_yen, found.written_off_yen, found.given_back_yen, found.claimed_yen) == (0, 1_100_000, 0, 1_100_000)  # fmt: skip
    assert (found.office_state, found.claimed_state) == (ReceivableState.WRITTEN_OFF, ReceivableState.UNPAID)
    assert (balances()[Account.LOSSES], balances().get(Account.RECEIVABLE, 0)) == (1_100_000, 0)
    told: list[int] = []
    with invoice_reopened.connected_to(lambda sender, **more: told.append(sender.id)):
        undo(row, clerk)
    found = owed(invoice)
    assert (found.state, found.outstanding_yen, found.credited_yen, told) == (
        ReceivableState.UNPAID,
        1_100_000,
        0,
        [],
    )
    assert (balances().get(Account.LOSSES, 0), balances()[Account.RECEIVABLE]) == (0, 1_100_000)
    with pytest.raises(Refused):
        undo(row, clerk)
    with pytest.raises(Refused):
        undo(off(invoice, clerk, source="again"), clerk, " ")


def test_a_rest_that_is_written_off_brings_no_receipt_and_no_mail(invoice: Invoice, clerk: Any) -> None:
    """Nothing begins by it, or stops when it is undone; then the last yen brings the receipt, and what depends on it begins."""
    pay(invoice, 300_000, clerk)
    before = db.session.query(Message).count()
    paid: list[int] = []
    with invoice_paid.connected_to(lambda sender, **more: paid.append(sender.id)):
        row = off(invoice, clerk, 800_000)
    assert paid == []
    assert (owed(invoice).claimed_state, db.session.query(Receipt).count()) == (
        ReceivableState.PARTLY_PAID,
        0,
    )
    assert db.session.query(Message).count() == before
    with pytest.raises(Refused):
        pay(invoice, 800_000, clerk)
    told: list[int] = []
    with invoice_reopened.connected_to(lambda sender, **more: told.append(sender.id)):
        undo(row, clerk)
    assert (told, owed(invoice).outstanding_yen) == ([], 800_000)
    with invoice_paid.connected_to(lambda sender, **more: paid.append(sender.id)):
        pay(invoice, 800_000, clerk)
    assert paid == [invoice.id]
    assert (owed(invoice).state, db.session.query(Receipt).one().received_yen) == (
        ReceivableState.PAID,
        1_100_000,
    )


def test_always_the_whole_rest_that_was_shown(invoice: Invoice, clerk: Any) -> None:
    """A part, or what was owed before somebody paid: look again. Where nothing is owed there is nothing to write off."""
    pay(invoice, 300_000, clerk)
    for amount in (500_000, 1_100_000, 0, -1):
        with pytest.raises(OutOfDate):
            off(invoice, clerk, amount)
    off(invoice, clerk, 800_000)
    with pytest.raises(Refused):
        off(invoice, clerk, 0, "again")
    found = owed(invoice)
    assert (found.outstanding_yen, found.written_off_yen, found.claimed_yen) == (0, 800_000, 800_000)


def test_the_company_reads_nothing_of_it(app: Flask, invoice: Invoice, body: Any, clerk: Any) -> None:
    who = person(at=db.session.get_one(Organisation, body.id), roles=(Role.BILLING,))
    reader = browser_of(app, who)
    urls = (f"/billing/invoices/{invoice.id}", "/billing/invoices", "/home")
    off(invoice, clerk)
    for url in urls:
        page = text(reader, url)
        assert not [words for words in QUIET if words in page], url
    with transaction() as session:
        attempt = CheckoutAttempt(
            key="a" * 32, invoice_id=invoice.id, organisation_id=invoice.organisation_id, method=PayMethod.CARD, language="ja",
            amount_yen=1_100_000, expires_at=clock.now() + timedelta(days=1), created_at=clock.now(),
        )  # fmt: skip
        session.add(attempt)
    assert "お支払いを確認しました" not in text(reader, f"/billing/checkouts/{'a' * 32}")
    page = text(reader, urls[0])
    assert "お支払いが確認できておりません" in page
    assert "¥1,100,000" in page
    assert "カードで支払う" not in page


def test_lists_show_the_same_state_as_the_page(invoice: Invoice, body: Any, clerk: Any, office: Any) -> None:
    others = [bill(body) for _n in range(3)]
    off(invoice, clerk)
    pay(others[0], 1_000_000, clerk)
    off(others[0], clerk, 100_000, "a")
    pay(others[1], 100_000, clerk)
    rollback()
    columns = select(Receivable, office_state(), claimed_state().label("claimed"))
    rows = db.session.execute(columns).all()
    assert len(rows) == 4
    assert [(each.office_state, each.claimed_state) for each, _a, _b in rows] == [
        (a, b) for _each, a, b in rows
    ]
    listed = text(office, "/staff/billing/invoices?show=written_off")
    assert [each.number in listed for each in (invoice, *others)] == [True, True, False, False]
    assert "貸倒処理" in listed
    assert others[0].number not in text(office, "/staff/billing/invoices?show=paid")


def test_the_office_sees_what_it_does_before_and_after(invoice: Invoice, office: Any) -> None:
    url = f"/staff/billing/invoices/{invoice.id}"
    assert f"{url}/write-off" in text(office, url)
    assert "支払期限前です" in text(office, f"{url}/write-off")
    typed = {"reason": "破産手続開始", "once": "f" * 32}
    preview = office.post(f"{url}/write-off/preview", data=typed).get_data(as_text=True)
    for words in (
        "貸倒損失",
        "未収金",
        "¥100,000",
        "第39条",
        "契約が始まったり終わったりすることはありません",
    ):
        assert words in preview
    rollback()
    assert db.session.query(WriteOff).count() == 0
    stale = office.post(f"{url}/write-off", data=typed | {"seen": "1000000"})
    assert stale.status_code == 422
    assert "未払い額が変わっています" in stale.get_data(as_text=True)
    typed["seen"] = "1100000"
    for _again in range(2):
        assert office.post(f"{url}/write-off", data=typed).status_code == 303
    page = text(office, url)
    for words in ("破産手続開始", "貸倒処理済みです", "貸倒処理を取り消す"):
        assert words in page
    assert "返還済み" not in page
    rollback()
    back = f"/staff/billing/write-offs/{db.session.query(WriteOff).one().id}/undo"
    assert "（借方）未収金" in text(office, back)
    assert office.post(back, data={"reason": ""}).status_code == 422
    assert office.post(back, data={"reason": "配当があった"}).status_code == 303
    assert office.post(back, data={"reason": "もう一度"}).status_code in (200, 422)
    rollback()
    assert db.session.query(WriteOffReversal).count() == 1
    assert "すでに取り消されています" in text(office, back)
    assert "配当があった" in text(office, url)
    assert "未払いの額はない" not in text(office, f"{url}/write-off")


def test_the_buttons_of_the_pages_do_it(app: Flask, invoice: Invoice) -> None:
    """As a browser sends the forms: reason, look, write off; undo. A preview that is out of date is refused."""
    office = Reader(browser_of(app, staff(Role.SECRETARIAT)))
    url = f"/staff/billing/invoices/{invoice.id}"
    preview = office.submit(office.get(f"{url}/write-off").form("/preview"), reason="破産手続開始")
    pay(invoice, 100_000, actor_of(staff(Role.SECRETARIAT)))
    office.submit(preview.form("/write-off"), status=422)
    preview = office.submit(office.get(f"{url}/write-off").form("/preview"), reason="破産手続開始")
    office.submit(preview.form("/write-off"))
    assert owed(invoice).written_off_yen == 1_000_000
    back = f"/staff/billing/write-offs/{db.session.query(WriteOff).one().id}/undo"
    office.submit(office.get(back).form("/undo"), reason="配当があった")
    assert owed(invoice).outstanding_yen == 1_000_000


def test_only_the_office_may(app: Flask, invoice: Invoice, body: Any, clerk: Any) -> None:
    row = off(invoice, clerk)
    who = person(at=db.session.get_one(Organisation, body.id), roles=(Role.BILLING,))
    for url in (
        f"/staff/billing/invoices/{invoice.id}/write-off",
        f"/staff/billing/write-offs/{row.id}/undo",
    ):
        assert browser_of(app, who).get(url).status_code in (403, 404)
