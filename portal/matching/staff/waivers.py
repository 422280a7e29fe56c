"""Waivers: the reason, then what a pair would cause, then the consents."""

from __future__ import annotations

import json

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _l, current_language
from portal.core.pages import page
from portal.core.sealing import seal, unseal
from portal.core.transaction import rollback
from portal.domain.matching.waiving import Waived, Waiver
from portal.matching.forms.attempts import PairForm, WaiverForm
from portal.matching.queries.attempts import attempt_for_office, names_in_market
from portal.matching.services.waivers import look_at_waiver, preview_waiver, record_waiver
from portal.matching.services.what_ifs import market_behind
from portal.matching.staff.blueprint import blueprint, office

LOOK_FIRST = _l("Please say first why you look at this pair, and see what it causes.")


@blueprint.route("/matching/attempts/<id:attempt_id>/waiver", methods=["GET", "POST"])
@office
def preview_pair(attempt_id: int) -> Response:
    """Choose a pair and say why; what it causes is shown in answer to a reason alone, which those concerned read."""
    form = PairForm()
    offered = _offer(form, attempt_id)
    if not form.validate_on_submit():
        return _page(attempt_id, form, None, offered)
    pair, attempt, reason = _pair(form), attempt_for_office(actor(), attempt_id), form.reason.data
    try:
        seen = look_at_waiver(attempt=attempt, waiver=pair, reason=reason, by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(attempt_id, form, None, offered, refused.status)
    said = {"student": pair.student, "posting": pair.posting or "", "reason": reason}
    return _page(attempt_id, WaiverForm(formdata=None, seen=_mark(attempt_id, pair), **said), seen, offered)


@blueprint.post("/matching/attempts/<id:attempt_id>/waiver/record")
@office
def record_pair(attempt_id: int) -> Response:
    """Record the waiver; a run with it begins. Only a pair at which the person has looked for a reason."""
    form, attempt = WaiverForm(), attempt_for_office(actor(), attempt_id)
    offered, pair = _offer(PairForm(formdata=None), attempt_id), _pair(form)
    if unseal(form.seen.data or "") != _marked(attempt_id, pair):
        fresh = PairForm(formdata=None)
        refuse(fresh, Refused(LOOK_FIRST))
        return _page(attempt_id, fresh, None, _offer(fresh, attempt_id), 422)
    seen = None
    try:
        seen = preview_waiver(attempt, pair)
        if not form.validate():
            return _page(attempt_id, form, seen, offered)
        said = {
            name: form[name].data
            for name in ("reason", "student_said", "student_on", "company_said", "company_on")
        }
        made = record_waiver(attempt=attempt, waiver=pair, once=form.once.data, by=actor(), **said)
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(attempt_id, form, seen, offered, refused.status)
    return redirect(url_for("matching_staff.show_attempt", attempt_id=made.id))


def _mark(attempt_id: int, pair: Waiver) -> str:
    return seal(_marked(attempt_id, pair))


def _marked(attempt_id: int, pair: Waiver) -> str:
    """Who has given a reason for which pair of which run."""
    return f"waiver {actor().id} {attempt_id} {pair.student} {pair.posting or ''}"


def _pair(form: PairForm | WaiverForm) -> Waiver:
    return Waiver(form.student.data or "", form.posting.data or None)


def _offer(form: PairForm, attempt_id: int) -> dict[str, str]:
    """Everybody and every posting by name; gives the names."""
    try:
        market = market_behind(attempt_for_office(actor(), attempt_id))
    except Refused:
        raise NotFound from None
    free = market.students.keys() - market.fixed.keys()
    named = names_in_market({*free, *market.postings}, current_language())
    by_name = sorted(named.items(), key=lambda each: (each[1], each[0]))
    none = [("", "—")]
    form.student.choices = none + [each for each in by_name if each[0] in free]
    form.posting.choices = none + [each for each in by_name if each[0] in market.postings]
    return named


def _page(
    attempt_id: int, form: PairForm | WaiverForm, seen: Waived | None, names: dict[str, str], status: int | None = None
) -> Response:  # fmt: skip
    attempt, pair = attempt_for_office(actor(), attempt_id), _pair(form)
    return page(
        "staff/matching/add_waiver.html", status, attempt=attempt, form=form, seen=seen, names=names, pair=pair,
        now=json.loads(attempt.result or "{}")["matching"].get(pair.student) if seen else None,
    )  # fmt: skip
