"""A chosen result is held back where somebody may no longer be placed as it says, until the office has decided.

Looked at when an exclusion is entered, every five minutes, a minute before publication, and by the job that publishes.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one, rows_changed
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.transaction import transaction
from portal.internships.models import InternshipRound
from portal.matching import doubt_mail
from portal.matching.enums import LeftReason
from portal.matching.models import MatchDoubt
from portal.matching.queries.doubts import rounds_chosen
from portal.matching.queries.places import places_in
from portal.matching.services.attempts import require_office
from portal.matching.services.choosing import MINUTE_PASSED, ask_for_publication
from portal.matching.services.gates import gate_of

SAY_WHY = _l("Please say why the result is kept; the trail of the round keeps it.")
CHANGED = _l("Something else has come up, or somebody has decided already. Please look again.")
Fault = tuple[int, int, LeftReason]


def look_again(round_id: int) -> bool:
    """Hold the result back where a pair of it may no longer be; whether it is held back. The office is told of what is new.

    What is out is never held back again: what comes up later is between the office and those concerned."""
    season = db.session.get_one(InternshipRound, round_id, populate_existing=True, with_for_update=True)
    if season.chosen_at is None or season.cancelled_at is not None or season.told_at is not None:
        return False
    new = _new_faults(season)
    if new:
        _hold_back(season, new)
    return season.withheld_at is not None


def look_at_choices() -> None:
    """All rounds whose chosen result is not out."""
    for round_id in rounds_chosen():
        look_again(round_id)


def look_at_each() -> None:
    """The same, a transaction each."""
    with transaction():
        waiting = rounds_chosen()
    for round_id in waiting:
        with transaction():
            look_again(round_id)


def confirm_choice(*, season: InternshipRound, reason: str, seen: int, by: Actor) -> None:
    """The result is published as it is, though what the office has seen (up to the doubt of number `seen`) speaks against it.

    Raises Refused at `reason`, or where the minute has passed; OutOfDate where something came up since.
    """
    require_office(by)
    if not reason.strip():
        raise Refused(SAY_WHY, field="reason")
    if season.publishes_at <= clock.now():
        raise Refused(MINUTE_PASSED)
    stands = update(InternshipRound).where(
        InternshipRound.id == season.id, InternshipRound.withheld_at.is_not(None), InternshipRound.cancelled_at.is_(None),
        ~select(MatchDoubt.id).where(*_open(season.id), MatchDoubt.id > seen).exists(),
    )  # fmt: skip
    change_one(season, stands.values(withheld_at=None), CHANGED)
    decided = {"settled_at": clock.now(), "settled_by_id": by.id, "is_kept": True, "words": reason.strip()}
    rows_changed(update(MatchDoubt).where(*_open(season.id)).values(**decided))
    record(verb="round.choice_confirmed", subject=season, by=by, note=reason.strip())
    ask_for_publication(season)


def _new_faults(season: InternshipRound) -> list[Fault]:
    gate = gate_of(season)
    mine = (MatchDoubt.round_id == season.id, MatchDoubt.chosen_at == season.chosen_at)
    known = {
        (row[0], row[1])
        for row in db.session.execute(select(MatchDoubt.student_id, MatchDoubt.reason).where(*mine))
    }
    found = ((student, posting, gate.hurdle(student, posting)) for student, posting in places_in(season.id))
    return [(s, p, reason) for s, p, reason in found if reason is not None and (s, reason) not in known]


def _hold_back(season: InternshipRound, new: list[Fault]) -> None:
    now = clock.now()
    rows = [
        MatchDoubt(
            round_id=season.id, chosen_at=season.chosen_at, student_id=student, posting_id=posting, reason=reason, found_at=now
        )
        for student, posting, reason in new
    ]  # fmt: skip
    db.session.add_all(rows)
    season.withheld_at = season.withheld_at or now
    db.session.flush()
    record(verb="round.result_held_back", subject=season, by=None, changes={"count": len(rows)})
    doubt_mail.tell_office(season, rows)


def _open(round_id: int) -> tuple[ColumnElement[bool], ...]:
    return MatchDoubt.round_id == round_id, MatchDoubt.settled_at.is_(None)
