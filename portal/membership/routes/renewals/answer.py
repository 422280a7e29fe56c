"""Renew with one click, or decline, with a session."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.membership.models import Renewal
from portal.membership.queries import renewals as reads
from portal.membership.renewal_forms import DeclineForm, RenewForm, fill
from portal.membership.renewing import AnswerWay, present_words
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.renewals.confirm import (
    answered_before,
    confirm_page,
    note_declined,
    renew_form,
    renewed_words,
    to_renewal,
    undo_and_refuse,
    wanted_tier,
)
from portal.membership.services import renewals as verbs


@blueprint.route("/membership/renewals/<id:renewal_id>/renew", methods=["GET", "POST"])
@access.signed_in
def renew_membership(renewal_id: int) -> Response:
    """Price, wordings, purchase order number, one button. Pressed twice, it renews once."""
    renewal = reads.renewal_for(actor(), renewal_id)
    if not verbs.is_answerable(renewal):
        return to_renewal(renewal)
    tier = wanted_tier(renewal)
    if tier is None:
        return redirect(url_for("membership.change_renewal_tier", renewal_id=renewal.id))
    form = renew_form(renewal, tier)
    status = None
    if form.validate_on_submit():
        try:
            verbs.renew(
                renewal=renewal, accepted=form.shown, by=actor(), tier_code=tier.code, facts=form.facts,
                purchase_order=form.purchase_order.data or "", seen=form.seen_version,
            )  # fmt: skip
            flash(renewed_words(renewal), "success")
            return to_renewal(renewal)
        except Refused as refused:
            renewal, status = _taken_back(renewal_id, form, refused), refused.status
            if not verbs.is_answerable(renewal):
                return answered_before(renewal)
    return confirm_page("membership/renew_membership.html", status, form, renewal, tier)


@blueprint.route("/membership/renewals/<id:renewal_id>/decline", methods=["GET", "POST"])
@access.signed_in
def decline_renewal(renewal_id: int) -> Response:
    """Say why, and that it is over with the year."""
    renewal = reads.renewal_for(actor(), renewal_id)
    if not verbs.is_answerable(renewal):
        return to_renewal(renewal)
    form = DeclineForm()
    if request.method != "POST":
        fill(form, seen=renewal.version)
    if form.validate_on_submit():
        try:
            note_declined(renewal, form, actor(), AnswerWay.PORTAL)
            flash(_("We have noted that your company does not renew."), "success")
            return to_renewal(renewal)
        except OutOfDate:
            rollback()
            return answered_before(reads.renewal_for(actor(), renewal_id))
    present = present_words(renewal.from_term.last_day)
    return page("membership/decline_renewal.html", form=form, renewal=renewal, present=present)


def _taken_back(renewal_id: int, form: RenewForm, refused: Refused) -> Renewal:
    undo_and_refuse(form, refused)
    return reads.renewal_for(actor(), renewal_id)
