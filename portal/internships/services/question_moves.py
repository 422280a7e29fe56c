"""One step of a question, and its trail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.errors import OutOfDate
from portal.core.i18n import _l
from portal.domain.internships.question_flow import NEXT, QuestionState, due
from portal.internships.models import Question

CHANGED = _l("This question has moved on in the meantime. Please look at it again.")
VERBS = {
    QuestionState.ASKED: "question.asked",
    QuestionState.SENT_BACK: "question.returned",
    QuestionState.FORWARDED: "question.forwarded",
    QuestionState.ANSWERED: "question.answered",
    QuestionState.ANSWER_SENT_BACK: "question.answer_returned",
    QuestionState.DELIVERED: "question.delivered",
    QuestionState.LAPSED: "question.lapsed",
}


def move_question(
    question: Question, new: QuestionState, version: int, by: Actor | None, **said: Any
) -> None:
    """One step, if the question stands where it was seen. Raises OutOfDate."""
    if new not in NEXT[question.state]:
        raise OutOfDate(CHANGED)
    stands = update(Question).where(
        Question.id == question.id, Question.state == question.state, Question.version == version
    )
    now = clock.now()
    moved = {
        "state": new,
        "version": version + 1,
        "moved_at": now,
        "due_at": due(now, new),
        "reminded_at": None,
    }
    change_one(question, stands.values(**moved, **said), CHANGED)
    note_question(VERBS[new], question, by)


def note_question(verb: str, question: Question, by: Actor | None) -> None:
    """Of the house, not of the company: its trail would tell who asked."""
    record(verb=verb, subject=question, by=by)
