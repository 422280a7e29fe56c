"""A correction of words that the receipt says too issues the receipt anew over the same money; the old one ceases to hold."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.models import Invoice, Receipt, ReceiptVoid
from portal.billing.queries.invoices import any_invoice, paper, receipts_of
from portal.billing.services.receipts import reissue_receipt
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.notifications.models import Message
from tests.billing.returning import give_back
from tests.billing.test_corrections import correct, holds, renamed
from tests.billing.test_crashes import every, killed_at, points
from tests.billing.test_receipts_of_advances import move, pay
from tests.support.billing import bill, fee
from tests.support.pdf_text import text_of
from tests.support.people import actor_of, browser_of, company, person, staff

NAME = "架空製薬ホールディングス株式会社"
pytestmark = pytest.mark.database


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def invoice(app: Flask) -> Invoice:
    return bill(company("架空製薬株式会社"), purchase_order="PO-1")


def receipts(invoice: Invoice) -> list[tuple[str, int, bool]]:
    rollback()
    return [(each.number, each.received_yen, each.void is None) for each in receipts_of(invoice)]


def test_the_corrected_name_stands_on_a_receipt_that_names_the_old_one(invoice: Invoice, clerk: Any) -> None:
    pay(invoice, 1_100_000, clerk)
    ((old, _yen, _holds),) = receipts(invoice)
    correct(invoice, clerk, buyer=renamed(invoice, NAME))
    correct(invoice, clerk, buyer=renamed(invoice, NAME))
    (first, second) = receipts(invoice)
    assert (first, second[1:]) == ((old, 1_100_000, False), (1_100_000, True))
    new = db.session.scalars(select(Receipt).where(Receipt.number == second[0])).one()
    printed = text_of(paper(new.file_id).content)
    assert NAME in printed
    assert f"{old}（無効）に代えて" in printed
    assert second[0] in db.session.scalars(select(ReceiptVoid)).one().reason
    mail = db.session.query(Message).filter_by(event="billing/invoice_corrected").one()
    assert second[0] in mail.text
    holds()


def test_each_names_the_one_before_it_alone(app: Flask, invoice: Invoice, clerk: Any) -> None:
    """However often it is corrected; why an old one ceased to hold is said in the reader's language."""
    pay(invoice, 1_100_000, clerk)
    for n in range(3):
        correct(invoice, clerk, buyer=renamed(invoice, f"{NAME}{n}"), key=f"n{n}")
    numbers = [each[0] for each in receipts(invoice)]
    newest = db.session.scalars(select(Receipt).order_by(Receipt.id.desc())).first()
    assert newest is not None
    assert [number in newest.notes for number in numbers] == [False, False, True, False]
    who = person(
        at=db.session.get_one(Organisation, invoice.organisation_id), roles=(Role.BILLING,), language="en"
    )
    page = browser_of(app, who).get(f"/billing/invoices/{invoice.id}").get_data(as_text=True)
    assert f"Its words were corrected; receipt {numbers[-1]} stands in its place." in page


def test_the_receipts_that_hold_now_are_named_as_those_of_the_advance(invoice: Invoice, clerk: Any) -> None:
    """Money of A paid B; A is corrected, then B: B's new receipt names A's new one."""
    other = bill(
        db.session.get_one(Organisation, invoice.organisation_id), fee(100_000), purchase_order="PO-2"
    )
    pay(invoice, 1_100_000, clerk)
    give_back(invoice, clerk, 100_000)
    move(invoice, other, 110_000, clerk)
    correct(invoice, clerk, buyer=renamed(invoice, NAME))
    correct(other, clerk, buyer=renamed(other, NAME), key="b")
    rollback()
    first, second = (receipts_of(any_invoice(each.id))[-1] for each in (invoice, other))
    assert second.from_receipts == [
        {"number": first.number, "invoice": invoice.number, "amount_yen": 110_000}
    ]
    holds()


def test_what_the_receipt_does_not_say_leaves_it_as_it_is(invoice: Invoice, clerk: Any) -> None:
    pay(invoice, 1_100_000, clerk)
    before = receipts(invoice)
    correct(invoice, clerk, descriptions={1: "年会費（正会員）"})
    assert receipts(invoice) == before
    holds()


def test_without_a_receipt_that_holds_none_is_issued(invoice: Invoice, clerk: Any) -> None:
    correct(invoice, clerk, buyer=renamed(invoice, NAME))
    assert receipts(invoice) == []


def test_copies_cease_to_hold_too_and_money_that_moved_on_is_stated_once(
    invoice: Invoice, clerk: Any
) -> None:
    other = bill(db.session.get_one(Organisation, invoice.organisation_id), fee(100_000))
    pay(invoice, 1_100_000, clerk)
    give_back(invoice, clerk, 100_000)
    move(invoice, other, 110_000, clerk)
    with transaction():
        first = receipts_of(any_invoice(invoice.id))[0]
        copy = reissue_receipt(receipt=first, invoice=any_invoice(invoice.id), by=clerk)
        assert copy.issue == 1
    correct(invoice, clerk, buyer=renamed(invoice, NAME))
    assert [each[2] for each in receipts(invoice)] == [False, False, True]
    with pytest.raises(Refused), transaction():
        reissue_receipt(receipt=receipts_of(invoice)[0], invoice=any_invoice(invoice.id), by=clerk)
    holds()


def test_the_preview_says_what_happens_to_the_receipt(app: Flask, invoice: Invoice, clerk: Any) -> None:
    pay(invoice, 1_100_000, clerk)
    ((old, _yen, _holds),) = receipts(invoice)
    app.config["WTF_CSRF_ENABLED"] = False
    office = browser_of(app, staff(Role.SECRETARIAT))
    buyer = any_invoice(invoice.id).buyer
    typed = {key: buyer.get(key) or "" for key in ("name", "department", "title", "person", "postal_code", "address", "email")}  # fmt: skip
    typed |= {
        "subject": "会費",
        "purchase_order": "PO-1",
        "line_1": "年会費（訂正）",
        "reason": "誤り",
        "once": "a" * 32,
    }
    url = f"/staff/billing/invoices/{invoice.id}/correct"
    page = office.post(f"{url}/preview", data=typed).get_data(as_text=True)
    assert "引き続き有効です" in page
    page = office.post(f"{url}/preview", data=typed | {"name": NAME}).get_data(as_text=True)
    assert f"領収書{old}には訂正前の内容" in page
    assert office.post(url, data=typed | {"name": NAME}).status_code == 303
    app.config["WTF_CSRF_ENABLED"] = True
    who = person(at=db.session.get_one(Organisation, invoice.organisation_id), roles=(Role.BILLING,))
    page = browser_of(app, who).get(f"/billing/invoices/{invoice.id}").get_data(as_text=True)
    assert "に差し替えました" in page


def test_a_correction_with_its_receipt_survives_a_kill_anywhere(
    app: Flask, invoice: Invoice, clerk: Any
) -> None:
    died, body = 0, invoice.organisation_id

    def paid() -> Invoice:
        made = bill(db.session.get_one(Organisation, body))
        pay(made, 1_100_000, clerk)
        rollback()
        return made

    def mend(one: Invoice) -> None:
        correct(one, clerk, buyer=renamed(any_invoice(one.id), NAME))

    first = paid()
    for point in range(0, points(app, lambda: mend(first)) + 1, 2 * every()):
        one = paid()
        died += killed_at(app, point, lambda i=one: mend(i))
        assert [each[2] for each in receipts(one)] in ([True], [False, True])
        mend(one)
        assert [each[2] for each in receipts(one)] == [False, True]
    assert died >= 3
