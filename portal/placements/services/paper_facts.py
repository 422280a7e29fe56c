"""What the evaluation sheet and the certificate say, gathered when they are issued."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.romanisation import latin_name
from portal.placements.models import Placement, PlacementEvaluation
from portal.placements.queries.hours import weeks_of

NO_LATIN_NAME = _l(
    "The English documents need the student's name in Latin letters. Please ask them to enter it in their profile, or write it here."
)


def latin_of(placement: Placement, typed: str, *, field: str) -> str:
    """The student's own spelling, else what was typed, else the reading of the katakana. Raises Refused at `field` without any."""
    student = placement.student
    latin = latin_name(student.name, student.name_kana, student.name_en or typed)
    if not latin:
        raise Refused(NO_LATIN_NAME, field=field)
    return latin


def stay_facts(placement: Placement, evaluation: PlacementEvaluation) -> dict[str, Any]:
    """What the papers say of the stay and of the evaluation, as it stands today."""
    university = db.session.scalars(
        select(Organisation)
        .join(Affiliation, Affiliation.organisation_id == Organisation.id)
        .where(Affiliation.person_id == placement.student_id, Affiliation.role == Role.STUDENT)
        .order_by(Affiliation.id.desc())
        .limit(1)
    ).one_or_none()
    named = {
        f"{what}_{language}": body.name(language) if body else ""
        for what, body in (("university", university), ("company", placement.organisation), ("posting", placement.posting))
        for language in ("ja", "en")
    }  # fmt: skip
    said = {
        name: getattr(evaluation, name)
        for name in ("marks", "remarks", "overall", "words", "interviewer", "interviewer_en")
    }
    days = {
        "starts_on": placement.first_day,
        "last_on": placement.last_day,
        "interviewed_on": evaluation.interviewed_on,
    }
    minutes = sum(week.minutes for week in weeks_of(placement) if week.is_confirmed)
    written_days = {name: day.isoformat() for name, day in days.items() if day}
    return named | said | written_days | {"holder": placement.student.name, "minutes": minutes}
