"""What waits around interest in postings: invitations, decisions of supervisors, questions; for each side and the office."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.core import clock
from portal.core.access import Actor
from portal.core.i18n import _, current_language, ngettext
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.internships.interview_flow import InterviewState
from portal.home.duties import Task
from portal.internships.queries.approvals import asked_of
from portal.internships.queries.interviews import meetings_of
from portal.internships.queries.questions import exchanges_of


def interest_tasks(person: Actor) -> list[Task]:
    """A student's invitations and questions; a supervisor's decisions."""
    if person.has(Role.STUDENT):
        return [*_invitations(person), *_questions(person)]
    return _decisions(person) if person.has(Role.SUPERVISOR) else []


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
