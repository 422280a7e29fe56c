"""Ask, forward or send back, answer, deliver; a reminder when somebody is late, and an end when the lists lock."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find
from portal.core.contact import without_contact
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.core.transaction import transaction
from portal.domain.internships.interest_flow import InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.question_flow import TURN, QuestionState, Side, due
from portal.domain.internships.timetable import CHOOSING
from portal.internships import question_mail
from portal.internships.models import Interest, InternshipPosting, InternshipRound, Question
from portal.internships.policy import hosting_organisations, may_run_rounds
from portal.internships.queries.questions import questions_due
from portal.internships.services.question_moves import move_question, note_question

CLOSED = _l("Questions can be asked and answered from the opening of the round until the lists lock.")
EMPTY = _l("Please write a few words.")
NOT_YOURS = _l("This question is not yours to move, or you belong to the company.")
TOO_MANY = _l("You have many open questions. Please wait for their answers.")
MOST_OPEN = 20  # of one student, or to one student of one company


def ask_company(*, posting: InternshipPosting, words: str, is_named: bool, once: str, by: Actor) -> Question:
    """A student asks about a posting; the office forwards it. The same `once` gives the first result. Raises Refused."""
    if not by.has(Role.STUDENT):
        raise Refused(NOT_YOURS)
    return _ask(posting, by.id, Side.STUDENT, words, once, by, is_named=is_named)


def ask_student(*, interest: Interest, words: str, once: str, by: Actor) -> Question:
    """A company asks an applicant; the office forwards it. Raises Refused."""
    if interest.organisation_id not in hosting_organisations(by) or interest.state is not InterestState.SHOWN:
        raise Refused(NOT_YOURS)
    posting = db.session.get_one(InternshipPosting, interest.posting_id)
    return _ask(posting, interest.student_id, Side.COMPANY, words, once, by, is_named=True)


def reword_question(*, question: Question, words: str, version: int, by: Actor) -> None:
    """In other words to the office again. Raises Refused at `words`, OutOfDate."""
    _require(question, question.side, by)
    move_question(question, QuestionState.ASKED, version, by, words=_said(words, "words"), remark="")
    question_mail.tell_office(question)


def forward_question(*, question: Question, version: int, by: Actor) -> None:
    """The office hands on what is with it: the question to whom it is for, the answer to who asked. Raises Refused, OutOfDate."""
    _require_office(question, by)
    is_answer = question.state is QuestionState.ANSWERED
    move_question(question, QuestionState.DELIVERED if is_answer else QuestionState.FORWARDED, version, by)
    question_mail.tell(question, question.side if is_answer else question.side.other)


def send_back(*, question: Question, remark: str, version: int, by: Actor) -> None:
    """The office asks for other words. Raises Refused at `remark`, OutOfDate."""
    _require_office(question, by)
    is_answer = question.state is QuestionState.ANSWERED
    new = QuestionState.ANSWER_SENT_BACK if is_answer else QuestionState.SENT_BACK
    move_question(question, new, version, by, remark=_said(remark, "remark"))
    question_mail.tell(question, question.side.other if is_answer else question.side)


def answer_question(*, question: Question, answer: str, version: int, by: Actor) -> None:
    """The answer goes to the office. Raises Refused at `answer`, OutOfDate."""
    _require(question, question.side.other, by)
    move_question(
        question,
        QuestionState.ANSWERED,
        version,
        by,
        answer=_said(answer, "answer"),
        answered_by_id=by.id,
        remark="",
    )
    question_mail.tell_office(question)


def look_at_questions() -> None:
    """Whoever is late is reminded once; what is open when the lists lock is closed. One transaction each."""
    with transaction():
        found = questions_due()
    for number in found:
        with transaction():
            which = select(Question).where(Question.id == number).with_for_update()
            _look_at(db.session.scalars(which, execution_options={"populate_existing": True}).one())


def _look_at(question: Question) -> None:
    if question.state not in TURN:
        return
    if db.session.get_one(InternshipRound, question.round_id).stage not in CHOOSING:
        move_question(question, QuestionState.LAPSED, question.version, None)
        question_mail.tell(question, question.side)
    elif question.reminded_at is None and question.due_at <= clock.now():
        question.reminded_at = clock.now()
        question_mail.remind(question)


def _ask(
    posting: InternshipPosting, student_id: int, side: Side, words: str, once: str, by: Actor, *, is_named: bool
) -> Question:  # fmt: skip
    if (standing := _asked_with(once)) is not None:
        if standing.asked_by_id != by.id:
            raise Refused(NOT_YOURS)
        return standing
    season = db.session.get_one(InternshipRound, posting.round_id)
    if posting.state is not PostingState.PUBLISHED or season.stage not in CHOOSING:
        raise OutOfDate(CLOSED)
    said = _said(words, "words")
    if _open_with(student_id, None if side is Side.STUDENT else posting.organisation_id) >= MOST_OPEN:
        raise Refused(TOO_MANY)
    now = clock.now()
    made = Question(
        round_id=season.id, organisation_id=posting.organisation_id, posting_id=posting.id, student_id=student_id, side=side,
        once_key=once, is_named=is_named, words=said, asked_by_id=by.id, asked_at=now, moved_at=now,
        due_at=due(now, QuestionState.ASKED),
    )  # fmt: skip
    asked, is_ours = add_or_find(made, lambda: _asked_with(once))
    if is_ours:
        note_question("question.asked", asked, by)
        question_mail.tell_office(asked)
    return asked


def _asked_with(once: str) -> Question | None:
    return db.session.scalars(select(Question).where(Question.once_key == once)).one_or_none()


def _open_with(student_id: int, organisation_id: int | None) -> int:
    theirs = [Question.student_id == student_id, Question.state.in_(TURN)]
    theirs.append(Question.side == (Side.STUDENT if organisation_id is None else Side.COMPANY))
    if organisation_id is not None:
        theirs.append(Question.organisation_id == organisation_id)
    return int(db.session.scalar(select(func.count()).select_from(Question).where(*theirs)) or 0)


def _said(words: str, field: str) -> str:
    if not words.strip():
        raise Refused(EMPTY, field=field)
    return without_contact(words, field=field)


def _require(question: Question, side: Side, by: Actor) -> None:
    """The person stands on this side, and the round takes moves."""
    is_theirs = question.student_id == by.id
    if side is Side.COMPANY:
        is_theirs = question.organisation_id in hosting_organisations(by)
    if not is_theirs:
        raise Refused(NOT_YOURS)
    _require_time(question)


def _require_office(question: Question, by: Actor) -> None:
    if not may_run_rounds(by) or question.organisation_id in by.organisation_ids:
        raise Refused(NOT_YOURS)
    _require_time(question)


def _require_time(question: Question) -> None:
    if db.session.get_one(InternshipRound, question.round_id).stage not in CHOOSING:
        raise OutOfDate(CLOSED)
