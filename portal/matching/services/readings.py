"""The office reads a list, or the record of a run, with a reason that the owners read. Never by accident: there is no other way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.i18n import _l
from portal.internships.models import InternshipRound
from portal.internships.policy import hosting_organisations
from portal.matching.documents import packed_record
from portal.matching.enums import ReadingKind
from portal.matching.models import CompanyRanking, ListReading, MatchAttempt, PreferenceList
from portal.matching.services.attempts import NOT_DONE, require_office

MISSING = _l("Please say why; the owner of the list reads it.")
HOST = _l(
    "You offer internships for a company, which never reads lists of students or of other companies. Somebody else of the office has to read this."
)
OWN = _l("You belong to this company. Somebody else of the office has to read this.")


@dataclass(frozen=True, slots=True)
class RankingRead:
    """A company's list as it stands: tiers of students, and those whom it does not want to take."""

    tiers: list[list[int]]
    unacceptable: list[int]


def read_list(*, season: InternshipRound, student_id: int, reason: str, by: Actor) -> list[int]:
    """A student's postings, the best first. Raises Refused at `reason`, NotFound."""
    mine = (PreferenceList.round_id == season.id, PreferenceList.student_id == student_id)
    row = db.session.scalars(select(PreferenceList).where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    _note(season.id, [student_id], [], ReadingKind.LIST, reason, by)
    record(verb="preferences.read", subject=row, by=by, note=reason.strip(), audience=Audience.STAFF)
    return row.postings


def read_ranking(*, season: InternshipRound, organisation_id: int, reason: str, by: Actor) -> RankingRead:
    """A company's ranking. Raises Refused at `reason`, or where the reader hosts for a company; NotFound."""
    mine = (CompanyRanking.round_id == season.id, CompanyRanking.organisation_id == organisation_id)
    row = db.session.scalars(select(CompanyRanking).where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    _note(season.id, [], [organisation_id], ReadingKind.LIST, reason, by)
    record(verb="ranking.read", subject=row, by=by, note=reason.strip(), audience=Audience.STAFF)
    return RankingRead(row.tiers, row.unacceptable)


def read_record(*, attempt: MatchAttempt, reason: str, by: Actor) -> bytes:
    """Market and result of a run as a ZIP for `renkei match verify`; everybody whose list it holds learns of it. Raises Refused."""
    if not attempt.market or not attempt.result:
        raise OutOfDate(NOT_DONE)
    market = json.loads(attempt.market)
    students = [int(each[1:]) for each in market["students"]]
    companies = [int(each[1:]) for each, said in market["companies"].items() if said["students"]]
    _note(attempt.round_id, students, companies, ReadingKind.RECORD, reason, by)
    record(verb="attempt.record_read", subject=attempt, by=by, note=reason.strip())
    return packed_record(attempt.market, attempt.result)


def read_moves(*, attempt: MatchAttempt, reason: str, by: Actor) -> list[list[str]]:
    """Who moves against the base: student's id, turn, posting before and after. Who is named learns of it. Raises Refused, OutOfDate."""
    if attempt.comparison is None:
        raise OutOfDate(NOT_DONE)
    moved: list[list[str]] = attempt.comparison["moved"]
    _note(attempt.round_id, [int(each[0][1:]) for each in moved], [], ReadingKind.MOVES, reason, by)
    record(verb="attempt.moves_read", subject=attempt, by=by, note=reason.strip())
    return moved


def read_places(*, attempt: MatchAttempt, reason: str, by: Actor) -> dict[str, str]:
    """Who is placed where: postings by student's id, both as the market names them. All who are in it learn of it. Raises Refused, OutOfDate."""
    if not attempt.result:
        raise OutOfDate(NOT_DONE)
    result = json.loads(attempt.result)
    placed: dict[str, str] = result["matching"]
    people = [int(each[1:]) for each in sorted({*placed, *result["unmatched"]})]
    _note(attempt.round_id, people, [], ReadingKind.PLACES, reason, by)
    record(verb="attempt.places_read", subject=attempt, by=by, note=reason.strip())
    return placed | dict.fromkeys(result["unmatched"], "")


def note_trial(
    *, attempt: MatchAttempt, ids: Iterable[str], reason: str, by: Actor, kind: ReadingKind = ReadingKind.TRIAL
) -> None:  # fmt: skip
    """What is tried next is about these ("s12", "c7"): they read who tried it and why. Raises Refused."""
    ids = sorted(ids)
    students = [int(each[1:]) for each in ids if each[0] == "s"]
    companies = [int(each[1:]) for each in ids if each[0] == "c"]
    _note(attempt.round_id, students, companies, kind, reason, by)
    record(verb="attempt.tried", subject=attempt, by=by, note=reason.strip())


def _note(
    round_id: int, students: Sequence[int], companies: Sequence[int], kind: ReadingKind, reason: str, by: Actor
) -> None:  # fmt: skip
    require_office(by)
    if hosting_organisations(by):
        raise Refused(HOST)
    if by.organisation_ids and any(each in by.organisation_ids for each in companies):
        raise Refused(OWN)
    if not reason.strip():
        raise Refused(MISSING, field="reason")
    said = {
        "round_id": round_id,
        "kind": kind,
        "reader_id": by.id,
        "reason": reason.strip(),
        "read_at": clock.now(),
    }
    rows = [ListReading(student_id=each, **said) for each in students]
    db.session.add_all([*rows, *(ListReading(organisation_id=each, **said) for each in companies)])
    db.session.flush()
