"""A company's invoices and receipts."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.billing.documents import bank_accounts
from portal.billing.enums import TAX_LABELS
from portal.billing.models import Invoice
from portal.billing.policy import PAYING_ROLES
from portal.billing.queries.checkouts import transfers_awaited
from portal.billing.queries.credits import borne_fees_yen, credit_note_for, credit_notes_of
from portal.billing.queries.given_back import given_back
from portal.billing.queries.invoices import invoice_for, invoices_for, paper, receipt_for, receipts_of
from portal.billing.queries.quotes import chain_with
from portal.billing.queries.replacements import neighbours
from portal.billing.queries.returns import aftermath_of
from portal.billing.queries.trail import story
from portal.billing.queries.versions import line_data, revision_for, revisions_of
from portal.billing.routes.blueprint import blueprint
from portal.billing.services import receipts
from portal.billing.services.checkouts import online_payments
from portal.billing.signals import claim_shown
from portal.core import access, clock
from portal.core.access import actor
from portal.core.i18n import _
from portal.core.pages import cursor_argument, page
from portal.files.downloads import download

paying = access.roles(*PAYING_ROLES)


@blueprint.get("/billing/invoices")
@paying
def list_invoices() -> Response:
    """All invoices of the person's organisations."""
    cursor = cursor_argument()
    found = invoices_for(actor(), cursor=cursor)
    return page("billing/list_invoices.html", found=found, cursor=cursor, today=clock.today())


@blueprint.get("/billing/invoices/<id:invoice_id>")
@paying
def show_invoice(invoice_id: int) -> Response:
    """One invoice: what is owed, how to pay, what happened."""
    invoice = invoice_for(actor(), invoice_id)
    revisions = revisions_of(invoice)
    version = revisions[-1] if revisions else invoice
    found = receipts_of(invoice)
    notes = credit_notes_of(invoice) if invoice.receivable.credited_yen else ()
    return page(
        "billing/show_invoice.html",
        invoice=invoice,
        neighbours=neighbours(invoice),
        ordered=chain_with(invoice),
        receivable=invoice.receivable,
        tax_rows=invoice.subtotals,
        tax_labels=TAX_LABELS,
        accounts=bank_accounts(invoice),
        awaited=transfers_awaited(invoice) if invoice.receivable.state.is_owed else (),
        aftermath=aftermath_of(invoice),
        receipts=found,
        copies=Counter(each.number for each in found if each.issue),
        most_copies=receipts.MOST_COPIES,
        revisions=revisions,
        paper=version,
        lines=line_data(version),
        credit_notes=notes,
        borne_yen=borne_fees_yen(invoice) if invoice.receivable.given_back_yen else 0,
        back=given_back(invoice, notes),
        steps=story(invoice, for_staff=False),
        remarks=_remarks(invoice),
        pays_online=online_payments() is not None,
        came_back_unpaid="unpaid" in request.args and invoice.receivable.state.is_owed,
        today=clock.today(),
    )


def _remarks(invoice: Invoice) -> list[str]:
    """What the floors above want to be read before it is paid."""
    if not invoice.receivable.state.is_owed:
        return []
    return [words for _receiver, words in claim_shown.send(invoice) if words]


@blueprint.get("/billing/invoices/<id:invoice_id>/file")
@paying
def download_invoice(invoice_id: int) -> Response:
    """The PDF as it was issued."""
    return download(paper(invoice_for(actor(), invoice_id).file_id))


@blueprint.get("/billing/receipts/<id:receipt_id>/file")
@paying
def download_receipt(receipt_id: int) -> Response:
    """The PDF as it was issued."""
    return download(paper(receipt_for(actor(), receipt_id).file_id))


@blueprint.get("/billing/corrected-invoices/<id:revision_id>/file")
@paying
def download_correction(revision_id: int) -> Response:
    """The PDF as it was issued."""
    return download(paper(revision_for(actor(), revision_id).file_id))


@blueprint.get("/billing/credit-notes/<id:note_id>/file")
@paying
def download_credit_note(note_id: int) -> Response:
    """The PDF as it was issued."""
    return download(paper(credit_note_for(actor(), note_id).file_id))


@blueprint.post("/billing/receipts/<id:receipt_id>/reissue")
@paying
def reissue_receipt(receipt_id: int) -> Response:
    """A copy of a receipt, marked as issued again."""
    receipt = receipt_for(actor(), receipt_id)
    invoice = invoice_for(actor(), receipt.invoice_id)
    receipts.reissue_receipt(receipt=receipt, invoice=invoice, by=actor())
    flash(_("The receipt was issued again. The copy says so."), "success")
    return redirect(url_for("billing.show_invoice", invoice_id=invoice.id), 303)
