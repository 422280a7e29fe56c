"""Applications of the person who asks: list, status, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.audit.labels import verb_label
from portal.audit.queries import timeline
from portal.billing.policy import paying_organisations
from portal.core import access
from portal.core.access import actor
from portal.core.errors import NotFound
from portal.core.i18n import _, current_language
from portal.core.pages import cursor_argument, page
from portal.domain.application_flow import ApplicationState
from portal.membership import queries
from portal.membership.forms import WithdrawForm
from portal.membership.models import Application
from portal.membership.policy import ACTING_ROLES, may_change_order, may_withdraw
from portal.membership.routes.attachments import files_of
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.corrections import comments_by_path, settled_paths
from portal.membership.routes.progress import resume_at, step_url, stops
from portal.membership.services import withdraw_application as withdraw
from portal.membership.summary import full_label, sections

TONES = {
    "application.approved": "good",
    "application.declined": "bad",
    "application.returned": "warn",
    "application.deferred": "wait",
    "application.submitted": "info",
    "application.resubmitted": "info",
    "application.checked": "info",
    "application.withdrawn": "over",
}
STEPS_BEHIND = {
    ApplicationState.RETURNED: 1,
    ApplicationState.SUBMITTED: 1,
    ApplicationState.CHECKED: 2,
    ApplicationState.DEFERRED: 2,
}
OFFICE_VERBS = frozenset(
    f"application.{verb}" for verb in ("checked", "returned", "approved", "declined", "deferred")
)


@blueprint.get("/membership/applications")
@access.signed_in
def list_applications() -> Response:
    """Applications and contracts of one's companies."""
    person = actor()
    found = queries.applications_of(person, cursor=cursor_argument())
    terms = queries.terms_of_all(person.organisations_with(*ACTING_ROLES))
    return page("membership/list_applications.html", found=found, terms=terms)


@blueprint.get("/membership/applications/<id:application_id>")
@access.signed_in
def show_application(application_id: int) -> Response:
    """Where it stands, what comes next, what was said, and what has happened."""
    application = queries.application_for(actor(), application_id)
    revision = queries.latest_revision(application) if application.revision else None
    window = queries.window_of(application.fiscal_year)
    comments, settled = comments_by_path(application).items(), settled_paths(application)
    return page(
        "membership/show_application.html",
        application=application,
        revision=revision,
        sections=_said(application),
        entries=entries_of(application),
        comments=[(full_label(path) if path else "", words, path in settled) for path, words in comments],
        window=window,
        places=queries.places_in(window) if window else None,
        resume_url=step_url(application, resume_at(application)),
        may_withdraw=may_withdraw(actor(), application, shared=True),
        files=files_of(application),
        stops=stops(application),
        term=queries.term_of(application),
        may_change_order=may_change_order(application),
        sees_invoices=application.organisation_id in paying_organisations(actor()),
        States=ApplicationState,
        behind=STEPS_BEHIND.get(application.state, 0),
    )


@blueprint.route("/membership/applications/<id:application_id>/withdraw", methods=["GET", "POST"])
@access.signed_in
def withdraw_application(application_id: int) -> Response:
    """Say what withdrawing means, then do it."""
    application = queries.application_for(actor(), application_id)
    if not may_withdraw(actor(), application, shared=True):
        raise NotFound
    form = WithdrawForm()
    if form.validate_on_submit():
        withdraw(application=application, by=actor(), note=form.note.data or "")
        flash(_("The application has been withdrawn."), "success")
        return redirect(url_for("membership.show_application", application_id=application.id))
    return page("membership/withdraw.html", form=form, application=application)


def entries_of(application: Application) -> list[dict[str, Any]]:
    """The timeline as the applicant sees it, the latest first: the office stands as one, colleagues by name."""
    found = timeline(application, for_staff=False)
    names = queries.names_of({entry.actor_id for entry in found if entry.actor_id})
    return [
        {
            "at": entry.at,
            "what": verb_label(entry.verb),
            "who": "" if entry.verb in OFFICE_VERBS else names.get(entry.actor_id or 0, ""),
            "note": entry.note or _note_of(entry.changes),
            "tone": TONES.get(entry.verb, "neutral"),
        }
        for entry in found
    ]


def _note_of(changes: Mapping[str, Any]) -> str:
    order = changes.get("purchase_order")
    return str(changes.get("file") or changes.get("email") or (order[1] if order else ""))


def _said(application: Application) -> list[Any]:
    """What was sent in last, with the purchase order number as it stands; of a draft, nothing: its pages show it."""
    if not application.revision:
        return []
    content = queries.latest_revision(application).content
    order = application.purchase_order
    given = {"purchase_order_number": order} | ({"needs_purchase_order": True} if order else {})
    shown = {**content, "payment": {**content.get("payment", {}), **given}}
    return sections(shown, queries.tiers_for(application.fiscal_year), current_language())
