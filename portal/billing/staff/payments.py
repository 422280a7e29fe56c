"""Transfers on the bank's statement: recorded after a preview, undone by their opposite."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.billing.enums import PaymentSource
from portal.billing.forms import BankPaymentForm, ReversalForm
from portal.billing.queries.bank import deposit_of
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.office import find_payment
from portal.billing.services.payments import check_bank_payment, record_bank_payment
from portal.billing.services.reversals import is_reversed
from portal.billing.services.reversals import reverse_payment as reverse
from portal.billing.staff.blueprint import blueprint, books
from portal.billing.staff.invoices import invoice_page
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.formats import yen
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page


@blueprint.post("/billing/invoices/<id:invoice_id>/payments/preview")
@books
def preview_payment(invoice_id: int) -> Response:
    """What recording this transfer would do; nothing is written yet."""
    invoice = any_invoice(invoice_id)
    form = BankPaymentForm()
    if form.validate():
        try:
            done = check_bank_payment(
                invoice=invoice, amount_yen=form.amount_yen.data, received_on=form.received_on.data
            )
            return page("staff/billing/preview_payment.html", 200, invoice=invoice, form=form, done=done)
        except Refused as refused:
            refuse(form, refused)
    return invoice_page(invoice, form)


@blueprint.post("/billing/invoices/<id:invoice_id>/payments")
@books
def record_payment(invoice_id: int) -> Response:
    """Record the transfer; sent twice, it is recorded once."""
    invoice = any_invoice(invoice_id)
    form = BankPaymentForm()
    if form.validate():
        try:
            payment = record_bank_payment(
                invoice=invoice, by=actor(), once=f"{invoice_id}:{form.deed}", **form.values()
            )
            flash(_("The transfer of %(amount)s is recorded.", amount=yen(payment.amount_yen)), "success")
            return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return invoice_page(invoice, form)


@blueprint.route("/billing/payments/<id:payment_id>/reverse", methods=["GET", "POST"])
@books
def reverse_payment(payment_id: int) -> Response:
    """Undo a recorded transfer; the page says first what that does."""
    payment = find_payment(payment_id)
    if payment.provider is not PaymentSource.BANK:
        raise NotFound
    deposit_id = deposit_of(payment.id)
    if deposit_id is not None:  # it is undone with its deposit, so that both say the same
        return redirect(url_for("billing_staff.show_deposit", deposit_id=deposit_id), 303)
    invoice = any_invoice(payment.invoice_id)
    form = ReversalForm()
    if request.method == "POST" and form.validate():
        try:
            reverse(payment=payment, invoice=invoice, reason=form.reason.data, by=actor())
            flash(_("The payment is undone. It stays in the books with its opposite."), "success")
            return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice.id), 303)
        except Refused as refused:
            refuse(form, refused)
    return page(
        "staff/billing/reverse_payment.html",
        payment=payment,
        invoice=invoice,
        form=form,
        is_undone=is_reversed(payment.id),
    )
