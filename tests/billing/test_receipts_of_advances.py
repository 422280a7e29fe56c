"""Money is received once: what moved on as an advance is named on the next receipt, and not stated as received again."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.billing.documents import party
from portal.billing.models import AdvanceMove, Invoice, Payment, Receipt, ReceiptVoid
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.verification import document_problems
from portal.billing.services import replacements
from portal.billing.services.advances import move_advance, undo_move
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.receipts import reissue_receipt
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from tests.billing.returning import give_back
from tests.support.billing import bill, fee
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff())


def pay(invoice: Invoice, amount_yen: int, clerk: Any) -> None:
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=amount_yen, received_on=clock.today(), payer_name="", by=clerk,
            once=f"{invoice.id}:{amount_yen}",
        )  # fmt: skip


def move(source: Invoice, target: Invoice, amount_yen: int, clerk: Any) -> int:
    with transaction():
        made = move_advance(
            source=any_invoice(source.id), target=any_invoice(target.id), amount_yen=amount_yen, reason="x", by=clerk,
            source_key=f"m:{source.id}:{target.id}",
        )  # fmt: skip
        return made.id


def holding() -> list[tuple[str, int, int]]:
    """Receipts that hold: number of the invoice's last digit, what came with them, what came with others."""
    rollback()
    assert document_problems() == []
    void = select(ReceiptVoid.receipt_id)
    rows = select(Invoice.id, Receipt.received_yen, Receipt.moved_yen).join(
        Receipt, Receipt.invoice_id == Invoice.id
    )
    found = db.session.execute(rows.where(Receipt.id.not_in(void), Receipt.issue == 0).order_by(Receipt.id))
    return [tuple(row) for row in found]  # type: ignore[misc]


def money() -> int:
    return sum(db.session.scalars(select(Payment.amount_yen)))


def test_a_tier_change_in_the_year_states_all_money_once(clerk: Any) -> None:
    """C to B in December: 183,332 of 550,000 move on, 183,334 come by transfer; the receipts add up to 733,334."""
    body = company()
    old, new = bill(body, fee(500_000)), bill(body, fee(333_333))
    pay(old, 550_000, clerk)
    give_back(old, clerk, 166_666)
    move(old, new, 183_332, clerk)
    pay(new, 183_334, clerk)
    assert holding() == [(old.id, 550_000, 0), (new.id, 183_334, 183_332)]
    assert sum(received for _id, received, _moved in holding()) == money() == 733_334
    receipt = db.session.scalars(select(Receipt).where(Receipt.invoice_id == new.id)).one()
    first = db.session.scalars(select(Receipt).where(Receipt.invoice_id == old.id)).one()
    assert receipt.from_receipts == [{"number": first.number, "invoice": old.number, "amount_yen": 183_332}]
    with transaction():
        receipt = db.session.get_one(Receipt, receipt.id)
        copy = reissue_receipt(receipt=receipt, invoice=any_invoice(new.id), by=clerk)
        assert (copy.received_yen, copy.moved_yen) == (183_334, 183_332)
    assert len(holding()) == 2


def test_an_advance_that_pays_all_brings_a_receipt_of_no_money(clerk: Any) -> None:
    """Also when it moves on a second time: each receipt names the one that states the money."""
    body = company()
    invoices = [bill(body, fee(net)) for net in (1_000_000, 500_000, 200_000)]
    pay(invoices[0], 1_100_000, clerk)
    give_back(invoices[0], clerk, 600_000, "a")
    move(invoices[0], invoices[1], 550_000, clerk)
    give_back(invoices[1], clerk, 300_000, "b")
    move(invoices[1], invoices[2], 220_000, clerk)
    assert holding() == [(invoices[0].id, 1_100_000, 0), (invoices[1].id, 0, 550_000), (invoices[2].id, 0, 220_000)]  # fmt: skip


def test_too_much_money_stands_on_no_receipt_before_it_settles_something(clerk: Any) -> None:
    """Of 1,200,000 yen the first receipt states 1,100,000; what was released of it counts before the rest."""
    body = company()
    first, second, third = bill(body), bill(body, fee(100_000)), bill(body, fee(100_000))
    pay(first, 1_200_000, clerk)
    move(first, second, 100_000, clerk)
    pay(second, 10_000, clerk)
    assert holding() == [(first.id, 1_100_000, 0), (second.id, 110_000, 0)]
    give_back(first, clerk, 100_000)
    move(first, third, 110_000, clerk)
    assert holding()[2:] == [(third.id, 0, 110_000)]


def test_money_moves_on_from_an_invoice_that_was_never_paid_in_full(clerk: Any) -> None:
    """Half of an advance goes on before the rest came: a credit ends what is owed, and the last receipt names the first."""
    body = company()
    first, second, third = bill(body, fee(500_000)), bill(body, fee(300_000)), bill(body, fee(100_000))
    pay(first, 550_000, clerk)
    give_back(first, clerk, 200_000, "a")
    move(first, second, 220_000, clerk)
    give_back(second, clerk, 200_000, "b")
    move(second, third, 110_000, clerk)
    assert holding() == [(first.id, 550_000, 0), (second.id, 0, 110_000), (third.id, 0, 110_000)]
    receipt = db.session.scalars(select(Receipt).where(Receipt.invoice_id == third.id)).one()
    assert [row["invoice"] for row in receipt.from_receipts] == [first.number]


def test_an_invoice_issued_anew_takes_the_receipt_along(clerk: Any) -> None:
    """The old receipt no longer holds, so the new one states all of the money and says whose place it takes."""
    invoice = bill(company())
    pay(invoice, 1_100_000, clerk)
    old_receipt = db.session.scalars(select(Receipt.number)).one()
    with transaction():
        old = any_invoice(invoice.id)
        wanted = replacements.Replacement(
            buyer=party(old.buyer), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(900_000)]
        )  # fmt: skip
        new = replacements.replace_invoice(
            invoice=old, wanted=wanted, reason="誤り", by=clerk, source_key="r"
        ).id
    assert holding() == [(new, 990_000, 0)]
    assert old_receipt in db.session.scalars(select(Receipt.notes).where(Receipt.invoice_id == new)).one()


def test_money_that_went_back_is_not_named_twice(clerk: Any) -> None:
    """Moved, moved back, moved to another: one receipt holds beside the first."""
    body = company()
    first, second, third = bill(body), bill(body, fee(100_000)), bill(body, fee(100_000))
    pay(first, 1_100_000, clerk)
    give_back(first, clerk, 100_000)
    move_id = move(first, second, 110_000, clerk)
    with transaction() as session:
        undo_move(move=session.get_one(AdvanceMove, move_id), reason="誤り", by=clerk)
    move(first, third, 110_000, clerk)
    assert holding() == [(first.id, 1_100_000, 0), (third.id, 0, 110_000)]
