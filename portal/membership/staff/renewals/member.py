"""One member's renewal as the office sees it: where it stands and why, and what comes next."""

from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from portal.billing.policy import may_keep_books
from portal.core.access import actor
from portal.core.pages import page
from portal.domain.renewal_flow import next_step
from portal.membership import queries
from portal.membership.models import Renewal
from portal.membership.policy import may_keep_renewals
from portal.membership.queries import renewals as reads
from portal.membership.renewing import (
    REASON_WORDS,
    RENEWAL_LABELS,
)
from portal.membership.staff.blueprint import blueprint, readers
from portal.membership.staff.renewals.history import entries_of
from portal.membership.staff.renewals.steps import Step, possible_acts


@blueprint.get("/membership/renewals/members/<id:renewal_id>")
@readers
def show_renewal(renewal_id: int) -> Response:
    """Where it stands and why, what comes next and when, reminders, the invoice, everything that has happened."""
    renewal = reads.renewal_for_review(actor(), renewal_id)
    owed = reads.receivable_of(renewal.term_id) if renewal.term_id else None
    window = queries.window_of(renewal.fiscal_year)
    return page(
        "staff/membership/show_renewal.html",
        renewal=renewal,
        upcoming=_upcoming(renewal),
        actions=_actions(renewal),
        notices=reads.notices_of(renewal),
        acceptances=reads.acceptances_of_renewal(renewal),
        invoice=owed[0] if owed else None,
        receivable=owed[1] if owed else None,
        opens_invoice=may_keep_books(actor()),
        entries=entries_of(renewal),
        answered_by=queries.names_of({renewal.answered_by_id} if renewal.answered_by_id else set()),
        places=queries.places_in(window) if window else None,
    )


def _actions(renewal: Renewal) -> list[dict[str, Any]]:
    """The steps that are open to the reader."""
    if not may_keep_renewals(actor(), renewal.organisation_id):
        return []
    possible = possible_acts(renewal)
    return [
        {"label": step.label, "url": url_for(f"membership_staff.{step.value}_renewal", renewal_id=renewal.id)}
        for step in Step
        if step.act in possible
    ]


def _upcoming(renewal: Renewal) -> dict[str, Any] | None:
    """What the calendar does next, and why it stands here until then."""
    step = next_step(renewal.standing, renewal.campaign.season)
    if step is None:
        return None
    on = renewal.next_on or step.on
    return {"on": on, "state": RENEWAL_LABELS[step.new], "why": REASON_WORDS[step.reason]}
