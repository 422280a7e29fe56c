"""Tiers by fiscal year: list, add a version, change one, end one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.admin.forms import EndTierForm, TierForm
from portal.admin.policy import CHANGING_ROLES, READING_ROLES, may_change
from portal.admin.queries import tier_uses
from portal.admin.staff.blueprint import blueprint
from portal.core import access
from portal.core.access import actor
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.forms import FIRST_YEAR, LAST_YEAR, Form, refuse
from portal.core.i18n import _, ngettext
from portal.core.pages import page
from portal.core.preview import Step, differences, preview, step_of
from portal.membership.models import Tier
from portal.membership.queries import all_tiers, this_year
from portal.membership.services.tiers import check_tier, prices_now, save_tier


@blueprint.get("/settings/tiers")
@access.roles(*READING_ROLES)
def list_tiers() -> Response:
    """The tiers on offer in a fiscal year, and every version that there is."""
    year = _wanted_year()
    tiers = all_tiers()
    on_offer = [tier for tier in tiers if tier.valid_from <= year <= (tier.valid_to or LAST_YEAR)]
    return page(
        "staff/admin/list_tiers.html",
        year=year,
        years=range(this_year() - 1, this_year() + 3),
        rows=list(zip(on_offer, prices_now(on_offer, year), strict=True)),
        others=[tier for tier in tiers if tier not in on_offer],
        administers=may_change(actor()),
    )


@blueprint.route("/settings/tiers/new", methods=["GET", "POST"])
@access.roles(*CHANGING_ROLES)
def add_tier() -> Response:
    """A new tier, or a new version of one (`like` names the version to begin with)."""
    form = TierForm(data=_beginning())
    step = _checked(step_of(form), form, None)
    if step is Step.PREVIEW:
        effects = [
            _("The tier stands in the public table and in applications for its fiscal years at once."),
            _("No contract and no application that has been sent in changes."),
        ]
        after = _values(form)
        return preview(
            title=_("Add this tier?"),
            confirm=_("Add the tier"),
            changes=differences(form, {}, after),
            effects=effects,
        )
    if step is Step.MAKE and _saved(form, None):
        flash(_("The tier has been added."), "success")
        return redirect(url_for("admin.list_tiers", year=form.valid_from.data))
    return page("staff/admin/edit_tier.html", form=form, tier=None)


@blueprint.route("/settings/tiers/<id:tier_id>", methods=["GET", "POST"])
@access.roles(*CHANGING_ROLES)
def edit_tier(tier_id: int) -> Response:
    """Change a version of a tier; what was agreed keeps its own copy."""
    tier = _tier(tier_id)
    form = TierForm(obj=tier)
    step = _checked(step_of(form), form, tier)
    if step is Step.PREVIEW:
        after = _values(form)
        before = {name: getattr(tier, name) for name in after}
        return preview(
            title=_("Change this tier?"),
            confirm=_("Change the tier"),
            changes=differences(form, before, after),
            effects=_effects(tier),
        )
    if step is Step.MAKE and _saved(form, tier):
        flash(_("The tier has been changed."), "success")
        return redirect(url_for("admin.list_tiers", year=max(tier.valid_from, this_year())))
    return page("staff/admin/edit_tier.html", form=form, tier=tier)


@blueprint.route("/settings/tiers/<id:tier_id>/end", methods=["GET", "POST"])
@access.roles(*CHANGING_ROLES)
def end_tier(tier_id: int) -> Response:
    """Offer a tier for the last time in a fiscal year."""
    tier = _tier(tier_id)
    form = EndTierForm(data={"valid_to": tier.valid_to or max(tier.valid_from, this_year())})
    step = _checked(step_of(form), form, tier)
    if step is Step.PREVIEW:
        return preview(
            title=_("End this tier?"),
            confirm=_("End the tier"),
            changes=differences(form, {"valid_to": tier.valid_to}, {"valid_to": form.valid_to.data}),
            effects=_effects(tier),
        )
    if step is Step.MAKE:
        try:
            save_tier(tier=tier, by=actor(), valid_to=form.valid_to.data)
        except Refused as refused:
            refuse(form, refused)
        else:
            flash(_("The tier ends with this fiscal year."), "success")
            return redirect(url_for("admin.list_tiers"))
    return page("staff/admin/end_tier.html", form=form, tier=tier)


def _tier(tier_id: int) -> Tier:
    found = db.session.get(Tier, tier_id)
    if found is None:
        raise NotFound
    return found


def _wanted_year() -> int:
    text = request.args.get("year", "")
    if text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    return this_year()


def _beginning() -> dict[str, Any]:
    text = request.args.get("like", "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        return {"valid_from": this_year() + 1, "has_liaison_meeting": True, "has_study_groups": True}
    like = _tier(int(text))
    names = [column.name for column in Tier.__table__.columns if column.name != "id"]
    return {name: getattr(like, name) for name in names} | {"valid_from": this_year() + 1, "valid_to": None}


def _values(form: Form) -> dict[str, Any]:
    """What the tier would be; limits for ventures count only where it is for ventures."""
    values = form.values()
    if "sort_order" in values:
        values["sort_order"] = values["sort_order"] or 0
    if not values.get("requires_venture", True):
        values |= {"employees_below": None, "founding_years_max": None}
    return values


def _checked(step: Step, form: Form, tier: Tier | None) -> Step:
    """What the service would refuse is said before the effect is shown."""
    if step is not Step.PREVIEW:
        return step
    try:
        check_tier(tier, **_values(form))
    except Refused as refused:
        refuse(form, refused)
        return Step.TYPE
    return step


def _saved(form: Form, tier: Tier | None) -> bool:
    try:
        save_tier(tier=tier, by=actor(), **_values(form))
    except Refused as refused:
        refuse(form, refused)
        return False
    return True


def _effects(tier: Tier) -> list[str]:
    terms, waiting, drafts = tier_uses(tier)
    return [
        _("No mail goes out."),
        ngettext(
            "%(num)d contract in this tier stays as it was agreed",
            "%(num)d contracts in this tier stay as they were agreed",
            terms,
        )
        if terms
        else _("There is no contract in this tier yet."),
        ngettext(
            "%(num)d application that was sent in keeps its price",
            "%(num)d applications that were sent in keep their price",
            waiting,
        )
        if waiting
        else "",
        ngettext(
            "%(num)d draft with this tier is judged anew when it is sent in",
            "%(num)d drafts with this tier are judged anew when they are sent in",
            drafts,
        )
        if drafts
        else "",
    ]
