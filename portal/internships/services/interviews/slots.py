"""A company offers times on a posting, changes one, takes one back."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.accounts.models import Organisation
from portal.careers.queries.calendar import is_busy
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.contact import contact_message
from portal.core.db import db
from portal.core.errors import Incomplete, OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.interview_flow import InterviewState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import CHOOSING
from portal.internships import interview_mail
from portal.internships.models import InternshipPosting, InternshipRound, InterviewSlot
from portal.internships.policy import hosting_organisations
from portal.internships.queries.interviews import seated_in
from portal.internships.services.interviews.moves import (
    CLOSED,
    answered_by,
    hold_posting,
    hold_student,
    move,
    note,
    stretch_answers,
)
from portal.internships.services.moves import NOT_YOURS

MOST = 100  # times of one posting
OUTSIDE = _l("Interviews take place after interviews begin and before the lists lock.")
PAST = _l("This time has passed.")
TWICE = _l("The same interviewer has another interview at this time.")
BUSY = _l("The student has another appointment at this time.")
NOWHERE = _l("Please write a place or a link.")
TOO_MANY = _l("A posting can have %(most)s times.", most=MOST)
CHANGED = _l("Somebody has changed this time in the meantime. Please look at it again.")


def offer_slots(
    *, posting: InternshipPosting, spans: Sequence[tuple[datetime, datetime]], place: str, link: str, interviewer: str,
    once: str, by: Actor,
) -> list[InterviewSlot]:  # fmt: skip
    """Free times from now on. The same `once` gives the first result. Raises Refused at a field, OutOfDate."""
    keys, held = [f"{once}:{n}" for n in range(len(spans))], hold_posting(posting.id)
    made_before = select(InterviewSlot).where(InterviewSlot.once_key.in_(keys)).order_by(InterviewSlot.id)
    if standing := list(db.session.scalars(made_before)):
        return standing
    season = _open_round(held, by)
    _hold_company(posting.organisation_id)
    _check(season, spans, posting.organisation_id, place=place, link=link, interviewer=interviewer)
    if len(_slots_of(posting.organisation_id, posting.id)) + len(spans) > MOST:
        raise Refused(TOO_MANY)
    made = [
        InterviewSlot(
            round_id=season.id, organisation_id=posting.organisation_id, posting_id=posting.id, once_key=key, starts_at=start,
            ends_at=end, place=place, link=link, interviewer=interviewer, created_at=clock.now(), created_by_id=by.id,
        )
        for key, (start, end) in zip(keys, spans, strict=True)
    ]  # fmt: skip
    db.session.add_all(made)
    db.session.flush()
    stretch_answers(posting.id, season)
    note("interview.slots_offered", made[0], by, count=len(made))
    return made


def change_slot(
    *, slot: InterviewSlot, version: int, span: tuple[datetime, datetime], place: str, link: str, interviewer: str, by: Actor
) -> None:  # fmt: skip
    """Another time, place, link or interviewer; both sides' calendars are told where it is agreed. Raises Refused, OutOfDate."""
    held = seated_in(slot.id)
    if held is not None:
        hold_student(held.student_id)
    season = _open_round(hold_posting(slot.posting_id), by)
    _hold_company(slot.organisation_id)
    held, (start, end) = seated_in(slot.id), span
    _require_ahead(slot)
    _check(season, [span], slot.organisation_id, place=place, link=link, interviewer=interviewer, but=slot.id)
    if held is not None and is_busy(held.student_id, start, end, but=held.id):
        raise Refused(BUSY, field="time")
    stands = update(InterviewSlot).where(
        InterviewSlot.id == slot.id, InterviewSlot.version == version, InterviewSlot.cancelled_at.is_(None)
    )  # fmt: skip
    said = {"starts_at": start, "ends_at": end, "place": place, "link": link, "interviewer": interviewer}
    change_one(slot, stands.values(**said, version=version + 1), CHANGED)
    stretch_answers(slot.posting_id, season)
    note("interview.slot_changed", slot, by)
    if held is not None:
        move(held, InterviewState.AGREED, by)
        interview_mail.tell_both(held, "changed", slot)


def cancel_slot(*, slot: InterviewSlot, by: Actor) -> None:
    """Taken back; who had agreed on it chooses anew. Raises Refused, OutOfDate."""
    season = _open_round(hold_posting(slot.posting_id), by)
    _require_ahead(slot)
    held = seated_in(slot.id)
    stands = update(InterviewSlot).where(InterviewSlot.id == slot.id, InterviewSlot.cancelled_at.is_(None))
    change_one(slot, stands.values(cancelled_at=clock.now(), version=InterviewSlot.version + 1), CHANGED)
    note("interview.slot_cancelled", slot, by)
    if held is not None:
        until = answered_by(held.days, season, posting_id=slot.posting_id)
        move(held, InterviewState.INVITED, by, slot_id=None, answer_by=until)
        interview_mail.tell_both(held, "slot_gone", slot)


def _open_round(posting: InternshipPosting, by: Actor) -> InternshipRound:
    if posting.organisation_id not in hosting_organisations(by):
        raise Refused(NOT_YOURS)
    season = db.session.get_one(InternshipRound, posting.round_id)
    if posting.state is not PostingState.PUBLISHED or season.stage not in CHOOSING:
        raise OutOfDate(CLOSED)
    return season


def _require_ahead(slot: InterviewSlot) -> None:
    db.session.refresh(slot)
    if slot.starts_at <= clock.now() or slot.cancelled_at is not None:
        raise OutOfDate(PAST)


def _hold_company(organisation_id: int) -> None:
    """Interviewers of a company are booked one offer at a time."""
    held = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    db.session.execute(held)


def _check(
    season: InternshipRound, spans: Sequence[tuple[datetime, datetime]], organisation_id: int, *, place: str, link: str,
    interviewer: str, but: int = 0,
) -> None:  # fmt: skip
    """Everything that is wrong at once. Raises Incomplete."""
    found: dict[str, Any] = {} if place or link else {"place": NOWHERE}
    found |= {
        n: said
        for n, words in (("interviewer", interviewer), ("place", place))
        if (said := contact_message(words))
    }
    if any(start <= clock.now() for start, _end in spans):
        found["day"] = PAST
    elif any(start < season.interviews_at or end > season.locks_at for start, end in spans):
        found["day"] = OUTSIDE
    name = _key(interviewer)
    others = [
        each for each in _slots_of(organisation_id) if each.id != but and _key(each.interviewer) == name
    ]
    if any(start < other.ends_at and other.starts_at < end for other in others for start, end in spans):
        found["time"] = TWICE
    if found:
        raise Incomplete(found)


def _slots_of(organisation_id: int, posting_id: int | None = None) -> Sequence[InterviewSlot]:
    mine = [InterviewSlot.organisation_id == organisation_id, InterviewSlot.cancelled_at.is_(None)]
    mine.append(
        InterviewSlot.ends_at > clock.now() if posting_id is None else InterviewSlot.posting_id == posting_id
    )
    return db.session.scalars(select(InterviewSlot).where(*mine)).all()


def _key(name: str) -> str:
    """One person however the name is typed."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
