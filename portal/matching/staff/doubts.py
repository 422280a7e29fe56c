"""A chosen result that is held back: what speaks against it, and the office's decision."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, in_words
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.internships.queries.rounds import round_for_office
from portal.matching.enums import LEFT_LABELS
from portal.matching.forms.attempts import KeepForm
from portal.matching.queries.doubts import doubts_for_office
from portal.matching.services.doubts import confirm_choice as confirm
from portal.matching.staff.blueprint import blueprint, office


@blueprint.route("/matching/rounds/<id:round_id>/held-back", methods=["GET", "POST"])
@office
def confirm_choice(round_id: int) -> Response:
    """Publish it all the same, with a reason; to take the choice back stands beside it."""
    season, form = round_for_office(actor(), round_id), KeepForm()
    if not form.validate_on_submit():
        return _page(round_id, form)
    try:
        confirm(season=season, reason=form.reason.data or "", seen=form.seen.data or 0, by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(round_id, form, refused.status)
    flash(_("The result is published at its minute."), "success")
    return redirect(url_for("matching_staff.list_attempts", round_id=round_id))


def _page(round_id: int, form: KeepForm, status: int | None = None) -> Response:
    season, rows = round_for_office(actor(), round_id), doubts_for_office(actor(), round_id)
    form.seen.data = max((row.doubt.id for row in rows), default=0)
    return page(
        "staff/matching/confirm_choice.html", status, season=season, form=form, rows=rows, reasons=in_words(LEFT_LABELS),
        is_late=season.publishes_at <= clock.now(),
    )  # fmt: skip
