"""Mails of billing, one function a message."""

from __future__ import annotations

from portal.accounts.queries.people import person_by_email
from portal.billing.models import CreditNote, Invoice, InvoiceRevision, Payment, Receipt, Receivable, Refund
from portal.billing.models.issued import Issued
from portal.billing.queries.versions import latest_version
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.files.models import StoredFile
from portal.notifications.services import Recipient, send_mail


def _billing_contact(issued: Issued) -> Recipient | None:
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


def send_invoice(invoice: Invoice) -> None:
    """A new invoice with its PDF: pay until the day it is due."""
    to = _billing_contact(invoice)
    if to is None:
        return
    send_mail(
        event="billing/invoice_issued",
        to=to,
        context={"invoice": invoice, "is_stranger": person_by_email(to.email) is None},
        button=(_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id)),
        attachments=[db.session.get_one(StoredFile, invoice.file_id)],
        key=f"invoice:{invoice.id}:issued",
    )


def send_receipt(receipt: Receipt, invoice: Invoice) -> None:
    """Paid in full, with the receipt."""
    to = _billing_contact(invoice)
    if to is None:
        return
    send_mail(
        event="billing/receipt_issued",
        to=to,
        context={"receipt": receipt, "invoice": invoice},
        button=(_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id)),
        attachments=[db.session.get_one(StoredFile, receipt.file_id)],
        key=f"receipt:{receipt.id}:issued",
    )


def send_part_payment(payment: Payment, invoice: Invoice, receivable: Receivable) -> None:
    """Some of it arrived: what is still open, and until when."""
    to = _billing_contact(invoice)
    if to is None:
        return
    send_mail(
        event="billing/part_payment",
        to=to,
        context={"payment": payment, "invoice": invoice, "receivable": receivable},
        button=(_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id)),
        key=f"payment:{payment.id}:part",
    )


def send_credit_note(note: CreditNote, invoice: Invoice) -> None:
    """Something is given back: how much, why, and what that leaves to pay."""
    to = _billing_contact(invoice)
    if to is None:
        return
    send_mail(
        event="billing/credit_note_issued",
        to=to,
        context={
            "note": note,
            "invoice": invoice,
            "receivable": db.session.get_one(Receivable, invoice.id, populate_existing=True),
        },
        button=(_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id)),
        attachments=[db.session.get_one(StoredFile, note.file_id)],
        key=f"credit_note:{note.id}:issued",
    )


def send_refund(refund: Refund, invoice: Invoice) -> None:
    """Money went back: how much, on which day."""
    to = _billing_contact(invoice)
    if to is None:
        return
    send_mail(
        event="billing/refund_sent",
        to=to,
        context={"refund": refund, "invoice": invoice},
        button=(_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id)),
        key=f"refund:{refund.id}:sent",
    )


def send_correction(revision: InvoiceRevision, invoice: Invoice) -> None:
    """The corrected paper: which one it replaces, and that the amount is the same."""
    to = _billing_contact(revision)
    if to is None:
        return
    send_mail(
        event="billing/invoice_corrected",
        to=to,
        context={"revision": revision, "invoice": invoice},
        button=(_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id)),
        attachments=[db.session.get_one(StoredFile, revision.file_id)],
        key=f"invoice:{invoice.id}:corrected:{revision.revision}",
    )
