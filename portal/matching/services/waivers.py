"""Overrides of a result: a student put into a posting or out of one, with the word of both sides, on top of a run that is done."""

from __future__ import annotations

import json
from datetime import date

from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.timetable import Stage
from portal.domain.matching.waiving import Waived, Waiver, WaiverImpossibleError, waive
from portal.internships.models import InternshipRound
from portal.matching.enums import AttemptFault
from portal.matching.models import MatchAttempt, MatchWaiver
from portal.matching.services.attempts import NOT_LOCKED, add_attempt, require_office
from portal.matching.services.what_ifs import market_behind

FUTURE = _l("This day has not come yet.")
CHOSEN = _l("A result is chosen already. Please take the choice back first.")


def preview_waiver(attempt: MatchAttempt, waiver: Waiver) -> Waived:
    """What would come of it, and which pairs would rather have each other then. Raises Refused, OutOfDate."""
    market = market_behind(attempt)
    try:
        return waive(market, json.loads(attempt.result or "{}")["matching"], waiver)
    except WaiverImpossibleError:
        raise Refused(AttemptFault.WAIVER_IMPOSSIBLE.label, field="posting") from None


def record_waiver(
    *, attempt: MatchAttempt, waiver: Waiver, reason: str, student_said: str, student_on: date, company_said: str,
    company_on: date, once: str, by: Actor,
) -> MatchAttempt:  # fmt: skip
    """A run of its own: the attempt's result with the waiver in it, to be chosen like any other. Raises Refused, OutOfDate."""
    require_office(by)
    season = db.session.get_one(InternshipRound, attempt.round_id)
    if season.stage is not Stage.LOCKED:
        raise OutOfDate(NOT_LOCKED)
    if season.chosen_at is not None:
        raise OutOfDate(CHOSEN)
    for field, day in (("student_on", student_on), ("company_on", company_on)):
        if day > clock.today():
            raise Refused(FUTURE, field=field)
    seen = preview_waiver(attempt, waiver)
    name = f"{attempt.name} +"[:100]
    made = MatchAttempt(round_id=season.id, base_id=attempt.id, name=name, overrides=[])
    added = add_attempt(made, once=once, by=by)
    if added is made:
        row = MatchWaiver(
            attempt_id=made.id, student_id=int(waiver.student[1:]), reason=reason,
            posting_id=int(waiver.posting[1:]) if waiver.posting else None, student_said=student_said,
            student_on=student_on, company_said=company_said, company_on=company_on,
            blocking=[list(pair) for pair in seen.caused], created_at=clock.now(), created_by_id=by.id,
        )  # fmt: skip
        db.session.add(row)
        record(verb="attempt.waived", subject=made, by=by, note=reason, changes={"base": attempt.id})
    return added
