"""A student takes a time, takes another, says that none fits, declines; the calendar ends what nobody answered."""

from __future__ import annotations

from sqlalchemy import select

from portal.careers.queries.calendar import is_busy
from portal.core import clock
from portal.core.access import Actor
from portal.core.contact import without_contact
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.core.transaction import transaction
from portal.domain.internships.interview_flow import CHOOSABLE, InterviewState
from portal.domain.internships.timetable import CHOOSING
from portal.internships import interview_mail
from portal.internships.models import InternshipRound, Interview, InterviewSlot
from portal.internships.queries.interviews import overdue_interviews, seated_in
from portal.internships.services.interviews.inviting import end_interview
from portal.internships.services.interviews.moves import (
    CLOSED,
    answered_by,
    hold_posting,
    hold_student,
    move,
    move_up,
)

TAKEN = _l("Somebody has just taken this time. Please choose another one.")
BUSY = _l("You have another appointment at this time. Please choose another one.")
WHEN = _l("Please write when you could come.")
UNFIT_DAYS = 5  # in which the company offers other times


def agree_on(*, interview: Interview, slot_id: int, by: Actor) -> None:
    """This time it is; of many at once one gets it, and nobody is in two places. Raises Refused at `slot_id`, OutOfDate."""
    _require_open(interview, by)
    hold_student(by.id)
    db.session.refresh(interview)
    if interview.state is InterviewState.AGREED and interview.slot_id == slot_id:
        return
    if interview.state not in CHOOSABLE:
        raise OutOfDate(CLOSED)
    slot = _free_slot(interview, slot_id)
    if is_busy(by.id, slot.starts_at, slot.ends_at, but=interview.id):
        raise Refused(BUSY, field="slot_id")
    what = "changed" if interview.state is InterviewState.AGREED else "agreed"
    move(interview, InterviewState.AGREED, by, slot_id=slot.id, words="")
    interview_mail.tell_both(interview, what, slot)


def say_none_fits(*, interview: Interview, words: str, by: Actor) -> None:
    """The company reads when the student could come, and offers other times or not. Raises Refused at `words`, OutOfDate."""
    season = _require_open(interview, by)
    if not words.strip():
        raise Refused(WHEN, field="words")
    until = answered_by(UNFIT_DAYS, season)
    move(interview, InterviewState.UNFIT, by, words=without_contact(words, field="words"), answer_by=until)
    interview_mail.tell_company(interview, "unfit")


def decline_interview(*, interview: Interview, words: str, by: Actor) -> None:
    """No interview, or no longer; the next alternate moves up. Raises Refused, OutOfDate."""
    _require_open(interview, by)
    hold_posting(interview.posting_id)
    db.session.refresh(interview)
    slot = db.session.get_one(InterviewSlot, interview.slot_id) if interview.slot_id else None
    is_agreed = interview.state is InterviewState.AGREED
    move(interview, InterviewState.DECLINED, by, words=without_contact(words, field="words"))
    if is_agreed:
        interview_mail.tell_both(interview, "declined", slot)
    else:
        interview_mail.tell_company(interview, "declined")
    move_up(interview.posting_id)


def expire_interviews() -> None:
    """What was not answered in time ends, and so does what lives of a cancelled round; one transaction each."""
    with transaction():
        due = overdue_interviews()
    for interview_id, posting_id in due:
        with transaction():
            hold_posting(posting_id)
            which = select(Interview).where(Interview.id == interview_id).with_for_update()
            _expire(db.session.scalars(which, execution_options={"populate_existing": True}).one())


def _expire(interview: Interview) -> None:
    season = db.session.get_one(InternshipRound, interview.round_id)
    if season.cancelled_at is not None:
        if interview.state in (*CHOOSABLE, InterviewState.WAITING):
            end_interview(interview, None)
        return
    waits = interview.state in (InterviewState.WAITING, InterviewState.INVITED, InterviewState.UNFIT)
    due = season.locks_at if interview.state is InterviewState.WAITING else interview.answer_by
    if not waits or due > clock.now():
        return
    move(interview, InterviewState.EXPIRED, None)
    interview_mail.tell_both(interview, "expired", None)
    if season.stage in CHOOSING:
        move_up(interview.posting_id)


def _require_open(interview: Interview, by: Actor) -> InternshipRound:
    season = db.session.get_one(InternshipRound, interview.round_id)
    if interview.student_id != by.id or season.stage not in CHOOSING:
        raise OutOfDate(CLOSED)
    return season


def _free_slot(interview: Interview, slot_id: int) -> InterviewSlot:
    held = (
        select(InterviewSlot)
        .where(InterviewSlot.id == slot_id, InterviewSlot.posting_id == interview.posting_id)
        .with_for_update()
    )
    slot = db.session.scalars(held, execution_options={"populate_existing": True}).one_or_none()
    if (
        slot is None
        or slot.cancelled_at is not None
        or slot.starts_at <= clock.now()
        or seated_in(slot.id) is not None
    ):
        raise Refused(TAKEN, field="slot_id")
    return slot
