"""What supervisors are asked, and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, func, select, type_coerce

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import name_column
from portal.accounts.session import token_hash
from portal.careers.models import Supervision
from portal.careers.queries.supervision import students_of
from portal.core.access import Actor
from portal.core.db import db, written
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import CHOOSING
from portal.internships.models import Approval, ApprovalLink, Interest, InternshipPosting, InternshipRound
from portal.internships.policy import may_run_rounds
from portal.internships.queries.postings import title_column


@dataclass(frozen=True, slots=True)
class Asked:
    """One pair as the supervisor reads it; `supervision` is the one that stands today."""

    approval: Approval
    interest: Interest
    posting: InternshipPosting
    company: Organisation
    season: InternshipRound
    student: Person
    supervision: Supervision

    @property
    def is_open(self) -> bool:
        """It can be decided, or decided anew."""
        return self.season.stage in CHOOSING


@dataclass(frozen=True, slots=True)
class Vetoed:
    """A pair that a supervisor has ruled out, as the office reads it; `guide` has said it."""

    approval: Approval
    posting: InternshipPosting
    company: Organisation
    season: InternshipRound
    student: Person
    guide: Supervision


def vetoed_for_office(person: Actor, approval_id: int) -> Vetoed:
    """One of them; raises NotFound, also for everybody but the office."""
    statement = (
        select(Approval, InternshipPosting, Organisation, InternshipRound, Person, Supervision)
        .join(Interest, Interest.id == Approval.interest_id)
        .join(InternshipPosting, InternshipPosting.id == Interest.posting_id)
        .join(Organisation, Organisation.id == Interest.organisation_id)
        .join(InternshipRound, InternshipRound.id == Interest.round_id)
        .join(Person, Person.id == Interest.student_id)
        .join(Supervision, Supervision.id == Approval.supervision_id)
        .where(Approval.id == approval_id, Approval.state == ApprovalState.VETOED)
    )
    row = db.session.execute(statement).one_or_none() if may_run_rounds(person) else None
    if row is None:
        raise NotFound
    return Vetoed(*row)


def link_of(secret: str, reader: Actor | None) -> ApprovalLink | None:
    """The link of this secret while it works: the supervision stands and the lists are not locked. A page may ask this on GET.

    Raises NotFound for the student themselves, whoever else they are signed in as.
    """
    stands = (ApprovalLink.token_hash == token_hash(secret), Supervision.ended_at.is_(None))
    wanted = select(ApprovalLink).join(Supervision, Supervision.id == ApprovalLink.supervision_id)
    found = db.session.scalars(wanted.where(*stands)).one_or_none()
    if found is None or db.session.get_one(InternshipRound, found.round_id).stage not in CHOOSING:
        return None
    if reader is not None and db.session.get_one(Supervision, found.supervision_id).student_id == reader.id:
        raise NotFound
    return found


def was_link(secret: str) -> bool:
    """Whether this secret was ever sent, working or not; what was mistyped or cut off never was."""
    found = select(ApprovalLink.id).where(ApprovalLink.token_hash == token_hash(secret))
    return db.session.scalar(found) is not None


def asked_by_link(link: ApprovalLink) -> Sequence[Asked]:
    """All pairs of the student in the round, in the order in which they were asked for."""
    return _asked(Supervision.id == link.supervision_id, Interest.round_id == link.round_id)


def asked_of(person: Actor) -> Sequence[Asked]:
    """All pairs of the person's students in rounds in which supervisors decide."""
    return [each for each in _asked(_supervises(person)) if each.is_open]


def asked_for(person: Actor, approval_id: int) -> Asked:
    """One of them, also after the lists have locked; raises NotFound."""
    return one_of(_asked(_supervises(person), Approval.id == approval_id), approval_id)


def asked_again(approval_id: int) -> Asked:
    """The pair as it stands, for somebody who was let at it before; raises NotFound where it stands no more."""
    return one_of(_asked(Approval.id == approval_id), approval_id)


def running_rounds_of(student_id: int) -> list[InternshipRound]:
    """Rounds in which supervisors decide and the student shows interest, or has."""
    statement = select(InternshipRound).join(Interest, Interest.round_id == InternshipRound.id)
    found = db.session.scalars(statement.where(Interest.student_id == student_id).distinct())
    return [each for each in found if each.stage in CHOOSING]


def one_of(asked: Sequence[Asked], approval_id: int) -> Asked:
    """The pair of this number; raises NotFound."""
    found = next((each for each in asked if each.approval.id == approval_id), None)
    if found is None:
        raise NotFound
    return found


def list_approvals(
    person: Actor, *, round_id: int, state: ApprovalState | None, language: str, cursor: str | None
) -> Slice[Any]:
    """A round's pairs for the office: student, posting, company, supervisor or None, state, moment it was asked, number."""
    if not may_run_rounds(person):
        raise NotFound
    return _listing(state, language).slice(cursor, round_id=round_id)


def count_approvals(round_id: int) -> dict[ApprovalState, int]:
    """A round's pairs by state."""
    mine, said, work = Interest.__table__.c, Approval.__table__.c, InternshipPosting.__table__.c
    counted = (
        select(said.state, func.count())
        .join_from(Interest.__table__, Approval.__table__, said.interest_id == mine.id)
        .join(InternshipPosting.__table__, work.id == mine.posting_id)
        .where(mine.round_id == round_id, *_standing())
        .group_by(said.state)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


@cache
def _listing(state: ApprovalState | None, language: str) -> Listing:
    mine, said, work = Interest.__table__.c, Approval.__table__.c, InternshipPosting.__table__.c
    people, bodies, guides = Person.__table__.c, Organisation.__table__.c, Supervision.__table__.c
    current = (guides.student_id == mine.student_id) & guides.ended_at.is_(None)
    statement = (
        select(people.name, title_column(language), name_column(language), guides.name, type_coerce(said.state, String), said.asked_at, said.id)
        .join_from(Interest.__table__, Approval.__table__, said.interest_id == mine.id)
        .join(InternshipPosting.__table__, work.id == mine.posting_id)
        .join(Organisation.__table__, bodies.id == mine.organisation_id)
        .join(Person.__table__, people.id == mine.student_id)
        .join(Supervision.__table__, current, isouter=True)
        .where(mine.round_id == bindparam("round_id"), *_standing())
    )  # fmt: skip
    if state is not None:
        statement = statement.where(said.state.in_(written(state)))
    return Listing(statement, (said.asked_at, False), (said.id, False))


def _supervises(person: Actor) -> ColumnElement[bool]:
    return Supervision.id.in_([each.id for each in students_of(person)])


def _standing() -> tuple[ColumnElement[bool], ...]:
    shown = Interest.__table__.c.state.in_(written(InterestState.SHOWN))
    return shown, InternshipPosting.__table__.c.state.in_(written(PostingState.PUBLISHED))


def _asked(*conditions: ColumnElement[bool]) -> list[Asked]:
    statement = (
        select(Approval, Interest, InternshipPosting, Organisation, InternshipRound, Person, Supervision)
        .join(Interest, Interest.id == Approval.interest_id)
        .join(InternshipPosting, InternshipPosting.id == Interest.posting_id)
        .join(Organisation, Organisation.id == Interest.organisation_id)
        .join(InternshipRound, InternshipRound.id == Interest.round_id)
        .join(Person, Person.id == Interest.student_id)
        .join(Supervision, (Supervision.student_id == Interest.student_id) & Supervision.ended_at.is_(None))
        .where(*_standing(), *conditions)
        .order_by(Interest.student_id, Approval.id)
    )
    return [Asked(*row) for row in db.session.execute(statement)]
