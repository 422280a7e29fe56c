"""A student shows interest in a posting, or no longer; the company hears of it once a day, the supervisor is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from portal.accounts.enums import Role
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one, rows_changed
from portal.core.contact import without_contact
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import CHOOSING
from portal.internships import mail, signals
from portal.internships.models import Approval, Interest, InternshipPosting, InternshipRound
from portal.internships.queries.interests import interest_in
from portal.internships.services.interviews.inviting import end_of
from portal.internships.services.interviews.moves import hold_posting
from portal.internships.services.telling import tell_company_later

STUDENTS_ALONE = _l("Interest is shown by doctoral students.")
NOT_NOW = _l("This is not possible in this round just now, or the posting is no longer offered.")
CHANGED = _l("Your interest has changed in the meantime. Please look at it again.")
TOO_MANY = _l("You have shown interest in as many postings of this round as one student can.")
MOST = 50  # of one student in one round


def show_interest(*, posting: InternshipPosting, words: str, by: Actor) -> Interest:
    """From now on the company sees the student as an applicant, and the supervisor is asked. Pressed twice, it is one;
    other words take the place of the old ones. Raises Refused, OutOfDate."""
    if not by.has(Role.STUDENT):
        raise Refused(STUDENTS_ALONE)
    _require_open(posting.id)
    words = without_contact(words, field="words")
    standing, now = interest_in(posting.id, by.id), clock.now()
    if standing is None:
        if _count(posting.round_id, by.id) >= MOST:
            raise Refused(TOO_MANY)
        made = Interest(
            round_id=posting.round_id, organisation_id=posting.organisation_id, posting_id=posting.id, student_id=by.id,
            words=words, shown_at=now, moved_at=now,
        )  # fmt: skip
        standing, is_ours = add_or_find(made, lambda: interest_in(posting.id, by.id))
        if is_ours:
            _shown(standing, by)
            return standing
    if standing.state is InterestState.SHOWN:
        _reword(standing, words)
        return standing
    _move(standing, InterestState.SHOWN, words=words, shown_at=now)
    _shown(standing, by)
    return standing


def withdraw_interest(*, interest: Interest, by: Actor) -> None:
    """No applicant any more; it can be shown again. Raises Refused, OutOfDate once the lists are locked."""
    if interest.student_id != by.id:
        raise Refused(STUDENTS_ALONE)
    if interest.state is InterestState.WITHDRAWN:
        return
    if db.session.get_one(InternshipRound, interest.round_id).stage not in CHOOSING:
        raise OutOfDate(NOT_NOW)
    hold_posting(interest.posting_id)
    _move(interest, InterestState.WITHDRAWN)
    _note("interest.withdrawn", interest, by)
    end_of(by, interest_id=interest.id)
    signals.interest_withdrawn.send(interest, by=by.id)


def tell_company(round_id: int, organisation_id: int, until: str) -> None:
    """Who came and who went in the day before `until` (an ISO moment): one mail to each mentor, none where nothing happened.

    Of somebody who came and went within the day the company never heard, nor does it now.
    """
    end = datetime.fromisoformat(until)
    begin, mine = end - timedelta(days=1), Interest.__table__.c
    moved = select(mine.state, mine.shown_at).where(
        mine.round_id == round_id, mine.organisation_id == organisation_id, mine.moved_at >= begin, mine.moved_at < end
    )  # fmt: skip
    rows = [(row[0], row[1]) for row in db.session.execute(moved)]
    shown = sum(state is InterestState.SHOWN for state, _at in rows)
    withdrawn = sum(state is InterestState.WITHDRAWN and at < begin for state, at in rows)
    if shown or withdrawn:
        season = db.session.get_one(InternshipRound, round_id)
        mail.tell_applicants(season, organisation_id, shown=shown, withdrawn=withdrawn, day=clock.day_of(end))


def _require_open(posting_id: int) -> None:
    """The posting stands still while we look at it: a withdrawal waits, or we see it."""
    posting = hold_posting(posting_id)
    season = db.session.get_one(InternshipRound, posting.round_id)
    if posting.state is not PostingState.PUBLISHED or season.stage not in CHOOSING:
        raise OutOfDate(NOT_NOW)


def _count(round_id: int, student_id: int) -> int:
    mine = (Interest.student_id == student_id, Interest.round_id == round_id)
    return int(db.session.scalar(select(func.count()).select_from(Interest).where(*mine)) or 0)


def _reword(interest: Interest, words: str) -> None:
    if interest.words != words:
        rows_changed(update(Interest).where(Interest.id == interest.id).values(words=words))
        db.session.refresh(interest)


def _move(interest: Interest, state: InterestState, **values: object) -> None:
    stands = update(Interest).where(Interest.id == interest.id, Interest.state == interest.state)
    change_one(interest, stands.values(state=state, moved_at=clock.now(), **values), CHANGED)


def _shown(interest: Interest, by: Actor) -> None:
    asked = select(Approval).where(Approval.interest_id == interest.id)
    if db.session.scalars(asked).one_or_none() is None:
        made = Approval(interest_id=interest.id, state=ApprovalState.ASKED, asked_at=clock.now())
        add_or_find(made, lambda: db.session.scalars(asked).one_or_none())
    _note("interest.shown", interest, by)


def _note(verb: str, interest: Interest, by: Actor) -> None:
    record(verb=verb, subject=interest, organisation_id=interest.organisation_id, by=by)
    tell_company_later(interest.round_id, interest.organisation_id)
