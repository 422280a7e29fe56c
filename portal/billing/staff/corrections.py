"""Correct the words of an invoice: what would change is shown first."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.billing.documents import party
from portal.billing.forms import BUYER_FIELDS, CorrectionForm, correction_form
from portal.billing.labels import CORRECTION_LABELS
from portal.billing.models import Invoice
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.versions import any_revision, latest_version, line_data
from portal.billing.services.archives import open_paper
from portal.billing.services.corrections import (
    Change,
    Correction,
    changes_of,
    correct_invoice,
    receipt_to_renew,
)
from portal.billing.services.receipts import standing_receipt
from portal.billing.staff.blueprint import blueprint, books
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.domain.documents import PartySnapshot
from portal.files.downloads import download


@blueprint.get("/billing/invoices/<id:invoice_id>/correct")
@books
def edit_correction(invoice_id: int) -> Response:
    """The words as they stand now."""
    invoice = any_invoice(invoice_id)
    return _form_page(invoice, _form(invoice))


@blueprint.post("/billing/invoices/<id:invoice_id>/correct/preview")
@books
def preview_correction(invoice_id: int) -> Response:
    """What would read otherwise; nothing is written yet."""
    invoice = any_invoice(invoice_id)
    form = _form(invoice)
    if form.validate():
        changes = changes_of(invoice, _wanted(invoice, form))
        if changes:
            return page(
                "staff/billing/preview_correction.html",
                200,
                invoice=invoice,
                form=form,
                changes=[_named(change) for change in changes],
                version=latest_version(invoice),
                receipt=receipt_to_renew(invoice, changes),
                has_receipt=standing_receipt(invoice) is not None,
            )
        refuse(form, Refused(_("Nothing is different from the invoice as it stands.")))
    return _form_page(invoice, form)


@blueprint.post("/billing/invoices/<id:invoice_id>/correct")
@books
def add_correction(invoice_id: int) -> Response:
    """Issue the corrected paper; sent twice, it is issued once."""
    invoice = any_invoice(invoice_id)
    form = _form(invoice)
    if form.validate():
        try:
            revision = correct_invoice(
                invoice=invoice,
                wanted=_wanted(invoice, form),
                reason=form.reason.data,
                by=actor(),
                source_key=f"once:{invoice_id}:{form.deed}",
            )
            flash(
                _("Corrected invoice %(number)s is issued and on its way.", number=revision.number), "success"
            )
            return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return _form_page(invoice, form)


@blueprint.post("/billing/corrected-invoices/<id:revision_id>/file")
@books
def download_correction(revision_id: int) -> Response:
    """The PDF as it was issued."""
    return download(open_paper(any_revision(revision_id).file_id, by=actor()))


def _form(invoice: Invoice) -> CorrectionForm:
    version = latest_version(invoice)
    return correction_form(version, line_data(version))


def _wanted(invoice: Invoice, form: CorrectionForm) -> Correction:
    typed = form.values()
    return Correction(
        buyer=typed_buyer(invoice, form),
        subject=typed["subject"],
        purchase_order=typed["purchase_order"] or "",
        descriptions={
            int(name.removeprefix("line_")): words
            for name, words in typed.items()
            if name.startswith("line_")
        },
    )


def typed_buyer(invoice: Invoice, form: CorrectionForm) -> PartySnapshot:
    """Who the paper is made out to: as it was, with what was typed."""
    typed = form.values()
    return party(latest_version(invoice).buyer | {name: typed[name] or "" for name in BUYER_FIELDS})


def _named(change: Change) -> dict[str, object]:
    kind, _part, place = change.field.partition("line_")
    label = CORRECTION_LABELS[change.field] if not place else _("Line %(place)s", place=place)
    return {"field": label, "old": change.old, "new": change.new}


def _form_page(invoice: Invoice, form: CorrectionForm) -> Response:
    return page(
        "staff/billing/edit_correction.html",
        invoice=invoice,
        form=form,
        lines=line_data(latest_version(invoice)),
    )
