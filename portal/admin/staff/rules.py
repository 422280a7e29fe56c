"""The wordings that applicants accept: publish a new one; past acceptances stay with theirs."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.admin.forms import KINDS_OF_RULES, RulesForm
from portal.admin.policy import CHANGING_ROLES, READING_ROLES, may_change
from portal.admin.queries import all_rules, rules_uses
from portal.admin.staff.blueprint import blueprint
from portal.core import access, clock
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _, ngettext
from portal.core.pages import page
from portal.core.preview import Step, differences, preview, step_of
from portal.membership.enums import RulesKind
from portal.membership.queries import current_rules, rules_version
from portal.membership.services.tiers import publish_rules


@blueprint.get("/settings/rules")
@access.roles(*READING_ROLES)
def list_rules() -> Response:
    """Every wording with how often it was accepted."""
    return page(
        "staff/admin/list_rules.html",
        versions=all_rules(),
        current={version.id for version in current_rules().values()},
        kinds=tuple(RulesKind),
        today=clock.today(),
        administers=may_change(actor()),
    )


@blueprint.get("/settings/rules/<id:version_id>")
@access.roles(*READING_ROLES)
def show_rules(version_id: int) -> Response:
    """One wording, in both languages."""
    return page("staff/admin/show_rules.html", version=rules_version(version_id))


@blueprint.route("/settings/rules/<kind>/publish", methods=["GET", "POST"])
@access.roles(*CHANGING_ROLES)
def publish_wording(kind: str) -> Response:
    """A new wording, beginning with the present one."""
    known = KINDS_OF_RULES.get(kind)
    if known is None:
        raise NotFound
    standing = current_rules().get(known)
    beginning = {"text_ja": standing.text_ja, "text_en": standing.text_en} if standing else {}
    form = RulesForm(data=beginning | {"effective_on": clock.today()})
    step = step_of(form)
    if step is Step.PREVIEW:
        return preview(
            title=_("Publish this wording?"),
            confirm=_("Publish"),
            changes=differences(form, beginning, form.values()),
            effects=_effects(known),
        )
    if step is Step.MAKE and _published(form, known):
        flash(_("The new wording has been published."), "success")
        return redirect(url_for("admin.list_rules"))
    return page("staff/admin/publish_rules.html", form=form, kind=known, standing=standing)


def _published(form: RulesForm, kind: RulesKind) -> bool:
    try:
        publish_rules(kind=kind, by=actor(), **form.values())
    except Refused as refused:
        refuse(form, refused)
        return False
    return True


def _effects(kind: RulesKind) -> list[str]:
    accepted, to_come = rules_uses(kind)
    return [
        _("No mail goes out."),
        ngettext(
            "%(num)d acceptance of an earlier wording stays as it is",
            "%(num)d acceptances of earlier wordings stay as they are",
            accepted,
        )
        if accepted
        else _("Nobody has accepted an earlier wording yet."),
        ngettext(
            "%(num)d application that is not sent in yet has to accept the new wording from its first day on",
            "%(num)d applications that are not sent in yet have to accept the new wording from its first day on",
            to_come,
        )
        if to_come
        else "",
        _("The wording can never be changed afterwards; a mistake is mended by a newer version."),
    ]
