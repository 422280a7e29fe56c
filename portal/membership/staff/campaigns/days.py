"""A campaign's days: typed, seen in a preview, begun, changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.reminder_ladder import USUAL_LADDER
from portal.domain.terms import FiscalYear
from portal.membership.models import RenewalCampaign
from portal.membership.queries import renewals as reads
from portal.membership.services import renewals as verbs
from portal.membership.staff.blueprint import blueprint, keepers
from portal.membership.staff.campaigns.filters import ENDPOINT
from portal.membership.staff.refusing import undo_and_refuse
from portal.membership.staff.renewal_forms import CampaignForm, ladder_in_words, typed_ladder

CONFIRM, CHANGE = "confirm", "change"


@blueprint.route("/membership/renewals/new", methods=["GET", "POST"])
@keepers
def add_campaign() -> Response:
    """Type the days, see who gets what, begin."""
    form = CampaignForm(data=_usual_days())
    if not form.validate_on_submit() or request.form.get("step") == CHANGE:
        return page("staff/membership/edit_campaign.html", form=form, campaign=None)
    try:
        if request.form.get("step") == CONFIRM:
            campaign = verbs.create_campaign(**form.days(), by=actor())
            flash(_("The campaign has begun."), "success")
            return redirect(url_for(ENDPOINT, campaign_id=campaign.id))
        plan = verbs.preview_campaign(form.days(), current_language())
    except (Refused, IntegrityError) as error:
        undo_and_refuse(form, error)
        return page("staff/membership/edit_campaign.html", form=form, campaign=None)
    kept = [
        (name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")
    ]
    return page(
        "staff/membership/preview_campaign.html", form=form, plan=plan, kept=kept, confirm=CONFIRM, change=CHANGE,
        days=form.days(), reminders=ladder_in_words(form.steps()), today=clock.today(),
    )  # fmt: skip


@blueprint.route("/membership/renewals/<id:campaign_id>/edit", methods=["GET", "POST"])
@keepers
def edit_campaign(campaign_id: int) -> Response:
    """Other days, another ladder; renewals with a day of their own keep it."""
    campaign = reads.campaign_numbered(actor(), campaign_id)
    form = CampaignForm(data=_days_of(campaign))
    form.fiscal_year.data = campaign.fiscal_year
    if form.validate_on_submit():
        days = {name: value for name, value in form.days().items() if name != "fiscal_year"}
        try:
            moved = verbs.change_campaign(campaign=campaign, by=actor(), **days)
            flash(
                _("The days are saved. Deadlines moved: %(number)s. No mail goes out for it.", number=moved),
                "success",
            )
            return redirect(url_for(ENDPOINT, campaign_id=campaign_id))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            campaign = reads.campaign_numbered(actor(), campaign_id)
    return page("staff/membership/edit_campaign.html", form=form, campaign=campaign)


def _usual_days() -> dict[str, Any]:
    """The first year that has no campaign; ninety days before the end of the year before, or today when that has passed."""
    taken = {campaign.fiscal_year for campaign in reads.campaigns()}
    year = FiscalYear.of(clock.today())
    while year.next.year in taken:
        year = year.next
    deadline = year.ends_on
    offers = max(clock.today(), deadline + timedelta(days=USUAL_LADDER[0]))
    return {
        "fiscal_year": year.next.year, "offers_on": offers, "deadline_on": deadline, "grace_days": 30,
        "suspension_days": 30, **typed_ladder(USUAL_LADDER),
    }  # fmt: skip


def _days_of(campaign: RenewalCampaign) -> dict[str, Any]:
    return {
        "fiscal_year": campaign.fiscal_year, "offers_on": campaign.offers_on, "deadline_on": campaign.deadline_on,
        "grace_days": campaign.grace_days, "suspension_days": campaign.suspension_days, **typed_ladder(campaign.ladder),
    }  # fmt: skip
