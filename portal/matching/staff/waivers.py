"""Waivers: first what a pair would cause, then the consents and the reason."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.matching.waiving import Waived, Waiver
from portal.matching.forms.attempts import PairForm, WaiverForm
from portal.matching.queries.attempts import attempt_for_office, names_in_market
from portal.matching.services.waivers import preview_waiver, record_waiver
from portal.matching.services.what_ifs import market_behind
from portal.matching.staff.blueprint import blueprint, office


@blueprint.get("/matching/attempts/<id:attempt_id>/waiver")
@office
def preview_pair(attempt_id: int) -> Response:
    """Choose a pair, and see what it causes before anything is recorded."""
    form = PairForm(request.args)
    offered = _offer(form, attempt_id)
    if not request.args.get("student"):
        return _page(attempt_id, form, None, offered)
    pair = _pair(form)
    try:
        if not form.validate():
            return _page(attempt_id, form, None, offered, 422)
        seen = preview_waiver(attempt_for_office(actor(), attempt_id), pair)
    except Refused as refused:
        refuse(form, refused)
        return _page(attempt_id, form, None, offered, refused.status)
    consents = WaiverForm(formdata=None, student=pair.student, posting=pair.posting or "")
    return _page(attempt_id, consents, seen, offered)


@blueprint.post("/matching/attempts/<id:attempt_id>/waiver")
@office
def record_pair(attempt_id: int) -> Response:
    """Record the waiver; a run with it begins."""
    form, attempt = WaiverForm(), attempt_for_office(actor(), attempt_id)
    offered = _offer(PairForm(formdata=None), attempt_id)
    pair = _pair(form)
    if pair.student not in offered or (pair.posting or pair.student) not in offered:
        return _page(attempt_id, _fresh(attempt_id), None, offered, 422)
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


def _pair(form: PairForm | WaiverForm) -> Waiver:
    return Waiver(form.student.data or "", form.posting.data or None)


def _fresh(attempt_id: int) -> PairForm:
    form = PairForm(formdata=None)
    _offer(form, attempt_id)
    return form


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
    )  # fmt: skip
