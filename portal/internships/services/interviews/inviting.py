"""A company invites applicants, as preselected or as alternates, calls off, and notes what became of it."""

from __future__ import annotations

from sqlalchemy import select

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.interest_flow import InterestState
from portal.domain.internships.interview_flow import InterviewState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import CHOOSING
from portal.internships import interview_mail
from portal.internships.models import Interest, InternshipRound, Interview, InterviewSlot
from portal.internships.policy import hosting_organisations
from portal.internships.queries.interviews import live_of
from portal.internships.services.interviews.moves import (
    CLOSED,
    answered_by,
    has_promise_left,
    hold_posting,
    move,
    move_up,
    note,
)
from portal.internships.services.moves import NOT_YOURS

NO_TIME = _l(
    "No free time is left for another student. Please offer more times first, or invite as an alternate."
)
INVITED_ALREADY = _l("This student is invited already.")
NOT_YET = _l("The interview has not begun yet.")


def invite_applicant(*, interest: Interest, is_alternate: bool, days: int, by: Actor) -> Interview:
    """The student chooses a time, within `days`; an alternate once somebody before drops out. Raises Refused, OutOfDate."""
    if interest.organisation_id not in hosting_organisations(by):
        raise Refused(NOT_YOURS)
    posting = hold_posting(interest.posting_id)
    db.session.refresh(interest)
    season = db.session.get_one(InternshipRound, posting.round_id)
    stands = interest.state is InterestState.SHOWN and posting.state is PostingState.PUBLISHED
    if not stands or season.stage not in CHOOSING:
        raise OutOfDate(CLOSED)
    standing = live_of(interest.id)
    asked_again = (InterviewState.UNFIT,) if is_alternate else (InterviewState.UNFIT, InterviewState.WAITING)
    if standing is not None and standing.state not in asked_again:
        raise Refused(INVITED_ALREADY)
    if not is_alternate and not has_promise_left(posting.id):
        raise Refused(NO_TIME)
    until = answered_by(days, season, posting_id=posting.id)
    if standing is not None:
        move(standing, InterviewState.INVITED, by, answer_by=until, days=days)
        interview_mail.tell_student(standing, "invited")
        return standing
    made = Interview(
        interest_id=interest.id, round_id=season.id, organisation_id=posting.organisation_id, posting_id=posting.id,
        student_id=interest.student_id, state=InterviewState.WAITING if is_alternate else InterviewState.INVITED,
        is_alternate=is_alternate, days=days, answer_by=season.locks_at if is_alternate else until, invited_by_id=by.id,
        invited_at=clock.now(), moved_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    note("interview.invited", made, by)
    interview_mail.tell_student(made, "waiting" if is_alternate else "invited")
    return made


def call_off(*, interview: Interview, by: Actor) -> None:
    """The company takes the invitation back; the next alternate moves up. Raises Refused, OutOfDate."""
    if interview.organisation_id not in hosting_organisations(by):
        raise Refused(NOT_YOURS)
    hold_posting(interview.posting_id)
    end_interview(interview, by)
    move_up(interview.posting_id)


def end_interview(interview: Interview, by: Actor | None, what: str = "cancelled") -> None:
    """Called off by whatever ended it; both sides are told, and their calendars where a time was agreed."""
    slot = db.session.get_one(InterviewSlot, interview.slot_id) if interview.slot_id else None
    is_agreed = interview.state is InterviewState.AGREED
    move(interview, InterviewState.CANCELLED, by)
    interview_mail.tell_both(interview, what, slot if is_agreed else None)


def end_of(by: Actor | None, *, interest_id: int | None = None, posting_id: int | None = None) -> None:
    """The student is no longer interested, or the posting is gone: what lives of it is called off."""
    mine = Interview.interest_id == interest_id if interest_id else Interview.posting_id == posting_id
    lives = (InterviewState.WAITING, InterviewState.INVITED, InterviewState.UNFIT, InterviewState.AGREED)
    for each in db.session.scalars(
        select(Interview).where(mine, Interview.state.in_(lives)).order_by(Interview.id)
    ).all():
        end_interview(each, by)
        if interest_id:
            move_up(each.posting_id)


def note_outcome(*, interview: Interview, is_held: bool, by: Actor) -> None:
    """It took place, or the student did not come; can be corrected. Raises Refused, OutOfDate."""
    if interview.organisation_id not in hosting_organisations(by):
        raise Refused(NOT_YOURS)
    new = InterviewState.HELD if is_held else InterviewState.MISSED
    if interview.state is new:
        return
    slot = db.session.get_one(InterviewSlot, interview.slot_id) if interview.slot_id else None
    if slot is None or slot.starts_at > clock.now():
        raise OutOfDate(NOT_YET)
    move(interview, new, by)
