"""An advance used for another invoice of the company, and moved back: each shown first, then done."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.billing.forms import AdvanceForm, ReversalForm
from portal.billing.models import Invoice
from portal.billing.queries.advances import find_move, owed_beside, undone_by
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import settlement
from portal.billing.services.advances import check_move, move_advance
from portal.billing.services.advances import undo_move as take_back
from portal.billing.staff.blueprint import blueprint, books
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.formats import day, yen
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.pages import page


@blueprint.get("/billing/invoices/<id:invoice_id>/advance")
@books
def edit_advance(invoice_id: int) -> Response:
    """For which invoice, and how much."""
    invoice = any_invoice(invoice_id)
    return _form_page(invoice, _form(invoice))


@blueprint.post("/billing/invoices/<id:invoice_id>/advance/preview")
@books
def preview_advance(invoice_id: int) -> Response:
    """What moving it would do; nothing is written yet."""
    invoice = any_invoice(invoice_id)
    form = _form(invoice)
    if form.validate():
        target = any_invoice(int(form.target.data))
        try:
            form.amount_yen.data = _amount(form, invoice, target)
            done = check_move(source=invoice, target=target, amount_yen=form.amount_yen.data)
            return page(
                "staff/billing/preview_advance.html",
                200,
                invoice=invoice,
                target=target,
                form=form,
                done=done,
            )
        except Refused as refused:
            refuse(form, refused)
    return _form_page(invoice, form)


@blueprint.post("/billing/invoices/<id:invoice_id>/advance")
@books
def use_advance(invoice_id: int) -> Response:
    """Move it; sent twice, it is moved once."""
    invoice = any_invoice(invoice_id)
    form = _form(invoice)
    if form.validate():
        target = any_invoice(int(form.target.data))
        try:
            move = move_advance(
                source=invoice,
                target=target,
                amount_yen=_amount(form, invoice, target),
                reason=form.reason.data,
                by=actor(),
                source_key=f"once:{invoice_id}:{form.deed}",
            )
            flash(
                _("%(amount)s are used for %(number)s.", amount=yen(move.amount_yen), number=target.number),
                "success",
            )
            return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return _form_page(invoice, form)


@blueprint.route("/billing/moved-advances/<id:move_id>/undo", methods=["GET", "POST"])
@books
def undo_advance(move_id: int) -> Response:
    """Move it back; the page says first what that does."""
    move = find_move(move_id)
    source, target = any_invoice(move.from_invoice_id), any_invoice(move.to_invoice_id)
    form = ReversalForm()
    if request.method == "POST" and form.validate():
        try:
            take_back(move=move, reason=form.reason.data, by=actor())
            flash(_("The advance is moved back. Both stand in the books."), "success")
            return redirect(url_for("billing_staff.show_invoice", invoice_id=source.id), 303)
        except Refused as refused:
            refuse(form, refused)
    return page(
        "staff/billing/undo_advance.html",
        move=move,
        invoice=source,
        target=target,
        form=form,
        is_undone=move.undoes_id is not None or undone_by(move) is not None,
    )


def _form(invoice: Invoice) -> AdvanceForm:
    """What is owed may be chosen, and what was chosen and is paid by now, so that sending it twice is no error."""
    form = AdvanceForm()
    english = current_language() == "en"
    form.target.choices = [
        (
            str(each.id),
            _(
                "%(number)s: %(subject)s, %(amount)s until %(day)s",
                number=each.number,
                subject=each.subject_en if english else each.subject_ja,
                amount=yen(each.outstanding_yen),
                day=day(each.due_on),
            ),
        )
        for each in owed_beside(invoice, also=form.target.data)
    ]
    return form


def _amount(form: AdvanceForm, invoice: Invoice, target: Invoice) -> int:
    if form.amount_yen.data:
        return int(form.amount_yen.data)
    owed = settlement.debt_of(target.id).outstanding_yen
    return min(settlement.debt_of(invoice.id).excess_yen, owed)


def _form_page(invoice: Invoice, form: AdvanceForm) -> Response:
    return page("staff/billing/edit_advance.html", invoice=invoice, receivable=invoice.receivable, form=form)
