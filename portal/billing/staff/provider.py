"""The payment provider's news, and where its books and ours differ."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.billing.forms import DifferenceForm
from portal.billing.queries import office
from portal.billing.services.checkouts import online_payments
from portal.billing.services.differences import resolve_difference as resolve
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
        differences=office.open_differences(),
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
    return page("staff/billing/resolve_difference.html", difference=difference, form=form)
