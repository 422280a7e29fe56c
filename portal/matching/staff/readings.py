"""Read a list, or take a run's record along, with a reason that its owners read. No other page of the office shows lists."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import current_language, in_words
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.internships.models import InternshipRound
from portal.internships.queries.rounds import round_for_office
from portal.matching.forms.attempts import ReadingForm
from portal.matching.pages import CAPS, below_minimum, binding_beside, moved_names, placed_names
from portal.matching.queries.attempts import attempt_for_office, names_in_market
from portal.matching.queries.readings import companies_with_rankings, owner_name, students_with_lists
from portal.matching.services import readings
from portal.matching.staff.blueprint import blueprint, office

TWO = ["GET", "POST"]


@blueprint.get("/matching/rounds/<id:round_id>/lists")
@office
def list_lists(round_id: int) -> Response:
    """Who has a list; nothing of what stands on it."""
    season = round_for_office(actor(), round_id)
    return page(
        "staff/matching/list_lists.html", season=season, students=students_with_lists(round_id),
        companies=companies_with_rankings(round_id, current_language()),
    )  # fmt: skip


@blueprint.route("/matching/rounds/<id:round_id>/lists/students/<id:student_id>", methods=TWO)
@office
def read_list(round_id: int, student_id: int) -> Response:
    """A student's list, shown once and in answer to a reason alone."""
    season = round_for_office(actor(), round_id)
    owner = owner_name(round_id, current_language(), student_id=student_id)

    def read(reason: str) -> list[list[str]]:
        found = readings.read_list(season=season, student_id=student_id, reason=reason, by=actor())
        return _named([[f"p{each}"] for each in found])

    return _read(season, owner, read)


@blueprint.route("/matching/rounds/<id:round_id>/lists/companies/<id:organisation_id>", methods=TWO)
@office
def read_ranking(round_id: int, organisation_id: int) -> Response:
    """A company's ranking, shown once and in answer to a reason alone."""
    season = round_for_office(actor(), round_id)
    owner = owner_name(round_id, current_language(), organisation_id=organisation_id)

    def read(reason: str) -> list[list[str]]:
        found = readings.read_ranking(
            season=season, organisation_id=organisation_id, reason=reason, by=actor()
        )
        return _named([[f"s{each}" for each in tier] for tier in found.tiers])

    return _read(season, owner, read)


@blueprint.route("/matching/attempts/<id:attempt_id>/record", methods=TWO)
@office
def read_record(attempt_id: int) -> Response:
    """Market and result of a run, for a replay by `renkei match verify`."""
    form, attempt = ReadingForm(), attempt_for_office(actor(), attempt_id)
    if form.validate_on_submit():
        try:
            packed = readings.read_record(attempt=attempt, reason=form.reason.data, by=actor())
        except Refused as refused:
            rollback()
            refuse(form, refused)
            return page(
                "staff/matching/read_record.html",
                refused.status,
                attempt=attempt_for_office(actor(), attempt_id),
                form=form,
            )
        name = f"renkei-match-{attempt_id}.zip"
        return send_file(io.BytesIO(packed), "application/zip", as_attachment=True, download_name=name)
    return page("staff/matching/read_record.html", attempt=attempt, form=form)


@blueprint.route("/matching/attempts/<id:attempt_id>/moves", methods=TWO)
@office
def read_moves(attempt_id: int) -> Response:
    """Who moves against the base, by name, in answer to a reason alone: what a change does tells of lists."""
    form, attempt, turns, status = ReadingForm(), attempt_for_office(actor(), attempt_id), None, None
    more: dict[str, Any] = {}
    if form.validate_on_submit():
        try:
            turns = moved_names(readings.read_moves(attempt=attempt, reason=form.reason.data, by=actor()))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            attempt, status = attempt_for_office(actor(), attempt_id), refused.status
        else:
            more = {
                "binding": binding_beside(attempt),
                "below": below_minimum(attempt),
                "caps": in_words(CAPS),
            }
    return page("staff/matching/read_moves.html", status, attempt=attempt, form=form, turns=turns, **more)


@blueprint.route("/matching/attempts/<id:attempt_id>/places", methods=TWO)
@office
def read_places(attempt_id: int) -> Response:
    """Who is placed where, without a rank, in answer to a reason alone: to judge a result before it is chosen."""
    form, attempt, rows, status = ReadingForm(), attempt_for_office(actor(), attempt_id), None, None
    if form.validate_on_submit():
        try:
            rows = placed_names(readings.read_places(attempt=attempt, reason=form.reason.data, by=actor()))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            attempt, status = attempt_for_office(actor(), attempt_id), refused.status
    return page("staff/matching/read_places.html", status, attempt=attempt, form=form, rows=rows)


def _read(season: InternshipRound, owner: str, read: Callable[[str], list[list[str]]]) -> Response:
    form, tiers, status = ReadingForm(), None, None
    said: dict[str, Any] = {"season": season, "owner": owner, "form": form}
    if form.validate_on_submit():
        try:
            tiers = read(form.reason.data)
        except Refused as refused:
            rollback()
            refuse(form, refused)
            said["season"], status = round_for_office(actor(), season.id), refused.status
    return page("staff/matching/read_list.html", status, tiers=tiers, **said)


def _named(tiers: list[list[str]]) -> list[list[str]]:
    names = names_in_market({each for tier in tiers for each in tier}, current_language())
    return [[names.get(each, "—") for each in tier] for tier in tiers]
