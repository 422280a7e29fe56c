"""Credit notes and money paid back: each shown first, then done."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.billing.enums import TAX_LABELS
from portal.billing.forms import RefundForm, credit_form
from portal.billing.models import Invoice
from portal.billing.queries.credits import any_credit_note, left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.archives import open_paper
from portal.billing.services.credit_plans import plan_credit
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.refunds import check_refund, record_refund
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.forms import Form, refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.files.downloads import download


@blueprint.get("/billing/invoices/<id:invoice_id>/credit")
@books
def edit_credit(invoice_id: int) -> Response:
    """What shall be given back, line by line; filled in with all that is left."""
    invoice = any_invoice(invoice_id)
    return _credit_page(invoice, credit_form(invoice.lines, left_of_lines(invoice)))


@blueprint.post("/billing/invoices/<id:invoice_id>/credit/preview")
@books
def preview_credit(invoice_id: int) -> Response:
    """What the credit note would say and do; nothing is written yet."""
    invoice = any_invoice(invoice_id)
    form = credit_form(invoice.lines)
    if form.validate():
        try:
            plan = plan_credit(invoice, _amounts(form))
            return page(
                "staff/billing/preview_credit.html",
                200,
                invoice=invoice,
                form=form,
                plan=plan,
                tax_labels=TAX_LABELS,
            )
        except Refused as refused:
            refuse(form, refused)
    return _credit_page(invoice, form)


@blueprint.post("/billing/invoices/<id:invoice_id>/credit")
@books
def issue_credit(invoice_id: int) -> Response:
    """Issue the credit note; sent twice, it is issued once."""
    invoice = any_invoice(invoice_id)
    form = credit_form(invoice.lines)
    if form.validate():
        try:
            note = issue_credit_note(
                invoice=invoice,
                amounts=_amounts(form),
                reason=form.reason.data,
                by=actor(),
                source_key=f"once:{invoice_id}:{form.deed}",
            )
            flash(_("Credit note %(number)s is issued and on its way.", number=note.number), "success")
            return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return _credit_page(invoice, form)


@blueprint.post("/billing/credit-notes/<id:note_id>/file")
@books
def download_credit_note(note_id: int) -> Response:
    """The PDF as it was issued."""
    return download(open_paper(any_credit_note(note_id).file_id, by=actor()))


@blueprint.get("/billing/invoices/<id:invoice_id>/refund")
@books
def edit_refund(invoice_id: int) -> Response:
    """How much of the advance went back, and when."""
    invoice = any_invoice(invoice_id)
    excess = invoice.receivable.excess_yen
    return _refund_page(invoice, RefundForm(amount_yen=excess or None, paid_on=clock.today()))


@blueprint.post("/billing/invoices/<id:invoice_id>/refund/preview")
@books
def preview_refund(invoice_id: int) -> Response:
    """What writing this down would do; nothing is written yet."""
    invoice = any_invoice(invoice_id)
    form = RefundForm()
    if form.validate():
        try:
            done = check_refund(invoice=invoice, amount_yen=form.amount_yen.data, paid_on=form.paid_on.data)
            return page("staff/billing/preview_refund.html", 200, invoice=invoice, form=form, done=done)
        except Refused as refused:
            refuse(form, refused)
    return _refund_page(invoice, form)


@blueprint.post("/billing/invoices/<id:invoice_id>/refund")
@books
def add_refund(invoice_id: int) -> Response:
    """Write down that money went back; sent twice, it is written once."""
    invoice = any_invoice(invoice_id)
    form = RefundForm()
    if form.validate():
        try:
            once = f"{invoice_id}:{form.deed}"
            refund = record_refund(invoice=invoice, by=actor(), once=once, **form.values())
            flash(_("%(amount)s are written down as paid back.", amount=yen(refund.amount_yen)), "success")
            return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return _refund_page(invoice, form)


def _amounts(form: Form) -> dict[int, int]:
    typed = {name: value for name, value in form.values().items() if name.startswith("line_")}
    return {int(name.removeprefix("line_")): value or 0 for name, value in typed.items()}


def _credit_page(invoice: Invoice, form: Form) -> Response:
    left = left_of_lines(invoice)
    return page(
        "staff/billing/edit_credit.html",
        invoice=invoice,
        form=form,
        left=left,
        is_possible=any(left.values()),
    )


def _refund_page(invoice: Invoice, form: RefundForm) -> Response:
    return page("staff/billing/edit_refund.html", invoice=invoice, receivable=invoice.receivable, form=form)
