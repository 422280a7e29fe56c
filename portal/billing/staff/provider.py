"""The payment provider's news, and where its books and ours differ."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.billing.forms import DifferenceForm
from portal.billing.models import ProviderDifference
from portal.billing.queries import office, returns
from portal.billing.services.checkouts import online_payments
from portal.billing.services.differences import resolve_difference as resolve
from portal.billing.services.returns.remedies import ADVICE, Remedy, remedies_of
from portal.billing.services.returns.remedies import apply_remedy as apply_it
from portal.billing.staff.blueprint import blueprint, books
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import cursor_argument, page
from portal.jobs.services import enqueue


@blueprint.get("/billing/provider")
@books
def show_provider() -> Response:
    """Differences that wait for somebody, news that waits for a job, the last look."""
    provider = online_payments()
    return page(
        "staff/billing/show_provider.html",
        is_on=provider is not None,
        accepts_webhooks=provider is not None and provider.accepts_webhooks,
        differences=[(each, remedies_of(each)) for each in office.open_differences()],
        orders=returns.open_orders(),
        balances=returns.balances(),
        waiting=office.waiting_events(),
        events=office.recent_events(cursor=cursor_argument()),
        look=office.last_look(),
    )


@blueprint.post("/billing/provider/compare")
@books
def compare_provider() -> Response:
    """Look at the provider's list now."""
    enqueue("billing.compare_with_provider")
    flash(_("The comparison has been started. Reload this page in a minute."), "info")
    return redirect(url_for("billing_staff.show_provider"), 303)


@blueprint.post("/billing/differences/<id:difference_id>/remedy")
@books
def apply_remedy(difference_id: int) -> Response:
    """Do what one click can do about a difference."""
    difference = office.find_difference(difference_id)
    remedy = next((each for each in Remedy if each.value == request.form.get("remedy")), None)
    if remedy is None:
        abort(400)
    form = DifferenceForm(formdata=None)
    try:
        apply_it(difference=difference, remedy=remedy, by=actor())
    except Refused as refused:
        refuse(form, refused)
        return _difference_page(difference, form, status=refused.status)
    flash(_("Booked, and noted."), "success")
    return redirect(url_for("billing_staff.show_provider"), 303)


@blueprint.route("/billing/differences/<id:difference_id>/resolve", methods=["GET", "POST"])
@books
def resolve_difference(difference_id: int) -> Response:
    """Say what became of a difference."""
    difference = office.find_difference(difference_id)
    form = DifferenceForm()
    if request.method == "POST" and form.validate():
        try:
            resolve(difference=difference, note=form.note.data, by=actor())
            flash(_("Noted."), "success")
            return redirect(url_for("billing_staff.show_provider"), 303)
        except Refused as refused:
            refuse(form, refused)
    return _difference_page(difference, form)


def _difference_page(
    difference: ProviderDifference, form: DifferenceForm, *, status: int | None = None
) -> Response:
    return page(
        "staff/billing/resolve_difference.html",
        status,
        difference=difference,
        form=form,
        advice=ADVICE[difference.kind],
        remedies=remedies_of(difference),
    )
