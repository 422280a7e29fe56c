"""What waits around interest in postings: invitations, decisions of supervisors, questions; for each side and the office."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, literal, select, union_all

from portal.accounts.enums import Role
from portal.careers.models import Supervision
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import ask, db, written
from portal.core.i18n import _, current_language, ngettext
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.interview_flow import InterviewState
from portal.domain.internships.question_flow import TURN, Side, Turn
from portal.home.queries.office import Waiting
from portal.home.todo import Task
from portal.internships.models import Approval, Interest, InternshipRound, Interview, InterviewSlot, Question
from portal.internships.policy import hosting_organisations
from portal.internships.queries.approvals import asked_of
from portal.internships.queries.interviews import meetings_of
from portal.internships.queries.questions import OFFICE_TURN, exchanges_of

MINE = {turn: [state for state, its in TURN.items() if its is turn] for turn in Turn}
_talks, _slots, _asked = Interview.__table__.c, InterviewSlot.__table__.c, Question.__table__.c
_COMPANY: Any = bindparam("company")
_TO_MOVE = (
    select(literal("interview").label("kind"), _talks.round_id, func.count())
    .join_from(Interview.__table__, InterviewSlot.__table__, _slots.id == _talks.slot_id, isouter=True)
    .where(
        _talks.organisation_id == _COMPANY,
        _talks.state.in_(written(InterviewState.UNFIT))
        | (
            _talks.state.in_(written(InterviewState.AGREED))
            & (_slots.ends_at <= bindparam("now", type_=_slots.ends_at.type))
        ),
    )
    .group_by(_talks.round_id)
)
_TO_ANSWER = select(literal("question"), _asked.id, literal(1)).where(
    _asked.organisation_id == _COMPANY,
    (_asked.side.in_(written(Side.STUDENT)) & _asked.state.in_(written(*MINE[Turn.ANSWERER])))
    | (_asked.side.in_(written(Side.COMPANY)) & _asked.state.in_(written(*MINE[Turn.ASKER]))),
)
_HOSTING = union_all(_TO_MOVE, _TO_ANSWER)


def interest_tasks(person: Actor) -> list[Task]:
    """A student's invitations and questions; a supervisor's decisions."""
    if person.has(Role.STUDENT):
        return [*_invitations(person), *_questions(person)]
    return _decisions(person) if person.has(Role.SUPERVISOR) else []


def hosting_tasks(person: Actor, organisation_id: int) -> list[Task]:
    """A company's interviews in which it has the next move, and questions to answer; one statement."""
    if organisation_id not in hosting_organisations(person):
        return []
    found = []
    for kind, number, count in ask(_HOSTING, company=organisation_id, now=clock.now()):
        if kind == "question":
            words, values = _("Answer a question about an internship"), {"question_id": number}
            found.append(Task(words, _("See the question"), "internships.show_question", values))
        else:
            words = ngettext("%(num)d interview needs you", "%(num)d interviews need you", count)
            values = {"round_id": number, "organisation_id": organisation_id}
            found.append(Task(words, _("See"), "internships.list_company_interviews", values))
    return found


def questions_in_hand() -> Waiting:
    """Questions and answers that the office has to forward, and since when the oldest waits."""
    mine = Question.__table__.c
    counted = select(func.count(), func.min(mine.moved_at)).where(mine.state.in_(written(*OFFICE_TURN)))
    row = db.session.execute(counted).one()
    return Waiting(row[0], row[1])


def unsupervised_students() -> Waiting:
    """Students whose interest waits for an approval that nobody can give, and since when."""
    guided = select(Supervision.student_id).where(Supervision.ended_at.is_(None))
    waiting = (
        select(func.count(Interest.student_id.distinct()), func.min(Interest.shown_at))
        .join(Approval, Approval.interest_id == Interest.id)
        .join(InternshipRound, InternshipRound.id == Interest.round_id)
        .where(Interest.state == InterestState.SHOWN, Approval.state == ApprovalState.ASKED)
        .where(InternshipRound.locks_at > clock.now(), InternshipRound.cancelled_at.is_(None))
        .where(Interest.student_id.not_in(guided))
    )
    row = db.session.execute(waiting).one()
    return Waiting(row[0], row[1])


def _invitations(person: Actor) -> list[Task]:
    return [
        Task(
            _("Choose a time for the interview with %(company)s", company=each.company.name(current_language())), _("Choose a day and time"),
            "internships.show_interview", {"interview_id": each.interview.id}, detail=each.posting.name(current_language()),
            due=clock.day_of(each.interview.answer_by),
        )
        for each in meetings_of(person.id)
        if each.interview.state is InterviewState.INVITED
    ]  # fmt: skip


def _questions(person: Actor) -> list[Task]:
    mine = [each for each in exchanges_of(person) if each.is_mine]
    return [
        Task(
            _("Write your words again: a question") if each.is_asker else _("Answer a question about an internship"), _("See the question"),
            "internships.show_question", {"question_id": each.question.id},
            detail=each.question.posting.name(current_language()), due=clock.day_of(each.question.due_at),
        )
        for each in mine
    ]  # fmt: skip


def _decisions(person: Actor) -> list[Task]:
    waiting = [each for each in asked_of(person) if each.approval.state is ApprovalState.ASKED]
    if not waiting:
        return []
    title = ngettext(
        "Decide on %(num)d posting of your students",
        "Decide on %(num)d postings of your students",
        len(waiting),
    )
    due = min(clock.day_of(each.season.locks_at) for each in waiting)
    return [Task(title, _("See the postings and decide"), "internships.list_approvals", due=due)]
