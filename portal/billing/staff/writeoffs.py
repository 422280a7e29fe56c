"""Claims that nobody will pay: shown first, then written off; undone by the opposite."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.billing.enums import ACCOUNT_LABELS
from portal.billing.forms import UndoWriteOffForm, WriteOffForm
from portal.billing.models import Invoice
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.returns import find_write_off
from portal.billing.services.returns import writeoffs
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.domain.ledger import Account

_LOSS = {"debit": ACCOUNT_LABELS[Account.LOSSES], "credit": ACCOUNT_LABELS[Account.RECEIVABLE]}
_BACK = {"debit": _LOSS["credit"], "credit": _LOSS["debit"]}


@blueprint.get("/billing/invoices/<id:invoice_id>/write-off")
@books
def edit_write_off(invoice_id: int) -> Response:
    """What is owed, and why nobody will pay it."""
    return _form_page(any_invoice(invoice_id), WriteOffForm())


@blueprint.post("/billing/invoices/<id:invoice_id>/write-off/preview")
@books
def preview_write_off(invoice_id: int) -> Response:
    """What it would do to books, tax and what depends on the invoice; nothing is written yet."""
    invoice, form = any_invoice(invoice_id), WriteOffForm()
    if form.validate():
        try:
            loss = writeoffs.plan_write_off(invoice)
            form.seen.data = str(loss.amount_yen)
            return page(
                "staff/billing/preview_write_off.html", 200, invoice=invoice, form=form, loss=loss, **_LOSS
            )
        except Refused as refused:
            refuse(form, refused)
    return _form_page(invoice, form)


@blueprint.post("/billing/invoices/<id:invoice_id>/write-off")
@books
def add_write_off(invoice_id: int) -> Response:
    """Write the rest off; sent twice, it is written off once."""
    invoice, form = any_invoice(invoice_id), WriteOffForm()
    if form.validate():
        try:
            row = writeoffs.write_off(
                invoice=invoice,
                owed_yen=form.owed_yen,
                reason=form.reason.data,
                by=actor(),
                source=f"invoice:{invoice_id}:{form.once.data}",
            )
            flash(_("%(amount)s are written off.", amount=yen(row.amount_yen)), "success")
            return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return _form_page(invoice, form)


@blueprint.route("/billing/write-offs/<id:write_off_id>/undo", methods=["GET", "POST"])
@books
def undo_write_off(write_off_id: int) -> Response:
    """Ask for it again; the page says first what that does."""
    row = find_write_off(write_off_id)
    invoice, form = any_invoice(row.invoice_id), UndoWriteOffForm()
    if request.method == "POST" and form.validate():
        try:
            writeoffs.undo_write_off(row=row, invoice=invoice, reason=form.reason.data, by=actor())
            flash(_("The write-off is undone. It stays in the books with its opposite."), "success")
            return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice.id), 303)
        except Refused as refused:
            refuse(form, refused)
    return page("staff/billing/undo_write_off.html", row=row, invoice=invoice, form=form, **_BACK)


def _form_page(invoice: Invoice, form: WriteOffForm) -> Response:
    return page(
        "staff/billing/edit_write_off.html",
        invoice=invoice,
        receivable=invoice.receivable,
        form=form,
        today=clock.today(),
    )
