"""Ask supervisors by mail for what waits: once a day at most, and once more three days before the lists lock."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.accounts.session import token_hash
from portal.careers.models import Supervision
from portal.careers.queries.supervision import supervision_of
from portal.core import clock
from portal.core.conditional import add_or_find
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import CHOOSING
from portal.internships import approval_mail
from portal.internships.models import Approval, ApprovalLink, Interest, InternshipPosting, InternshipRound

FROM = time(9)  # in Japan
LAST_CALL = timedelta(days=3)


def ask_supervisors() -> None:
    """Whoever has something to decide that they were not asked for yet, one transaction each; a second run finds nothing."""
    if clock.now().astimezone(clock.OFFICE_ZONE).time() < FROM:
        return
    with transaction():
        waiting = _waiting()
    for student_id, round_id, count, newest in waiting:
        with transaction():
            _ask(student_id, round_id, count, newest)


def link_for(supervision: Supervision, round_id: int) -> ApprovalLink:
    """The one link of this student, supervisor and round, made when it is asked for first."""
    mine = (ApprovalLink.supervision_id == supervision.id, ApprovalLink.round_id == round_id)

    def find() -> ApprovalLink | None:
        return db.session.scalars(select(ApprovalLink).where(*mine)).one_or_none()

    if (standing := find()) is not None:
        return standing
    secret = secrets.token_urlsafe(32)
    made = ApprovalLink(
        supervision_id=supervision.id, round_id=round_id, token_hash=token_hash(secret), secret=secret, created_at=clock.now()
    )  # fmt: skip
    return add_or_find(made, find)[0]


def tell_decisions(round_id: int, student_id: int, until: str) -> None:
    """The student hears what the supervisor said in the day before `until` (an ISO moment)."""
    end = datetime.fromisoformat(until)
    decided = (
        select(Approval.state, func.count())
        .join(Interest, Interest.id == Approval.interest_id)
        .where(Interest.student_id == student_id, Interest.round_id == round_id)
        .where(Interest.state == InterestState.SHOWN, Approval.decided_at >= end - timedelta(days=1), Approval.decided_at < end)
        .group_by(Approval.state)
    )  # fmt: skip
    counts = {row[0]: row[1] for row in db.session.execute(decided)}
    if counts:
        approval_mail.tell_decisions(
            db.session.get_one(Person, student_id), db.session.get_one(InternshipRound, round_id), day=clock.day_of(end),
            approved=counts.get(ApprovalState.APPROVED, 0), vetoed=counts.get(ApprovalState.VETOED, 0),
        )  # fmt: skip


def _waiting() -> Sequence[tuple[int, int, int, datetime]]:
    """Student, round, how many postings wait, and when the newest was asked for."""
    statement = (
        select(Interest.student_id, Interest.round_id, func.count(), func.max(Interest.shown_at))
        .join(Approval, Approval.interest_id == Interest.id)
        .join(InternshipPosting, InternshipPosting.id == Interest.posting_id)
        .join(InternshipRound, InternshipRound.id == Interest.round_id)
        .where(Interest.state == InterestState.SHOWN, InternshipPosting.state == PostingState.PUBLISHED)
        .where(Approval.state == ApprovalState.ASKED, InternshipRound.cancelled_at.is_(None))
        .where(InternshipRound.opens_at <= clock.now(), InternshipRound.locks_at > clock.now())
        .group_by(Interest.student_id, Interest.round_id)
        .order_by(Interest.student_id, Interest.round_id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(statement)]


def _ask(student_id: int, round_id: int, count: int, newest: datetime) -> None:
    season, student = db.session.get_one(InternshipRound, round_id), db.session.get_one(Person, student_id)
    supervision = supervision_of(student_id)
    if season.stage not in CHOOSING:
        return
    if supervision is None:
        approval_mail.tell_unsupervised(student, season)
        return
    link, now = link_for(supervision, round_id), clock.now()
    if link.told_at is not None and clock.day_of(link.told_at) == clock.today():
        return
    is_new = link.told_at is None or newest > link.told_at
    is_last_call = link.reminded_at is None and season.locks_at - now <= LAST_CALL
    if is_new or is_last_call:
        approval_mail.ask(supervision, link, student, season, count=count, is_last_call=is_last_call)
        link.told_at = now
        link.reminded_at = now if is_last_call else link.reminded_at
