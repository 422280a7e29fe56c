"""Start a run of the match: over the lists as they are, or with something changed. A job does the work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.timetable import Stage
from portal.domain.matching.attempts import Override
from portal.domain.matching.overrides import override_value
from portal.internships.models import InternshipRound
from portal.internships.policy import may_run_rounds
from portal.jobs.services import enqueue
from portal.matching.enums import AttemptState
from portal.matching.models import MatchAttempt

NOT_YOURS = _l("The match is run by the career-support office.")
NOT_LOCKED = _l("The match can be run from the moment the lists lock until the results are out.")
NOT_DONE = _l("This run is not done yet.")
TOO_MANY = _l("This round has very many runs already. Please go on with one of them.")
MOST = 200


def start_attempt(*, season: InternshipRound, name: str, once: str, by: Actor) -> MatchAttempt:
    """A run over the round's lists as they are. The same `once` gives the first result. Raises Refused, OutOfDate."""
    require_office(by)
    if season.stage is not Stage.LOCKED:
        raise OutOfDate(NOT_LOCKED)
    return add_attempt(MatchAttempt(round_id=season.id, name=name, overrides=[]), once=once, by=by)


def start_what_if(
    *, base: MatchAttempt, name: str, overrides: Sequence[Override], once: str, by: Actor
) -> MatchAttempt:
    """A run over the base's market with something changed; it changes nothing of the round. Raises Refused, OutOfDate.

    A change that changes nothing runs all the same: a refusal would tell how a company has ranked.
    """
    require_office(by)
    if db.session.get_one(InternshipRound, base.round_id).stage is not Stage.LOCKED:
        raise OutOfDate(NOT_LOCKED)  # with the results known by name, a trial would read lists out
    if base.state is not AttemptState.DONE:
        raise OutOfDate(NOT_DONE)
    changes = [override_value(each) for each in overrides]
    made = MatchAttempt(round_id=base.round_id, base_id=base.id, name=name, overrides=changes)
    return add_attempt(made, once=once, by=by)


def add_attempt(attempt: MatchAttempt, *, once: str, by: Actor) -> MatchAttempt:
    """Write it down and ask for its run; for other verbs of this room."""
    standing = _started_with(once)
    if standing is not None:
        return standing
    if _count(attempt.round_id) >= MOST:
        raise Refused(TOO_MANY)
    attempt.once_key, attempt.created_at, attempt.created_by_id = once, clock.now(), by.id
    added, is_ours = add_or_find(attempt, lambda: _started_with(once))
    if is_ours:
        record(verb="attempt.started", subject=added, by=by, changes=_said(added))
        enqueue("matching.run_attempt", key=f"attempt:{added.id}", attempt_id=added.id)
    return added


def require_office(by: Actor) -> None:
    """Raises Refused for everybody but the career-support office."""
    if not may_run_rounds(by):
        raise Refused(NOT_YOURS)


def _said(attempt: MatchAttempt) -> dict[str, Any]:
    """For the trail: never what a change says of lists."""
    said: dict[str, Any] = {"round": attempt.round_id, "name": attempt.name}
    return said | ({"base": attempt.base_id} if attempt.base_id else {})


def _started_with(once: str) -> MatchAttempt | None:
    return db.session.scalars(select(MatchAttempt).where(MatchAttempt.once_key == once)).one_or_none()


def _count(round_id: int) -> int:
    return int(db.session.scalar(select(func.count()).where(MatchAttempt.round_id == round_id)) or 0)
