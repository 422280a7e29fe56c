"""One step of an invitation, its trail, and who moves up when somebody drops out.

Everybody locks in one order: the student (their calendar), the posting (its waiting list), a slot, the invitation.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update

from portal.accounts.models import Person
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.db import db
from portal.core.errors import OutOfDate
from portal.core.i18n import _l
from portal.domain.internships.interview_flow import InterviewState, answer_by, may_move, moves_up
from portal.internships import interview_mail
from portal.internships.models import InternshipPosting, InternshipRound, Interview
from portal.internships.queries.interviews import free_slots

CHANGED = _l("This invitation has changed in the meantime. Please look at it again.")
CLOSED = _l("This is no longer possible: the lists are locked, or the student or the posting is gone.")
VERBS = {
    InterviewState.INVITED: "interview.invited",
    InterviewState.AGREED: "interview.agreed",
    InterviewState.UNFIT: "interview.unfit",
    InterviewState.DECLINED: "interview.declined",
    InterviewState.EXPIRED: "interview.expired",
    InterviewState.CANCELLED: "interview.cancelled",
    InterviewState.HELD: "interview.noted",
    InterviewState.MISSED: "interview.noted",
}


def move(
    interview: Interview, new: InterviewState, by: Actor | None, *, verb: str = "", **values: Any
) -> None:
    """One step, if the invitation stands where it was seen. Raises OutOfDate."""
    if not may_move(interview.state, new):
        raise OutOfDate(CHANGED)
    stands = update(Interview).where(
        Interview.id == interview.id,
        Interview.state == interview.state,
        Interview.sequence == interview.sequence,
    )
    values |= {"state": new, "moved_at": clock.now(), "sequence": Interview.sequence + 1}
    change_one(interview, stands.values(**values), CHANGED)
    note(verb or VERBS[new], interview, by)


def answered_by(
    days: int, season: InternshipRound, *, posting_id: int | None = None, since: datetime | None = None
) -> datetime:
    """The moment by which an invitation of today (or of `since`) is answered; of a posting's times, before the last free one begins."""
    here = (since or clock.now()).astimezone(clock.OFFICE_ZONE)
    times = [slot.starts_at for slot in free_slots(posting_id)] if posting_id else []
    return answer_by(here, days, season.locks_at, max(times, default=None)).astimezone(UTC)


def stretch_answers(posting_id: int, season: InternshipRound) -> None:
    """There are later times to choose: whoever is invited has the days that they were given to answer, as far as those reach."""
    db.session.flush()
    invited = select(Interview).where(*_invited(posting_id)).order_by(Interview.id).with_for_update()
    for held in db.session.scalars(invited, execution_options={"populate_existing": True}).all():
        until = answered_by(held.days, season, posting_id=posting_id, since=held.moved_at)
        held.answer_by = max(held.answer_by, until)


def _invited(posting_id: int) -> tuple[Any, ...]:
    return Interview.posting_id == posting_id, Interview.state == InterviewState.INVITED


def note(verb: str, subject: Any, by: Actor | None, **changes: Any) -> None:
    """Into the trail of the company."""
    record(
        verb=verb, subject=subject, organisation_id=subject.organisation_id, by=by, changes=changes, audience=Audience.PARTY
    )  # fmt: skip


def hold_student(student_id: int) -> None:
    """One at a time looks at a student's calendar and writes into it."""
    held = select(Person.id).where(Person.id == student_id).with_for_update(key_share=True)
    db.session.execute(held)


def hold_posting(posting_id: int) -> InternshipPosting:
    """One at a time works on the waiting list of a posting; gives it as it stands."""
    held = select(InternshipPosting).where(InternshipPosting.id == posting_id).with_for_update()
    return db.session.scalars(held, execution_options={"populate_existing": True}).one()


def move_up(posting_id: int) -> None:
    """Somebody dropped out: the next alternate is invited where a time is free that nobody was promised."""
    mine = (Interview.posting_id == posting_id, Interview.state == InterviewState.WAITING)
    first = select(Interview).where(*mine).order_by(Interview.id).limit(1).with_for_update()
    following = db.session.scalars(first, execution_options={"populate_existing": True}).one_or_none()
    if following is None or not has_promise_left(posting_id):
        return
    season = db.session.get_one(InternshipRound, following.round_id)
    until = answered_by(following.days, season, posting_id=posting_id)
    move(following, InterviewState.INVITED, None, verb="interview.moved_up", answer_by=until)
    interview_mail.tell_student(following, "moved_up")
    interview_mail.tell_company(following, "moved_up")


def has_promise_left(posting_id: int) -> bool:
    """Whether there are more free times than students who were invited to choose one."""
    promised = db.session.scalar(select(func.count()).select_from(Interview).where(*_invited(posting_id)))
    return moves_up(len(free_slots(posting_id)), int(promised or 0))
