"""Receipts: one follows the last yen by itself; a copy is issued again on request; one can cease to hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import documents
from portal.billing.models import Invoice, Payment, Receipt, ReceiptVoid
from portal.billing.models.receipts import RENEWED
from portal.billing.queries.receipted import part_of, renamed, void_receipt_of
from portal.billing.queries.versions import latest_version
from portal.billing.services import issuing
from portal.billing.services.allocations import settled_by, standing_payments
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.i18n import _, _l, in_language
from portal.domain.numbering import DocumentKind

MOST_COPIES = 10  # of one receipt
_MONEY = ("organisation_id", "invoice_id", "payment_id", "received_on", "received_yen", "moved_yen", "method")
_COPIED = (
    "number", "series_year", "series_sequence", "issued_on", "issuer", "notes", "parts", *_MONEY, *issuing.WORDS, *issuing.SUMS,
)  # fmt: skip


def issue_receipt(invoice: Invoice, payment: Payment, *, by: Actor | int | None) -> Receipt:
    """The receipt for an invoice that `payment` has just completed."""
    today = clock.today()
    settled = [(each, settled_by(each, invoice.id)) for each in standing_payments(invoice)]
    parts = [(each, part_of(each, invoice, amount)) for each, amount in settled if amount > 0]
    received = sum(part["received_yen"] for _payment, part in parts)
    came = [each for each, part in parts if part["received_yen"]]
    last = payment if payment in came or not came else came[-1]
    receipt = Receipt(
        organisation_id=invoice.organisation_id,
        invoice_id=invoice.id,
        payment_id=payment.id,
        issuer=issuing.issuer_of_sale(invoice.language, today, invoice),
        notes=_moved_here(invoice, parts),
        received_on=last.received_on if received else today,
        received_yen=received,
        moved_yen=sum(row["amount_yen"] for _payment, part in parts for row in part["from"]),
        parts=[part for _payment, part in parts],
        method=last.method,
        **issuing.numbered(DocumentKind.RECEIPT, today),
        **issuing.signed(by),
        **issuing.same_as(latest_version(invoice), *issuing.WORDS, *issuing.SUMS),
    )
    return _keep(receipt, invoice, by=by, reissued_on=None)


def _moved_here(invoice: Invoice, parts: Sequence[tuple[Payment, dict[str, Any]]]) -> str:
    """Money that came for another invoice, and that no receipt which holds states: where it was paid is named."""
    said = [
        (payment.invoice_id, part["received_yen"])
        for payment, part in parts
        if payment.invoice_id != invoice.id and part["received_yen"]
    ]
    with in_language(invoice.language):
        sentences = [_origin(*each) for each in said]
    return ("" if invoice.language == "ja" else " ").join(sentences)


def _origin(invoice_id: int, amount_yen: int) -> str:
    home = {"number": db.session.get_one(Invoice, invoice_id).number, "amount": yen(amount_yen)}
    gone = void_receipt_of(invoice_id)
    if gone:
        return _(
            "%(amount)s of it had been paid on invoice %(number)s; this receipt stands in place of %(receipt)s, which no longer holds.",
            receipt=gone,
            **home,
        )
    return _("%(amount)s of it had been paid on invoice %(number)s.", **home)


def reissue_receipt(*, receipt: Receipt, invoice: Invoice, by: Actor | int | None) -> Receipt:
    """A copy of a receipt that got lost: the same number, marked 再発行; raises Refused for one that is void, and for
    more than `MOST_COPIES`."""
    if db.session.scalar(select(ReceiptVoid.id).where(ReceiptVoid.receipt_id == receipt.id)) is not None:
        raise Refused(_l("This receipt no longer holds, so it cannot be issued again."))
    last = db.session.scalar(select(func.max(Receipt.issue)).where(Receipt.number == receipt.number)) or 0
    if last >= MOST_COPIES:
        message = _l(
            "This receipt has been issued again %(number)s times, which is the most. Please use one of the copies, or ask the secretariat.",
            number=MOST_COPIES,
        )
        raise Refused(message)
    copy = Receipt(issue=last + 1, **issuing.same_as(receipt, *_COPIED), **issuing.signed(by))
    return _keep(copy, invoice, by=by, reissued_on=clock.today())


def standing_receipt(invoice: Invoice) -> Receipt | None:
    """The first issue of the newest receipt that holds."""
    void = select(ReceiptVoid.receipt_id)
    mine = select(Receipt).where(
        Receipt.invoice_id == invoice.id, Receipt.issue == 0, Receipt.id.not_in(void)
    )
    return db.session.scalars(mine.order_by(Receipt.id.desc()).limit(1)).first()


def renew_receipt(invoice: Invoice, *, by: Actor | int | None) -> Receipt | None:
    """The receipt that holds, over the same money, in the words of the invoice's paper of today: a new number that names the
    old one, which ceases to hold. None when no receipt holds.
    """
    old = standing_receipt(invoice)
    if old is None:
        return None
    today, version = clock.today(), latest_version(invoice)
    with in_language(invoice.language):
        instead = _("This receipt stands in place of %(number)s, which no longer holds.", number=old.number)
    parts = [(db.session.get_one(Payment, part["payment_id"]), renamed(part)) for part in old.parts]
    said = _moved_here(invoice, parts) if old.parts else old.notes  # one of an older version has no parts
    gap = "" if invoice.language == "ja" or not said else " "
    new = Receipt(
        issuer=issuing.issuer_of_sale(invoice.language, today, version),
        notes=f"{said}{gap}{instead}",
        parts=[part for _payment, part in parts],
        **issuing.numbered(DocumentKind.RECEIPT, today),
        **issuing.signed(by),
        **issuing.same_as(version, *issuing.WORDS),
        **issuing.same_as(old, *_MONEY, *issuing.SUMS),
    )
    void_receipts(invoice, reason=f"{RENEWED}{new.number}", by=by)
    return _keep(new, invoice, by=by, reissued_on=None)


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
