"""Questions as each side reads them: a company never who asks, unless the student says so; nobody an answer too early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import name_column
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db, written
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.domain.internships.question_flow import REACHED, TURN, QuestionState, Side, Turn
from portal.internships.models import InternshipPosting, InternshipRound, Question
from portal.internships.policy import hosting_organisations, may_run_rounds
from portal.internships.queries.postings import title_column

MOST_SHOWN = 200
OPEN = tuple(TURN)
OFFICE_TURN = tuple(state for state, turn in TURN.items() if turn is Turn.OFFICE)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with what this reader may know. `student` and `answer` are empty where they may not."""

    question: Question
    company: Organisation
    student: str
    answer: str
    is_asker: bool

    @property
    def is_mine(self) -> bool:
        """The reader has the next move."""
        return TURN.get(self.question.state) is (Turn.ASKER if self.is_asker else Turn.ANSWERER)


def exchanges_of(person: Actor) -> Sequence[Exchange]:
    """What the person, or their company, asked or is asked; the newest move first."""
    return _exchanges(person)


def exchange_for(person: Actor, question_id: int) -> Exchange:
    """One of them; raises NotFound."""
    found = next(iter(_exchanges(person, Question.id == question_id)), None)
    if found is None:
        raise NotFound
    return found


def question_for_office(person: Actor, question_id: int) -> tuple[Question, Organisation, str]:
    """A question with the company and the student's name; raises NotFound for all but the office."""
    named = select(Question, Organisation, Person.name).join(
        Organisation, Organisation.id == Question.organisation_id
    )
    named = named.join(Person, Person.id == Question.student_id).where(Question.id == question_id)
    loaded = named.options(joinedload(Question.posting).joinedload(InternshipPosting.round))
    row = db.session.execute(loaded).one_or_none() if may_run_rounds(person) else None
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


def list_questions(person: Actor, *, is_waiting: bool, language: str, cursor: str | None) -> Slice[Any]:
    """For the office: number, posting, company, student, who asks, state, last move; `is_waiting`: its own turn alone."""
    if not may_run_rounds(person):
        raise NotFound
    return _listing(is_waiting, language).slice(cursor)


def questions_due() -> Sequence[int]:
    """Numbers of open questions whose next move is late or whose round takes no more moves."""
    over = (InternshipRound.locks_at <= clock.now()) | InternshipRound.cancelled_at.is_not(None)
    late = Question.reminded_at.is_(None) & (Question.due_at <= clock.now())
    statement = select(Question.id).join(InternshipRound, InternshipRound.id == Question.round_id)
    return db.session.scalars(
        statement.where(Question.state.in_(OPEN), over | late).order_by(Question.id)
    ).all()


@cache
def _listing(is_waiting: bool, language: str) -> Listing:
    mine, work = Question.__table__.c, InternshipPosting.__table__.c
    people, bodies = Person.__table__.c, Organisation.__table__.c
    statement = (
        select(
            mine.id, title_column(language), name_column(language), people.name, type_coerce(mine.side, String),
            type_coerce(mine.state, String), mine.moved_at,
        )
        .join_from(Question.__table__, InternshipPosting.__table__, work.id == mine.posting_id)
        .join(Organisation.__table__, bodies.id == mine.organisation_id)
        .join(Person.__table__, people.id == mine.student_id)
    )  # fmt: skip
    if is_waiting:
        statement = statement.where(mine.state.in_(written(*OFFICE_TURN)))
    return Listing(statement, (mine.moved_at, not is_waiting), (mine.id, not is_waiting))


def _exchanges(person: Actor, *conditions: ColumnElement[bool]) -> list[Exchange]:
    ours = Question.organisation_id.in_(hosting_organisations(person))
    mine = Question.student_id == person.id
    seen = or_(
        and_(mine, or_(Question.side == Side.STUDENT, Question.state.in_(REACHED))),
        and_(ours, or_(Question.side == Side.COMPANY, Question.state.in_(REACHED))),
    )
    statement = (
        select(Question, Organisation, Person.name)
        .join(Organisation, Organisation.id == Question.organisation_id)
        .join(Person, Person.id == Question.student_id)
        .where(seen, *conditions)
        .options(joinedload(Question.posting).joinedload(InternshipPosting.round))
        .order_by(Question.moved_at.desc(), Question.id.desc())
        .limit(MOST_SHOWN)
    )
    return [_exchange(person, *row) for row in db.session.execute(statement)]


def _exchange(person: Actor, question: Question, company: Organisation, student: str) -> Exchange:
    is_student = question.student_id == person.id
    is_asker = is_student == (question.side is Side.STUDENT)
    knows = is_student or question.is_named or question.side is Side.COMPANY
    reads = not is_asker or question.state is QuestionState.DELIVERED
    return Exchange(question, company, student if knows else "", question.answer if reads else "", is_asker)
