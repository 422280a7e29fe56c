"""Mails of billing, one function a message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.accounts.queries.people import person_by_email
from portal.billing.models import (
    AdvanceMove,
    CreditNote,
    Invoice,
    InvoiceRevision,
    Order,
    Payment,
    Quote,
    Receipt,
    Receivable,
    Refund,
)
from portal.billing.models.issued import Issued
from portal.billing.queries.credits import borne_fees_yen
from portal.billing.queries.versions import latest_version
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.files.models import StoredFile
from portal.notifications.services import Recipient, send_mail


def billing_contact(issued: Issued) -> Recipient | None:
    """Whom the document, or its last correction, is made out to; None when it names no address."""
    buyer = (latest_version(issued) if isinstance(issued, Invoice) else issued).buyer
    if not buyer.get("email"):
        return None
    japanese = issued.language == "ja"
    titled = (buyer.get("title"), buyer.get("person")) if japanese else (buyer.get("person"),)
    return Recipient(
        email=buyer["email"],
        name=" ".join(part for part in titled if part),
        organisation=("　" if japanese else ", ").join(
            part for part in (buyer["name"], buyer.get("department")) if part
        ),
        language=issued.language,
    )


def send_about(
    event: str,
    invoice: Invoice,
    key: str,
    *,
    papers: Sequence[Issued] = (),
    addressed: Issued | None = None,
    **context: Any,
) -> None:
    """To whom `addressed` (the invoice unless given) names, with `papers` attached; nobody named, nobody told."""
    to = billing_contact(addressed or invoice)
    if to is None:
        return
    send_mail(
        event=f"billing/{event}",
        to=to,
        context={"invoice": invoice} | context,
        button=(_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id)),
        attachments=[db.session.get_one(StoredFile, paper.file_id) for paper in papers],
        key=key,
    )


def send_invoice(invoice: Invoice) -> None:
    """A new invoice with its PDF: pay until the day it is due."""
    is_stranger = person_by_email(invoice.buyer.get("email") or "") is None
    key = f"invoice:{invoice.id}:issued"
    send_about("invoice_issued", invoice, key, papers=[invoice], is_stranger=is_stranger)


def send_receipt(receipt: Receipt, invoice: Invoice) -> None:
    """Paid in full, with the receipt: what came now, and what was used of earlier payments."""
    homes = dict(db.session.execute(select(Payment.id, Payment.invoice_id).where(Payment.id.in_([each["payment_id"] for each in receipt.parts]))).all())  # fmt: skip
    earlier = sum(each["received_yen"] for each in receipt.parts if homes[each["payment_id"]] != invoice.id)
    send_about(
        "receipt_issued",
        invoice,
        f"receipt:{receipt.id}:issued",
        papers=[receipt],
        receipt=receipt,
        borne_yen=borne_fees_yen(invoice),
        new_yen=receipt.received_yen - earlier,
        used_yen=receipt.moved_yen + earlier,
    )


def send_part_payment(payments: Sequence[Payment], invoice: Invoice, receivable: Receivable) -> None:
    """Some of it arrived: what is still open, and until when."""
    key = f"payment:{payments[0].id}:part"
    send_about("part_payment", invoice, key, payments=payments, receivable=receivable)


def send_payment_undone(payment: Payment, invoice: Invoice, *, reason: str, void: Sequence[str]) -> None:
    """What was booked for the invoice is not its money: why, what is owed now, which receipts (`void`) hold no longer."""
    send_about(
        "payment_undone",
        invoice,
        f"payment:{payment.id}:undone",
        payment=payment,
        reason=reason,
        receipts=void,
        receivable=_owed(invoice),
    )


def send_advance_used(move: AdvanceMove, source: Invoice, invoice: Invoice) -> None:
    """An advance settles a part of another invoice: what is still open, and until when."""
    key = f"advance_move:{move.id}:used"
    send_about("advance_used", invoice, key, move=move, source=source, receivable=_owed(invoice))


def send_credit_note(note: CreditNote, invoice: Invoice) -> None:
    """Something is given back: how much, why, and what that leaves to pay."""
    key = f"credit_note:{note.id}:issued"
    send_about("credit_note_issued", invoice, key, papers=[note], note=note, receivable=_owed(invoice))


def send_refund(refund: Refund, invoice: Invoice) -> None:
    """Money went back: how much, on which day."""
    send_about("refund_sent", invoice, f"refund:{refund.id}:sent", refund=refund)


def send_correction(revision: InvoiceRevision, invoice: Invoice, receipt: Receipt | None) -> None:
    """The corrected paper: which one it replaces, that the amount is the same, and the receipt that was issued anew with it."""
    key = f"invoice:{invoice.id}:corrected:{revision.revision}"
    papers: list[Issued] = [revision] if receipt is None else [revision, receipt]
    send_about(
        "invoice_corrected",
        invoice,
        key,
        papers=papers,
        addressed=revision,
        revision=revision,
        receipt=receipt,
    )


def send_quote(quote: Quote) -> None:
    """A quote of the office with its PDF: order until the day to which it holds."""
    _send_quote("quote_sent", quote, f"quote:{quote.id}:sent", papers=[quote])


def send_order(order: Order, quote: Quote) -> None:
    """We have taken the order: its confirmation, and that the invoice follows."""
    _send_quote("order_taken", quote, f"order:{order.id}:taken", papers=[order], order=order)


def _send_quote(event: str, quote: Quote, key: str, *, papers: Sequence[Issued], **context: Any) -> None:
    to = billing_contact(quote)
    if to is None:
        return
    send_mail(
        event=f"billing/{event}",
        to=to,
        context={"quote": quote, "is_stranger": person_by_email(to.email) is None} | context,
        button=(_l("Open the quote"), absolute_url("billing.show_quote", quote_id=quote.id)),
        attachments=[db.session.get_one(StoredFile, paper.file_id) for paper in papers],
        key=key,
    )


def send_replacement(old: Invoice, new: Invoice, note: CreditNote, moved_yen: int, advance_yen: int) -> None:
    """An invoice in the place of another: both papers, and what is still to be paid."""
    send_about(
        "invoice_replaced",
        new,
        f"invoice:{new.id}:replaces",
        papers=[new, note],
        old=old,
        note=note,
        moved_yen=moved_yen,
        advance_yen=advance_yen,
        open_yen=new.total_yen - moved_yen,
    )


def _owed(invoice: Invoice) -> Receivable:
    return db.session.get_one(Receivable, invoice.id, populate_existing=True)
