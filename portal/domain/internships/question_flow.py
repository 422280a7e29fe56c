"""The way of a question between a student and a company: through the career-support office, there and back."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class QuestionState(StrEnum):
    """Where it stands."""

    ASKED = "asked"  # with the office
    SENT_BACK = "returned"  # the office asks for other words
    FORWARDED = "forwarded"  # waits for an answer
    ANSWERED = "answered"  # the answer is with the office
    ANSWER_SENT_BACK = "answer_returned"
    DELIVERED = "delivered"
    LAPSED = "lapsed"  # not answered before the lists locked


class Side(StrEnum):
    """Who asks."""

    STUDENT = "student"
    COMPANY = "company"

    @property
    def other(self) -> Side:
        """Who answers."""
        return Side.COMPANY if self is Side.STUDENT else Side.STUDENT


class Turn(StrEnum):
    """Whose move it is."""

    OFFICE = "office"
    ASKER = "asker"
    ANSWERER = "answerer"


TURN = {
    QuestionState.ASKED: Turn.OFFICE,
    QuestionState.SENT_BACK: Turn.ASKER,
    QuestionState.FORWARDED: Turn.ANSWERER,
    QuestionState.ANSWERED: Turn.OFFICE,
    QuestionState.ANSWER_SENT_BACK: Turn.ANSWERER,
}
NEXT: dict[QuestionState, frozenset[QuestionState]] = {
    QuestionState.ASKED: frozenset({QuestionState.FORWARDED, QuestionState.SENT_BACK, QuestionState.LAPSED}),
    QuestionState.SENT_BACK: frozenset({QuestionState.ASKED, QuestionState.LAPSED}),
    QuestionState.FORWARDED: frozenset({QuestionState.ANSWERED, QuestionState.LAPSED}),
    QuestionState.ANSWERED: frozenset(
        {QuestionState.DELIVERED, QuestionState.ANSWER_SENT_BACK, QuestionState.LAPSED}
    ),
    QuestionState.ANSWER_SENT_BACK: frozenset({QuestionState.ANSWERED, QuestionState.LAPSED}),
    QuestionState.DELIVERED: frozenset(),
    QuestionState.LAPSED: frozenset(),
}
REACHED = tuple(  # the answering side has it
    state for state in QuestionState if state not in (QuestionState.ASKED, QuestionState.SENT_BACK, QuestionState.LAPSED)
)  # fmt: skip
DAYS = {Turn.OFFICE: 2, Turn.ASKER: 7, Turn.ANSWERER: 5}  # before somebody is reminded


def due(now: datetime, state: QuestionState) -> datetime:
    """By when the next move is expected; at an end this moment."""
    turn = TURN.get(state)
    return now + timedelta(days=DAYS[turn]) if turn else now
