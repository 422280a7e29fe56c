"""The office chooses the run that counts, or takes the choice back before its minute comes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, update

from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one, rows_changed
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.core.sealing import fingerprint
from portal.domain.internships.timetable import Stage
from portal.domain.matching import MalformedFileError, Reason, format_market, read_market
from portal.internships.models import InternshipRound
from portal.internships.queries.interests import approved_pairs
from portal.internships.queries.needed import soonest_start
from portal.jobs.services import enqueue
from portal.matching.enums import AttemptState, StudyKind
from portal.matching.models import MatchAbsence, MatchAttempt, MatchDoubt, MatchOutcome
from portal.matching.queries.attempts import waivers_behind
from portal.matching.services.absences import absences_of
from portal.matching.services.attempts import NOT_DONE, NOT_LOCKED, require_office
from portal.matching.services.gates import Gate, gate_of
from portal.matching.services.markets import market_behind
from portal.matching.services.places import give_places, lock_chain, take_places_back
from portal.matching.services.studies import ask_study
from portal.matching.services.waivers import check_waivers

OTHER_INPUT = _l(
    "This run was not made over the lists as they stand: something in it was only tried, or an approval, an exclusion or a "
    "membership has changed since. Please run the match again and choose that run."
)
MINUTE_PASSED = _l(
    "The minute of publication has passed already. Please set a new one in the timetable first."
)
Pair = tuple[str, str]  # student and posting as the market names them
SHORTLY = timedelta(minutes=1)
CHANGED = _l("Another run was chosen in the meantime, or the results are out. Please look again.")


def choose_attempt(*, attempt: MatchAttempt, by: Actor) -> None:
    """This run's result becomes everybody's at `publishes_at`, when it was looked at once more. Raises Refused, OutOfDate."""
    require_office(by)
    season = lock_chain(attempt.round_id)
    if season.stage is not Stage.LOCKED:
        raise OutOfDate(NOT_LOCKED)
    if attempt.state is not AttemptState.DONE:
        raise OutOfDate(NOT_DONE)
    if season.publishes_at <= clock.now():
        raise Refused(MINUTE_PASSED)
    gate = gate_of(season)
    if attempt.input_sha256 != mark_of_lists(season, gate):
        raise OutOfDate(OTHER_INPUT)
    check_waivers(season, [each.as_waiver for each in waivers_behind(attempt)])
    now = clock.now()
    _change(season, InternshipRound.chosen_at.is_(None), chosen_at=now)
    stands = update(MatchAttempt).where(MatchAttempt.id == attempt.id, MatchAttempt.chosen_at.is_(None))
    change_one(attempt, stands.values(chosen_at=now, chosen_by_id=by.id), CHANGED)
    outcomes = list(_outcomes(season, attempt))
    db.session.add_all([*outcomes, *absences_of(gate, season.id)])
    give_places(season.id, [(each.student_id, each.posting_id) for each in outcomes if each.posting_id])
    said = {"attempt": attempt.id, "input": attempt.input_sha256, "result": attempt.result_sha256}
    record(verb="round.result_chosen", subject=season, by=by, changes=said)
    ask_study(attempt=attempt, kind=StudyKind.CHANCES, by=by)  # stands by the minute of publication
    ask_for_publication(season)


def take_choice_back(*, season: InternshipRound, by: Actor) -> None:
    """Nothing is chosen any more; possible until the results are out. Raises Refused, OutOfDate."""
    require_office(by)
    _change(season, InternshipRound.chosen_at.is_not(None), chosen_at=None, withheld_at=None)
    decided = update(MatchDoubt).where(MatchDoubt.round_id == season.id, MatchDoubt.settled_at.is_(None))
    rows_changed(decided.values(settled_at=clock.now(), settled_by_id=by.id, is_kept=False))
    db.session.execute(
        update(MatchAttempt)
        .where(MatchAttempt.round_id == season.id)
        .values(chosen_at=None, chosen_by_id=None)
    )
    take_places_back(season.id)
    for model in (MatchOutcome, MatchAbsence):
        db.session.execute(delete(model).where(model.round_id == season.id))
    db.session.expire_all()
    record(verb="round.choice_taken_back", subject=season, by=by)


def ask_for_publication(season: InternshipRound) -> None:
    """A job for the minute itself, and one that looks again shortly before."""
    moment = season.publishes_at
    key = f"round:{season.id}:publish:{moment.isoformat()}:{season.chosen_at}"
    enqueue("matching.look_again", key=f"{key}:look", run_after=moment - SHORTLY, round_id=season.id)
    enqueue("matching.publish_results", key=key, run_after=moment, round_id=season.id)


def mark_of_lists(season: InternshipRound, gate: Gate | None = None) -> str:
    """The fingerprint of the round's lists as a run would take them now; empty where they contradict each other. `gate`: where it is read already."""
    try:
        return fingerprint(format_market(read_market(market_behind(season, gate or gate_of(season)))))
    except MalformedFileError:
        return ""


def _change(season: InternshipRound, condition: Any, **values: Any) -> None:
    """Before the results are out, and never on a round that was called off."""
    stands = update(InternshipRound).where(
        InternshipRound.id == season.id, InternshipRound.cancelled_at.is_(None), InternshipRound.told_at.is_(None), condition,
    )  # fmt: skip
    change_one(season, stands.values(**values), CHANGED)


def _told(reason: str, pair: Pair, approved: Set[Pair], in_time: Set[Pair]) -> str:
    """A pair that the supervisor has approved and that is out all the same comes too late, or is kept apart by the office, of which
    nobody is told."""
    if reason != Reason.VETOED.value or pair not in approved:
        return reason
    return Reason.NOT_LISTED_BY_COMPANY.value if pair in in_time else Reason.TOO_LATE.value


def _approved(round_id: int, not_before: date | None = None) -> Set[Pair]:
    return {(f"s{s}", f"p{p}") for s, p in approved_pairs(round_id, not_before)}


def _outcomes(season: InternshipRound, attempt: MatchAttempt) -> Iterator[MatchOutcome]:
    value = json.loads(attempt.result or "{}")
    matching, explained = value["matching"], value["explanations"]
    approved, in_time = _approved(season.id), _approved(season.id, soonest_start(season.publishes_at))
    for student in sorted(explained.keys() | matching.keys()):
        posting = matching.get(student)
        answers = [
            {
                "posting": int(each["posting"][1:]),
                "reason": _told(each["reason"], (student, each["posting"]), approved, in_time),
            }
            for each in explained.get(student, ())
        ]
        yield MatchOutcome(
            round_id=attempt.round_id, attempt_id=attempt.id, student_id=int(student[1:]), explanation=answers,
            posting_id=int(posting[1:]) if posting else None,
        )  # fmt: skip
