"""Times for interviews and invitations, for the company, for the student, and for the calendar of either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation, Person
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.internships.interview_flow import LIVE, SEATED, InterviewState
from portal.internships.models import InternshipPosting, InternshipRound, Interview, InterviewSlot
from portal.internships.policy import hosting_organisations

OPEN_TO_EACH_OTHER = (InterviewState.AGREED, InterviewState.HELD)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One invitation as the student reads it; `contact` is the company's address, None until a time is agreed."""

    interview: Interview
    posting: InternshipPosting
    company: Organisation
    season: InternshipRound
    contact: tuple[str, str] | None


def free_slots(posting_id: int) -> Sequence[InterviewSlot]:
    """Times of a posting that lie ahead and nobody holds, the earliest first."""
    held = exists().where(Interview.slot_id == InterviewSlot.id, Interview.state.in_(SEATED))
    mine = (InterviewSlot.posting_id == posting_id, InterviewSlot.cancelled_at.is_(None))
    ahead = select(InterviewSlot).where(*mine, InterviewSlot.starts_at > clock.now(), ~held)
    return db.session.scalars(ahead.order_by(InterviewSlot.starts_at, InterviewSlot.id)).all()


def seated_in(slot_id: int) -> Interview | None:
    """Who holds a time."""
    wanted = select(Interview).where(Interview.slot_id == slot_id, Interview.state.in_(SEATED))
    return db.session.scalars(wanted, execution_options={"populate_existing": True}).one_or_none()


def live_of(interest_id: int) -> Interview | None:
    """The invitation of a pair that has not ended."""
    wanted = select(Interview).where(Interview.interest_id == interest_id, Interview.state.in_(LIVE))
    return db.session.scalars(wanted).one_or_none()


def agreed_times_of(student_id: int, *, but: int = 0) -> list[tuple[datetime, datetime]]:
    """When the student has an interview, of whichever company (`but` this one)."""
    meetings = (
        select(InterviewSlot.starts_at, InterviewSlot.ends_at)
        .join(Interview, Interview.slot_id == InterviewSlot.id)
        .where(
            Interview.student_id == student_id, Interview.state == InterviewState.AGREED, Interview.id != but
        )
    )
    return [(row[0], row[1]) for row in db.session.execute(meetings)]


def slot_for_company(person: Actor, slot_id: int) -> InterviewSlot:
    """A time of the person's company; raises NotFound."""
    found = db.session.get(InterviewSlot, slot_id)
    if found is None or found.organisation_id not in hosting_organisations(person):
        raise NotFound
    return found


def interview_for_company(person: Actor, interview_id: int) -> Interview:
    """An invitation of the person's company; raises NotFound."""
    found = db.session.get(Interview, interview_id)
    if found is None or found.organisation_id not in hosting_organisations(person):
        raise NotFound
    return found


def interview_for_student(person: Actor, interview_id: int) -> Interview:
    """The student's own; raises NotFound."""
    found = db.session.get(Interview, interview_id)
    if found is None or found.student_id != person.id:
        raise NotFound
    return found


def slots_in(round_id: int, organisation_id: int) -> Sequence[InterviewSlot]:
    """A company's times in a round that were not taken back, the earliest first."""
    mine = (InterviewSlot.round_id == round_id, InterviewSlot.organisation_id == organisation_id)
    standing = select(InterviewSlot).where(*mine, InterviewSlot.cancelled_at.is_(None))
    return db.session.scalars(standing.order_by(InterviewSlot.starts_at, InterviewSlot.id)).all()


def interviews_in(
    round_id: int, organisation_id: int, student_id: int | None = None
) -> Sequence[tuple[Interview, str]]:
    """A company's invitations in a round with the student's name, the oldest first."""
    mine = [Interview.round_id == round_id, Interview.organisation_id == organisation_id]
    if student_id is not None:
        mine.append(Interview.student_id == student_id)
    named = select(Interview, Person.name).join(Person, Person.id == Interview.student_id).where(*mine)
    rows = db.session.execute(named.options(joinedload(Interview.slot)).order_by(Interview.id))
    return [(row[0], row[1]) for row in rows]


def meetings_of(student_id: int, interview_id: int | None = None) -> Sequence[Meeting]:
    """A student's invitations, the newest first; or one of them."""
    statement = (
        select(Interview, InternshipPosting, Organisation, InternshipRound, Person.name, Person.email)
        .join(InternshipPosting, InternshipPosting.id == Interview.posting_id)
        .join(Organisation, Organisation.id == Interview.organisation_id)
        .join(InternshipRound, InternshipRound.id == Interview.round_id)
        .join(Person, Person.id == Interview.invited_by_id)
        .where(Interview.student_id == student_id)
        .options(joinedload(Interview.slot))
        .order_by(Interview.id.desc())
    )
    if interview_id is not None:
        statement = statement.where(Interview.id == interview_id)
    return [
        Meeting(*row[:4], (row[4], row[5]) if row[0].state in OPEN_TO_EACH_OTHER else None)
        for row in db.session.execute(statement)
    ]


def address_of(student_id: int, organisation_id: int, round_id: int) -> str | None:
    """The student's mail address, for a company with which a time was agreed in this round; else None."""
    agreed = exists().where(
        Interview.student_id == student_id, Interview.organisation_id == organisation_id, Interview.round_id == round_id,
        Interview.state.in_(OPEN_TO_EACH_OTHER),
    )  # fmt: skip
    found: str | None = db.session.scalar(select(Person.email).where(Person.id == student_id, agreed))
    return found


def overdue_interviews() -> Sequence[tuple[int, int]]:
    """Numbers of invitations that nobody answered in time, or whose round was called off, with their postings."""
    waits = (InterviewState.WAITING, InterviewState.INVITED, InterviewState.UNFIT)
    late = Interview.state.in_(waits) & (Interview.answer_by <= clock.now())
    off = Interview.state.in_(LIVE) & InternshipRound.cancelled_at.is_not(None)
    statement = (
        select(Interview.id, Interview.posting_id)
        .join(InternshipRound, InternshipRound.id == Interview.round_id)
        .where(late | off)
        .order_by(Interview.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]
