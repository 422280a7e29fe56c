"""Issue an invoice anew with other amounts: what that does is shown first."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.billing.enums import TAX_LABELS
from portal.billing.forms import CorrectionForm, replacement_form
from portal.billing.line_forms import bill_lines, rows_of, typed_lines
from portal.billing.models import Invoice
from portal.billing.queries.credits import credit_notes_of
from portal.billing.queries.invoices import any_invoice, receipts_of
from portal.billing.queries.replacements import is_replaced
from portal.billing.queries.versions import latest_version, line_data
from portal.billing.services.replacements import Replacement, plan_replacement
from portal.billing.services.replacements import replace_invoice as issue_anew
from portal.billing.staff.blueprint import blueprint, books
from portal.billing.staff.corrections import typed_buyer
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page


@blueprint.get("/billing/invoices/<id:invoice_id>/replace")
@books
def edit_replacement(invoice_id: int) -> Response:
    """Lines, amounts and tax as they stand now."""
    invoice = any_invoice(invoice_id)
    return _form_page(invoice, _form(invoice))


@blueprint.post("/billing/invoices/<id:invoice_id>/replace/preview")
@books
def preview_replacement(invoice_id: int) -> Response:
    """The new invoice, the credit note and where the money goes; nothing is written yet."""
    invoice = any_invoice(invoice_id)
    form = _form(invoice)
    wanted = _wanted(invoice, form)
    if wanted is not None:
        try:
            plan = plan_replacement(invoice, wanted)
            return page(
                "staff/billing/preview_replacement.html",
                200,
                invoice=invoice,
                form=form,
                plan=plan,
                lines=[each.as_data() for each in plan.bill.lines],
                tax_labels=TAX_LABELS,
                due_on=plan.due_on,
                given=credit_notes_of(invoice),
                has_receipt=any(each.void is None for each in receipts_of(invoice)),
            )
        except Refused as refused:
            refuse(form, refused)
    return _form_page(invoice, form)


@blueprint.post("/billing/invoices/<id:invoice_id>/replace")
@books
def issue_replacement(invoice_id: int) -> Response:
    """Issue both papers; sent twice, they are issued once."""
    invoice = any_invoice(invoice_id)
    form = _form(invoice)
    wanted = _wanted(invoice, form)
    if wanted is not None:
        try:
            new = issue_anew(
                invoice=invoice,
                wanted=wanted,
                reason=form.reason.data,
                by=actor(),
                source_key=f"once:{invoice_id}:{form.once.data}",
            )
            flash(_("Invoice %(number)s is issued and on its way.", number=new.number), "success")
            return redirect(url_for("billing_staff.show_invoice", invoice_id=new.id), 303)
        except Refused as refused:
            refuse(form, refused)
    return _form_page(invoice, form)


def _form(invoice: Invoice) -> CorrectionForm:
    version = latest_version(invoice)
    return replacement_form(version, line_data(version), request.form)


def _wanted(invoice: Invoice, form: CorrectionForm) -> Replacement | None:
    """What was typed; None when it has errors, which stand at their fields."""
    if not form.validate():
        return None
    version = latest_version(invoice)
    typed = typed_lines(form)
    if form.errors:
        return None
    values = form.values()
    subject = {"ja": version.subject_ja, "en": version.subject_en} | {invoice.language: values["subject"]}
    return Replacement(
        buyer=typed_buyer(invoice, form),
        subject=subject,
        purchase_order=values["purchase_order"] or "",
        lines=bill_lines(typed, line_data(version), invoice.language),
    )


def _form_page(invoice: Invoice, form: CorrectionForm) -> Response:
    return page(
        "staff/billing/edit_replacement.html",
        invoice=invoice,
        form=form,
        rows=rows_of(form),
        is_done=is_replaced(invoice),
        given=credit_notes_of(invoice),
    )
