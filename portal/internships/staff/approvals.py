"""What supervisors were asked in a round, and what they said."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import cursor_argument, page
from portal.core.transaction import rollback
from portal.domain.internships.interest_flow import ApprovalState
from portal.internships.enums import APPROVAL_LABELS
from portal.internships.forms.approvals import LiftForm
from portal.internships.queries import approvals as reads
from portal.internships.queries.rounds import round_for_office
from portal.internships.services.approvals import lift_veto as lift
from portal.internships.staff.blueprint import blueprint, office


@blueprint.get("/internships/rounds/<id:round_id>/approvals")
@office
def list_approvals(round_id: int) -> Response:
    """Pairs by state, the longest waiting first; who has no supervisor stands out."""
    season, language = round_for_office(actor(), round_id), current_language()
    state = next((s for s in ApprovalState if s.value == request.args.get("state")), None)
    found = reads.list_approvals(
        actor(), round_id=round_id, state=state, language=language, cursor=cursor_argument()
    )
    return page(
        "staff/internships/list_approvals.html", season=season, found=found, state=state, chips=_chips(round_id, state),
        labels=in_words(APPROVAL_LABELS),
    )  # fmt: skip


@blueprint.route("/internships/approvals/<id:approval_id>/lift", methods=["GET", "POST"])
@office
def lift_veto(approval_id: int) -> Response:
    """Ask the supervisor of today anew, with a reason."""
    vetoed, form, status = reads.vetoed_for_office(actor(), approval_id), LiftForm(), None
    if form.validate_on_submit():
        try:
            lift(vetoed=vetoed, reason=form.reason.data or "", by=actor())
            flash(_("The supervisor of today is asked anew."), "success")
            return redirect(url_for("internships_staff.list_approvals", round_id=vetoed.season.id))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            vetoed, status = reads.vetoed_for_office(actor(), approval_id), refused.status
    return page("staff/internships/lift_veto.html", status, form=form, vetoed=vetoed)


def _chips(round_id: int, chosen: ApprovalState | None) -> list[dict[str, Any]]:
    counts = reads.count_approvals(round_id)

    def chip(state: ApprovalState | None, label: Any) -> dict[str, Any]:
        address = url_for(
            "internships_staff.list_approvals", round_id=round_id, state=state.value if state else None
        )
        count = counts.get(state, 0) if state else sum(counts.values())
        return {"label": label, "url": address, "active": state is chosen, "count": count}

    return [chip(None, _("All")), *(chip(state, APPROVAL_LABELS[state]) for state in ApprovalState)]
