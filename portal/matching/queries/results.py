"""Results, once the job of the minute of publication has looked at them: the stage says whether."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import name_column
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.internships.timetable import Stage
from portal.domain.matching import Reason
from portal.domain.matching.explaining import Filling
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.policy import hosting_organisations
from portal.internships.queries.postings import title_column
from portal.internships.queries.rounds import newest_rounds
from portal.matching.models import MatchAbsence, MatchAttempt, MatchOutcome, MatchWaiver
from portal.matching.queries.attempts import waivers_behind

OUT = (Stage.PUBLISHED, Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class Answer:
    """One posting of the own list and why it came out so."""

    posting_id: int
    title: str
    company: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Filled:
    """How one posting came out, to its company: nothing of single students."""

    title: str
    places: int
    taken: int
    filling: Filling


def is_out(season: InternshipRound) -> bool:
    """Whether everybody may know the result."""
    return season.stage in OUT


def rounds_out() -> Sequence[InternshipRound]:
    """Rounds with results, the newest first."""
    return [each for each in newest_rounds() if is_out(each)]


def round_out(round_id: int) -> InternshipRound:
    """A round with results; raises NotFound before it is out."""
    found = db.session.get(InternshipRound, round_id)
    if found is None or not is_out(found):
        raise NotFound
    return found


def outcome_for_student(person: Actor, round_id: int) -> MatchOutcome | None:
    """The student's own; None for whoever took no part. Raises NotFound before it is out and for others."""
    round_out(round_id)
    if not person.has(Role.STUDENT):
        raise NotFound
    mine = (MatchOutcome.round_id == round_id, MatchOutcome.student_id == person.id)
    return db.session.scalars(select(MatchOutcome).where(*mine)).one_or_none()


def absence_of(person: Actor, round_id: int) -> MatchAbsence | None:
    """Why the student took no part though a list or an agreed place stood. Raises NotFound before it is out."""
    round_out(round_id)
    mine = (MatchAbsence.round_id == round_id, MatchAbsence.student_id == person.id)
    return db.session.scalars(select(MatchAbsence).where(*mine)).one_or_none()


def answers_of(outcome: MatchOutcome, language: str) -> list[Answer]:
    """A reason for each posting of the list, in its order; one statement."""
    named = postings_named({each["posting"] for each in outcome.explanation}, language)
    return [
        Answer(each["posting"], *named.get(each["posting"], ("—", "")), Reason(each["reason"]))
        for each in outcome.explanation
    ]


def postings_named(posting_ids: set[int], language: str) -> dict[int, tuple[str, str]]:
    """Title and company by number."""
    postings, bodies = InternshipPosting.__table__.c, Organisation.__table__.c
    wanted = select(postings.id, title_column(language), name_column(language)).join_from(
        InternshipPosting.__table__, Organisation.__table__, bodies.id == postings.organisation_id
    )
    return {
        row[0]: (row[1], row[2]) for row in db.session.execute(wanted.where(postings.id.in_(posting_ids)))
    }


def interns_of(person: Actor, round_id: int, organisation_id: int, language: str) -> Sequence[Any]:
    """Who comes to the company: posting, its title, the student's name and address; in order of postings. Raises NotFound."""
    round_out(round_id)
    if organisation_id not in hosting_organisations(person):
        raise NotFound
    return interns(round_id, organisation_id, language)


def interns(round_id: int, organisation_id: int, language: str) -> Sequence[Any]:
    """The same for mails."""
    postings, people, outcomes = (m.__table__.c for m in (InternshipPosting, Person, MatchOutcome))
    wanted = (
        select(postings.id, title_column(language), people.name, people.email)
        .join_from(MatchOutcome.__table__, InternshipPosting.__table__, postings.id == outcomes.posting_id)
        .join(Person.__table__, people.id == outcomes.student_id)
        .where(outcomes.round_id == round_id, postings.organisation_id == organisation_id)
    )
    return db.session.execute(wanted.order_by(postings.id, people.name, people.id)).all()


def fillings_of(round_id: int, organisation_id: int, language: str) -> list[Filled]:
    """How each posting of a company came out, in order of numbers; empty before anything is chosen. Two statements."""
    chosen = select(MatchAttempt.result).where(
        MatchAttempt.round_id == round_id, MatchAttempt.chosen_at.is_not(None)
    )
    result = db.session.scalar(chosen)
    postings = InternshipPosting.__table__.c
    wanted = select(postings.id, title_column(language)).where(
        postings.round_id == round_id, postings.organisation_id == organisation_id
    )
    answers = json.loads(result)["postings"] if result else {}
    return [
        Filled(title, answers[f"p{number}"]["capacity"], answers[f"p{number}"]["filled"], Filling(answers[f"p{number}"]["reason"]))
        for number, title in db.session.execute(wanted.order_by(postings.id))
        if f"p{number}" in answers
    ]  # fmt: skip


def waiver_behind(outcome: MatchOutcome) -> MatchWaiver | None:
    """The waiver by which the student came to where they are, or out of it; None where it was the match."""
    waivers = waivers_behind(db.session.get_one(MatchAttempt, outcome.attempt_id))
    own = [each for each in waivers if each.student_id == outcome.student_id]
    return own[-1] if own and own[-1].posting_id == outcome.posting_id else None
