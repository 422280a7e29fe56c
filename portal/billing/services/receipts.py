"""Receipts: one follows the last yen by itself; a copy is issued again on request; one can cease to hold."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import documents
from portal.billing.models import Invoice, Payment, Receipt, ReceiptVoid, Receivable
from portal.billing.queries.advances import moves_of
from portal.billing.queries.versions import latest_version
from portal.billing.services import issuing
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.i18n import _, _l, in_language
from portal.domain.numbering import DocumentKind

MOST_COPIES = 10  # of one receipt
_COPIED = (
    "number", "series_year", "series_sequence", "issued_on", "organisation_id", "invoice_id", "payment_id", "issuer",
    "notes", "received_on", "received_yen", "method", *issuing.WORDS, *issuing.SUMS,
)  # fmt: skip


def issue_receipt(invoice: Invoice, payment: Payment, *, by: Actor | int | None) -> Receipt:
    """The receipt for an invoice that `payment` has just completed."""
    today = clock.today()
    receipt = Receipt(
        organisation_id=invoice.organisation_id,
        invoice_id=invoice.id,
        payment_id=payment.id,
        issuer=issuing.issuer_of(invoice.language, today, invoice),
        notes=_moved_here(invoice),
        received_on=payment.received_on,
        received_yen=db.session.get_one(Receivable, invoice.id, populate_existing=True).paid_yen,
        method=payment.method,
        **issuing.numbered(DocumentKind.RECEIPT, today),
        **issuing.signed(by),
        **issuing.same_as(latest_version(invoice), *issuing.WORDS, *issuing.SUMS),
    )
    return _keep(receipt, invoice, by=by, reissued_on=None)


def _moved_here(invoice: Invoice) -> str:
    """What had been paid on other invoices and settles this one is named: the other invoice may have a receipt of its own."""
    with in_language(invoice.language):
        parts = [
            _(
                "%(amount)s of it had been paid on invoice %(number)s.",
                amount=yen(move.amount_yen),
                number=number,
            )
            for move, _id, number, undone in moves_of(invoice)
            if move.to_invoice_id == invoice.id and move.undoes_id is None and undone is None
        ]
    return ("" if invoice.language == "ja" else " ").join(parts)


def reissue_receipt(*, receipt: Receipt, invoice: Invoice, by: Actor | int | None) -> Receipt:
    """A copy of a receipt that got lost: the same number, marked 再発行; raises Refused for one that is void, and for
    more than `MOST_COPIES`."""
    if db.session.scalar(select(ReceiptVoid.id).where(ReceiptVoid.receipt_id == receipt.id)) is not None:
        raise Refused(_l("This receipt no longer holds, because the payment was undone."))
    last = db.session.scalar(select(func.max(Receipt.issue)).where(Receipt.number == receipt.number)) or 0
    if last >= MOST_COPIES:
        message = _l(
            "This receipt has been issued again %(number)s times, which is the most. Please use one of the copies, or ask the secretariat.",
            number=MOST_COPIES,
        )
        raise Refused(message)
    copy = Receipt(issue=last + 1, **issuing.same_as(receipt, *_COPIED), **issuing.signed(by))
    return _keep(copy, invoice, by=by, reissued_on=clock.today())


def void_receipts(invoice: Invoice, *, reason: str, by: Actor | int | None) -> None:
    """Every receipt of the invoice that still holds ceases to."""
    void = select(ReceiptVoid.receipt_id)
    holding = select(Receipt).where(Receipt.invoice_id == invoice.id, Receipt.id.not_in(void))
    for receipt in db.session.scalars(holding).all():
        db.session.add(ReceiptVoid(receipt_id=receipt.id, reason=reason[:300], voided_at=clock.now()))
        _tell("receipt.voided", receipt, invoice, by)


def _keep(receipt: Receipt, invoice: Invoice, *, by: Actor | int | None, reissued_on: date | None) -> Receipt:
    content = documents.receipt_pdf(receipt, invoice.number, reissued_on=reissued_on)
    issuing.keep(receipt, content, "receipt")
    _tell("receipt.reissued" if reissued_on else "receipt.issued", receipt, invoice, by)
    return receipt


def _tell(verb: str, receipt: Receipt, invoice: Invoice, by: Actor | int | None) -> None:
    record(
        verb=verb,
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"number": receipt.number},
        audience=Audience.PARTY,
    )
