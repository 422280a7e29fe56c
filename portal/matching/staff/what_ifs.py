"""What-ifs: one change a run, on top of one that is done; and studies of a run."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import Form, refuse
from portal.core.i18n import _, _l, current_language, ngettext
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.timetable import Stage
from portal.internships.queries.rounds import round_for_office
from portal.matching.enums import StudyKind
from portal.matching.forms.attempts import WhatIfForm
from portal.matching.forms.registers import CHOOSE
from portal.matching.pages import CAPS
from portal.matching.queries.attempts import attempt_for_office, names_in_market
from portal.matching.services.studies import ask_study as ask
from portal.matching.services.studies import study_of, try_advice
from portal.matching.services.what_ifs import Change, market_behind, try_change
from portal.matching.staff.attempts import show_page
from portal.matching.staff.blueprint import blueprint, office

CHANGES = {
    Change.POSTING: _l("Places of a posting"),
    Change.COMPANY: _l("Places of a company in all"),
    Change.VETO: _l("A pair that cannot be"),
    Change.CAP: _l("A limit of several companies"),
    Change.FIRST: _l("A company tells a student apart"),
    Change.ALIKE: _l("A company tells nobody apart"),
    Change.LOTTERY: _l("Another lottery"),
}
FIELDS = {
    Change.POSTING: ("posting", "places"),
    Change.COMPANY: ("company", "places"),
    Change.VETO: ("student", "posting", "reason"),
    Change.CAP: ("cap", "limit"),
    Change.FIRST: ("company", "student", "reason"),
    Change.ALIKE: ("company", "reason"),
    Change.LOTTERY: (),
}
OPTIONAL = {"limit"}


@blueprint.route("/matching/attempts/<id:attempt_id>/what-if", methods=["GET", "POST"])
@office
def add_what_if(attempt_id: int) -> Response:
    """Choose a change, say what, and a run begins."""
    form = WhatIfForm()
    change = _chosen(form.change.data if form.is_submitted() else request.args.get("change"))
    _offer(form, attempt_id, change)
    needed = [name for name in FIELDS[change] if name not in OPTIONAL]
    if not (form.validate_on_submit() and form.require(*needed)):
        return _page(attempt_id, form, change)
    values = {name: form[name].data for name in FIELDS[change]}
    try:
        base = attempt_for_office(actor(), attempt_id)
        made = try_change(
            base=base, change=change, values=values, name=form.name.data, once=form.once.data, by=actor()
        )
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(attempt_id, form, change, refused.status)
    return redirect(url_for("matching_staff.show_attempt", attempt_id=made.id))


@blueprint.post("/matching/attempts/<id:attempt_id>/study")
@office
def request_study(attempt_id: int) -> Response:
    """Have advice or chances worked out."""
    attempt = attempt_for_office(actor(), attempt_id)
    kind = next((each for each in StudyKind if each.value == request.form.get("kind")), None)
    if kind is None:
        return show_page(attempt_id, 422, refusal=_("Please choose what is to be worked out."))
    try:
        ask(attempt=attempt, kind=kind, by=actor())
    except Refused as refused:
        rollback()
        return show_page(attempt_id, refused.status, refusal=refused.message)
    flash(_("This is being worked out. The answer waits on this page."), "success")
    return redirect(url_for("matching_staff.show_attempt", attempt_id=attempt_id))


@blueprint.post("/matching/attempts/<id:attempt_id>/advice")
@office
def try_advice_of(attempt_id: int) -> Response:
    """A what-if of one question of the adviser."""
    attempt_for_office(actor(), attempt_id)
    study, number = study_of(attempt_id, StudyKind.ADVICE), request.form.get("number", "")
    if study is None or not (number.isascii() and number.isdecimal() and len(number) < 6):
        return show_page(attempt_id, 422, refusal=_("Please choose one of the questions."))
    try:
        made = try_advice(study=study, number=int(number), once=f"advice{study.id}:{number}", by=actor())
    except Refused as refused:
        rollback()
        return show_page(attempt_id, refused.status, refusal=refused.message)
    return redirect(url_for("matching_staff.show_attempt", attempt_id=made.id))


def _chosen(word: str | None) -> Change:
    return next((change for change in Change if change.value == word), Change.POSTING)


def _offer(form: WhatIfForm, attempt_id: int, change: Change) -> None:
    """Everybody and everything of the market by name, in no order of anybody's list."""
    try:
        market = market_behind(attempt_for_office(actor(), attempt_id))
    except Refused:
        raise NotFound from None
    named = names_in_market({*market.students, *market.postings, *market.companies}, current_language())
    places = {number: each.capacity for number, each in market.postings.items()}
    places |= {number: each.capacity for number, each in market.companies.items()}
    by_name = sorted(named.items(), key=lambda each: (each[1], each[0]))
    offered: dict[str, Any] = {
        "student": [each for each in by_name if each[0] in market.students],
        "posting": [each for each in by_name if each[0] in market.postings],
        "company": [each for each in by_name if each[0] in market.companies],
        "cap": [(f"{cap.kind.value}:{cap.name}", f"{CAPS[cap.kind]}: {cap.name}") for cap in market.caps],
    }
    for name in {name for fields in FIELDS.values() for name in fields} - set(FIELDS[change]):
        del form[name]
    for name in offered.keys() & set(FIELDS[change]):
        form[name].choices = [CHOOSE, *offered[name]]
    if "places" in FIELDS[change]:
        for name in {"posting", "company"} & set(FIELDS[change]):
            form[name].choices = [
                CHOOSE,
                *((each, _with_places(words, places[each])) for each, words in offered[name]),
            ]


def _with_places(words: str, places: int) -> str:
    return ngettext("%(name)s (%(num)d place today)", "%(name)s (%(num)d places today)", places, name=words)


def _page(attempt_id: int, form: Form, change: Change, status: int | None = None) -> Response:
    base = attempt_for_office(actor(), attempt_id)
    season = round_for_office(actor(), base.round_id)
    address = "matching_staff.add_what_if"
    chips = [
        {"label": CHANGES[each], "url": url_for(address, attempt_id=attempt_id, change=each.value), "active": each is change}
        for each in Change
    ]  # fmt: skip
    if not form.is_submitted():
        form["change"].data = change.value
        form["name"].data = _("%(base)s: %(change)s", base=base.name, change=CHANGES[change])[:100]
    return page(
        "staff/matching/add_what_if.html",
        status,
        base=base,
        season=season,
        is_locked=season.stage is Stage.LOCKED,
        form=form,
        change=change,
        chips=chips,
        fields=FIELDS[change],
    )
