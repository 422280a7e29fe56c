"""The clerk's process is killed anywhere while a payment is reversed or an invoice corrected."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.billing import documents
from portal.billing.enums import ReceivableState
from portal.billing.models import PaymentReversal
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import corrections, reversals
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
