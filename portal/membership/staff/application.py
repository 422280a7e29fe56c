"""One application as the office sees it: what was sent in, what speaks for and against, what can be done now."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core.access import Actor, actor
from portal.core.pages import page
from portal.domain.application_flow import ApplicationState
from portal.files.downloads import download
from portal.membership import queries
from portal.membership.checklist import ticked_lines
from portal.membership.models import Application, ApplicationRevision
from portal.membership.queries.bills import owed_for_ended_contracts, paid_for_ended_contracts
from portal.membership.services.attachments import open_attachment
from portal.membership.staff import answers, dossier, history
from portal.membership.staff.blueprint import blueprint, readers
from portal.membership.staff.hurdles import Step, hurdle

SHOW = "membership_staff.show_application"


@blueprint.get("/membership/applications/<id:application_id>")
@readers
def show_application(application_id: int) -> Response:
    """Everything about one application, and the steps that are open to the reader."""
    application = queries.application_for_review(actor(), application_id)
    revision = queries.latest_revision(application)
    tiers = queries.tiers_for(application.fiscal_year)
    term = queries.term_of(application)
    return page(
        "staff/membership/show_application.html",
        application=application,
        revision=revision,
        steps=answers.grouped(revision, tiers),
        actions=actions_for(actor(), application),
        remarks=dossier.remarks(application) if application.state is ApplicationState.RETURNED else [],
        comparison=dossier.comparison(application, tiers, _earlier(application)),
        term=term,
        entries=history.entries_of(application, term),
        **_evidence(application, revision, tiers),
        **_people_and_places(application),
    )


@blueprint.post("/membership/applications/<id:application_id>/attachments/<id:attachment_id>")
@readers
def download_attachment(application_id: int, attachment_id: int) -> Response:
    """A file of any version of the application, to be saved; the trail remembers who opened it."""
    application = queries.application_for_review(actor(), application_id)
    attachment = queries.attachment_in(application, attachment_id, removed_too=True)
    return download(open_attachment(application=application, attachment=attachment, by=actor()))


def actions_for(person: Actor, application: Application) -> list[dict[str, Any]]:
    """The steps that may come next: each with its page, or with what stands in its way."""
    found, hands = [], queries.hands_on(application)
    for step in Step:
        if not step.fits(application.state) or not step.is_for(person):
            continue
        url = url_for(f"membership_staff.{step.value}_application", application_id=application.id)
        found.append(
            {
                "step": step,
                "label": step.label,
                "url": url,
                "hurdle": hurdle(step, person, application, hands),
            }
        )
    return found


def _earlier(application: Application) -> int:
    text = request.args.get("since", "")
    given = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return given if 1 <= given < application.revision else application.revision - 1


def _evidence(application: Application, revision: ApplicationRevision, tiers: Any) -> dict[str, Any]:
    return {
        "verdicts": dossier.verdicts(application, tiers),
        "judged_on": date.fromisoformat((application.eligibility or {})["as_of"]),
        "price": dossier.price_lines(application),
        "files": dossier.attachments(application, revision),
        "acceptances": dossier.acceptances(application),
        "warnings": dossier.warnings(application, revision),
        "checklist": ticked_lines(application.checklist),
    }


def _people_and_places(application: Application) -> dict[str, Any]:
    window = queries.window_of(application.fiscal_year)
    ids = {application.checked_by_id, application.decided_by_id, application.started_by_id}
    return {
        "names": queries.names_of({i for i in ids if i}),
        "places": queries.places_in(window) if window else None,
        "was_member": queries.was_member_before(application.organisation_id or 0, application.fiscal_year),
        "elsewhere": dossier.elsewhere(application),
        **_of_ended_contracts(application),
    }


def _of_ended_contracts(application: Application) -> dict[str, Any]:
    """Invoices that stand in the way of an approval."""
    if application.state.is_final:
        return {"still_billed": [], "paid_late": []}
    of = (application.organisation_id or 0, application.fiscal_year)
    return {"still_billed": owed_for_ended_contracts(*of), "paid_late": paid_for_ended_contracts(*of)}
