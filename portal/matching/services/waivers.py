"""Overrides of a result: a student put into a posting or out of one, with the word of both sides, on top of a run that is done.

Student and company can waive what their lists say, and nothing else: supervisor, exclusions, dates and gates hold for every
pair, listed or not, asked anew whenever a waiver is looked at, recorded, or chosen with its run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
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
from portal.matching.enums import AttemptFault, ReadingKind
from portal.matching.models import MatchAttempt, MatchWaiver
from portal.matching.services.attempts import NOT_LOCKED, add_attempt, require_office
from portal.matching.services.gates import Gate, gate_of
from portal.matching.services.readings import note_trial
from portal.matching.services.what_ifs import market_behind

FUTURE = _l("This day has not come yet.")
CHOSEN = _l("A result is chosen already. Please take the choice back first.")
APART = _l("These two are kept apart; the register says why. No waiver goes beyond that.")
UNAPPROVED = _l(
    "The student shows no interest in this posting, or the supervisor has not approved it for days into which the stay fits. No "
    "waiver goes beyond that."
)
OUTSIDE = _l("The student, the posting or its company takes no part in this round as things stand.")


def preview_waiver(attempt: MatchAttempt, waiver: Waiver) -> Waived:
    """What would come of it, and which pairs would rather have each other then. Raises Refused, OutOfDate."""
    market = market_behind(attempt)
    check_waivers(db.session.get_one(InternshipRound, attempt.round_id), [waiver])
    try:
        return waive(market, json.loads(attempt.result or "{}")["matching"], waiver)
    except WaiverImpossibleError:
        raise Refused(AttemptFault.WAIVER_IMPOSSIBLE.label, field="posting") from None


def look_at_waiver(*, attempt: MatchAttempt, waiver: Waiver, reason: str, by: Actor) -> Waived:
    """The same for a person: the pairs tell of lists, so all of them, and the pair itself, read who looked and why. Raises Refused."""
    seen, market = preview_waiver(attempt, waiver), market_behind(attempt)
    postings = {posting for _student, posting in seen.caused} | (
        {waiver.posting} if waiver.posting else set()
    )
    ids = {waiver.student, *(student for student, _posting in seen.caused)}
    ids |= {market.postings[posting].company for posting in postings}
    note_trial(attempt=attempt, ids=ids, reason=reason, by=by, kind=ReadingKind.WAIVER)
    return seen


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


def check_waivers(season: InternshipRound, waivers: Sequence[Waiver]) -> None:
    """No pair that an exclusion, a supervisor or a gate rules out today. Raises Refused at `posting`."""
    pairs = [(int(each.student[1:]), int(each.posting[1:])) for each in waivers if each.posting is not None]
    gate = gate_of(season) if pairs else None
    for student, posting in pairs:
        fault = _fault(gate, student, posting) if gate is not None else None
        if fault is not None:
            raise Refused(fault, field="posting")


def _fault(gate: Gate, student: int, posting: int) -> object:
    if student not in gate.students or posting not in gate.offers:
        return OUTSIDE
    if gate.is_apart(student, posting):
        return APART
    return None if gate.may_be(student, posting) else UNAPPROVED
