"""Refunds through the payment provider: shown first, then asked for; and what payers have there."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.billing.forms import BalanceForm, ProviderRefundForm, provider_refund_form
from portal.billing.models import Invoice, PayerBalance
from portal.billing.queries import returns
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.refundable import Refundable, refundable
from portal.billing.services.returns.balances import send_to_bank, use_for_invoice
from portal.billing.services.returns.orders import find_asked, order_refund, plan_refund
from portal.billing.staff.blueprint import blueprint, books
from portal.core.access import actor
from portal.core.clock import OFFICE_ZONE
from portal.core.errors import Refused
from portal.core.formats import day, yen
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page


@blueprint.get("/billing/invoices/<id:invoice_id>/provider-refund")
@books
def edit_provider_refund(invoice_id: int) -> Response:
    """Which payment goes back, and how much of it."""
    invoice = any_invoice(invoice_id)
    sources = refundable(invoice)
    most = min(invoice.receivable.excess_yen, sources[0].left_yen) if sources else 0
    return _refund_page(invoice, provider_refund_form(_choices(invoice, sources), most))


@blueprint.post("/billing/invoices/<id:invoice_id>/provider-refund/preview")
@books
def preview_provider_refund(invoice_id: int) -> Response:
    """What this would do; nothing is written, and the provider is not asked yet."""
    invoice = any_invoice(invoice_id)
    form = provider_refund_form(_choices(invoice, refundable(invoice)))
    if form.validate():
        try:
            plan = plan_refund(
                invoice=invoice, attempt_id=int(form.payment.data), amount_yen=form.amount_yen.data
            )
            return page(
                "staff/billing/preview_provider_refund.html", 200, invoice=invoice, form=form, plan=plan
            )
        except Refused as refused:
            refuse(form, refused)
    return _refund_page(invoice, form)


@blueprint.post("/billing/invoices/<id:invoice_id>/provider-refund")
@books
def add_provider_refund(invoice_id: int) -> Response:
    """Ask for the refund; sent twice, it is asked for once."""
    invoice = any_invoice(invoice_id)
    form = provider_refund_form(_choices(invoice, refundable(invoice)))
    if find_asked(invoice, form.once.data or ""):  # after it the payment may be offered no more
        return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice_id), 303)
    if form.validate():
        try:
            order = order_refund(
                invoice=invoice,
                attempt_id=int(form.payment.data),
                amount_yen=form.amount_yen.data,
                note=form.note.data or "",
                by=actor(),
                once=form.once.data or "",
            )
            flash(
                _("The payment provider is asked to give %(amount)s back.", amount=yen(order.amount_yen)),
                "success",
            )
            return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return _refund_page(invoice, form)


def _choices(invoice: Invoice, sources: Sequence[Refundable]) -> list[tuple[int, object]]:
    """Of each payment what can go back now: no more than the advance; one that is not complete goes back whole or not at all."""
    advance = invoice.receivable.excess_yen
    return [
        (
            each.attempt.id,
            _(
                "%(method)s of %(day)s: %(amount)s can be given back",
                method=str(each.attempt.method.label),
                day=day(each.attempt.created_at.astimezone(OFFICE_ZONE).date()),
                amount=yen(each.left_yen if each.is_part else min(each.left_yen, advance)),
            ),
        )
        for each in sources
    ]


def _refund_page(invoice: Invoice, form: ProviderRefundForm) -> Response:
    return page(
        "staff/billing/edit_provider_refund.html",
        invoice=invoice,
        receivable=invoice.receivable,
        sources=refundable(invoice),
        form=form,
    )


@blueprint.get("/billing/balances/<id:balance_id>")
@books
def show_balance(balance_id: int) -> Response:
    """What a payer has with the provider, and the two ways out."""
    return _balance_page(returns.find_balance(balance_id), BalanceForm())


@blueprint.post("/billing/balances/<id:balance_id>/refund")
@books
def refund_balance(balance_id: int) -> Response:
    """Have all of it sent to the payer's bank."""
    balance = returns.find_balance(balance_id)
    form = BalanceForm()
    if form.validate():
        try:
            once = form.once.data or ""
            amount = form.amount_yen.data or balance.balance_yen
            send_to_bank(balance=balance, amount_yen=amount, by=actor(), once=once)
            flash(
                _(
                    "The payment provider is asked to send %(amount)s to the company's bank.",
                    amount=yen(amount),
                ),
                "success",
            )
            return redirect(url_for("billing_staff.show_provider"), 303)
        except Refused as refused:
            refuse(form, refused)
    return _balance_page(balance, form)


@blueprint.post("/billing/balances/<id:balance_id>/use/<id:invoice_id>")
@books
def use_balance(balance_id: int, invoice_id: int) -> Response:
    """Have an open invoice of the company paid out of it."""
    balance, invoice = returns.find_balance(balance_id), any_invoice(invoice_id)
    form = BalanceForm(formdata=None)
    try:
        attempt = use_for_invoice(balance=balance, invoice=invoice, by=actor())
    except Refused as refused:
        refuse(form, refused)
        return _balance_page(balance, form)
    flash(
        _("The payment provider is asked to pay %(amount)s of it.", amount=yen(attempt.amount_yen)), "success"
    )
    return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice_id), 303)


def _balance_page(balance: PayerBalance, form: BalanceForm) -> Response:
    return page(
        "staff/billing/show_balance.html",
        balance=balance,
        company=returns.company_of(balance),
        invoices=returns.open_invoices_of(balance.organisation_id),
        lost=returns.written_off_of(balance.organisation_id),
        form=form,
    )
