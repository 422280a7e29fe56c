"""The clerk's process is killed anywhere while a payment is reversed, an advance moved or moved back, an invoice corrected."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.billing import documents
from portal.billing.enums import ReceivableState
from portal.billing.models import AdvanceMove, PaymentReversal
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import advances, corrections, reversals
from portal.billing.services.allocations import standing_payments
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from tests.billing.test_crashes import transfer, try_every_point
from tests.support.billing import bill
from tests.support.people import actor_of, company, staff

Work = Callable[[], None]


@pytest.fixture
def clerk(app):
    return actor_of(staff())


def is_there(model, *where) -> bool:
    rollback()
    return db.session.scalar(select(model.id).where(*where)) is not None


def test_reversing_a_payment_survives_a_kill_anywhere(app, clerk) -> None:
    def prepare(point: int) -> tuple[int, Work]:
        invoice_id = bill(company()).id
        transfer(invoice_id, clerk, f"k{point}")
        (payment,) = standing_payments(any_invoice(invoice_id))
        payment_id = payment.id

        def reverse() -> None:
            if is_there(PaymentReversal, PaymentReversal.payment_id == payment_id):
                return  # nobody was killed
            with transaction():
                whole = any_invoice(invoice_id)
                (standing,) = standing_payments(whole)
                reversals.reverse_payment(payment=standing, invoice=whole, reason="誤入力", by=clerk)

        return invoice_id, reverse

    assert try_every_point(app, prepare, end=ReceivableState.UNPAID) >= 4


def test_moving_an_advance_survives_a_kill_anywhere(app, clerk) -> None:
    def prepare(point: int) -> tuple[int, Work]:
        buyer = company()
        source, target = bill(buyer).id, bill(buyer).id
        transfer(source, clerk, f"k{point}", amount_yen=2_200_000)
        return target, lambda: move(source, target, clerk, f"m{point}")

    assert try_every_point(app, prepare) >= 4


def move(source: int, target: int, clerk, key: str) -> None:
    with transaction():
        advances.move_advance(
            source=any_invoice(source), target=any_invoice(target), amount_yen=1_100_000, reason="振替", by=clerk, source_key=key
        )  # fmt: skip


def test_moving_it_back_survives_a_kill_anywhere(app, clerk) -> None:
    def prepare(point: int) -> tuple[int, Work]:
        buyer = company()
        source, target = bill(buyer).id, bill(buyer).id
        transfer(source, clerk, f"k{point}", amount_yen=2_200_000)
        move(source, target, clerk, f"m{point}")

        def undo() -> None:
            with transaction():
                made = db.session.scalars(
                    select(AdvanceMove).where(AdvanceMove.source_key == f"m{point}")
                ).one()
                if any_invoice(target).receivable.state is ReceivableState.PAID:
                    advances.undo_move(move=made, reason="誤り", by=clerk)

        return target, undo

    assert try_every_point(app, prepare, end=ReceivableState.UNPAID) >= 4


def test_correcting_survives_a_kill_anywhere(app, clerk) -> None:
    def prepare(point: int) -> tuple[int, Work]:
        invoice_id = bill(company()).id

        def correct() -> None:
            with transaction():
                whole = any_invoice(invoice_id)
                wanted = corrections.Correction(
                    buyer=documents.party(whole.buyer), subject=whole.subject("ja"), purchase_order="PO-7", descriptions={}
                )  # fmt: skip
                corrections.correct_invoice(
                    invoice=whole, wanted=wanted, reason="注文番号", by=clerk, source_key=f"c{point}"
                )

        return invoice_id, correct

    assert try_every_point(app, prepare, end=ReceivableState.UNPAID) >= 4
