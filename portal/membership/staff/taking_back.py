"""Take a change of tier back before it is paid: say why, see the papers and mails, confirm."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.membership.models import TierChange
from portal.membership.queries.tier_changes import change_for_review
from portal.membership.services.rehearsal import rehearse
from portal.membership.services.tier_changes.taking_back import plan_taking_back
from portal.membership.services.tier_changes.taking_back import take_back_change as take_back
from portal.membership.staff.blueprint import blueprint, keepers
from portal.membership.staff.refusing import undo_and_refuse
from portal.membership.tier_forms import TakeBackForm

SHOW, CONFIRM, CHANGE = "membership_staff.show_tier_change", "confirm", "change"


@blueprint.route("/membership/tier-changes/<id:change_id>/take-back", methods=["GET", "POST"])
@keepers
def take_back_tier_change(change_id: int) -> Response:
    """What it does stands above the form; the mails are shown before anything happens."""
    form, status = TakeBackForm(), None
    if request.method == "POST" and request.form.get("step") != CHANGE and form.validate():
        try:
            if request.form.get("step") == CONFIRM:
                _act(change_id, form)
                flash(_("The change is taken back; the company has its papers."), "success")
                return redirect(url_for(SHOW, change_id=change_id))
            return _preview(change_id, form)
        except (Refused, IntegrityError) as error:
            status = undo_and_refuse(form, error)
    return _page("staff/membership/take_back_tier_change.html", status, change_id, form)


def _act(change_id: int, form: TakeBackForm) -> TierChange:
    change = change_for_review(actor(), change_id)
    take_back(change=change, reason=form.reason.data or "", seen=form.fingerprint, by=actor())
    return change


def _preview(change_id: int, form: TakeBackForm) -> Response:
    plan = rehearse(lambda: _act(change_id, form), current_language())
    return _page("staff/membership/preview_take_back.html", 200, change_id, form, mails=plan.mails)


def _page(
    template: str, status: int | None, change_id: int, form: TakeBackForm, **context: object
) -> Response:
    change = change_for_review(actor(), change_id)
    try:
        plan = plan_taking_back(change, change.term)
    except Refused as refused:
        rollback()
        change = change_for_review(actor(), change_id)
        return page(
            "staff/membership/change_stands.html", OutOfDate.status, change=change, message=refused.message
        )
    form.seen.data = plan.fingerprint
    return page(
        template, status, change=change, plan=plan, form=form, confirm=CONFIRM, again=CHANGE, **context
    )
