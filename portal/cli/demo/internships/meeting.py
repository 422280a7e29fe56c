"""Interviews and questions: some are over, some wait for an answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from portal.cli.demo.deeds import Cast, acting
from portal.cli.demo.internships import offers as o
from portal.cli.demo.internships.postings import number_of, writer
from portal.cli.demo.internships.seasons import officer
from portal.cli.demo.internships.wishes import student
from portal.core.clock import OFFICE_ZONE
from portal.core.db import db
from portal.internships.models import InternshipPosting, Interview, InterviewSlot, Question
from portal.internships.queries.interests import interest_in
from portal.internships.services import questions
from portal.internships.services.interviews.answering import agree_on
from portal.internships.services.interviews.inviting import invite_applicant, note_outcome
from portal.internships.services.interviews.slots import offer_slots

LINK = "https://meet.example/renkei-demo"
ASKED = "週に1日は大学でのゼミに出席したいのですが、在宅での勤務に振り替えることはできますか。"
ANSWERED = "はい、可能です。曜日は、受入れの開始前にご相談のうえで決めます。"
WAITING = "Would it be possible to publish the results as part of my thesis?"


def meet(cast: Cast, offer: o.Offer, first: date, invited: tuple[str, ...], agreeing: int) -> None:
    """The company offers an hour for each on one afternoon; the first `agreeing` of the students take theirs."""
    posting, by = _posting(offer), acting(writer(offer))
    if posting is None:
        return
    begins = datetime.combine(first, time(13), OFFICE_ZONE)
    spans = [
        (begins + timedelta(hours=n), begins + timedelta(hours=n, minutes=45)) for n in range(len(invited))
    ]
    slots = offer_slots(
        posting=posting,
        spans=spans,
        place="",
        link=LINK,
        interviewer=by.name,
        once=f"demo-slots-{posting.id}",
        by=by,
    )
    for place, box in enumerate(invited):
        _invite(posting, box, slots[place] if place < agreeing else None, offer)


def hold(cast: Cast, offer: o.Offer) -> None:
    """All of them took place."""
    posting = _posting(offer)
    if posting is None:
        return
    for each in db.session.query(Interview).filter_by(posting_id=posting.id).order_by(Interview.id):
        note_outcome(interview=each, is_held=True, by=acting(writer(offer)))


def ask(cast: Cast, box: str, offer: o.Offer, words: str = ASKED) -> None:
    """A student asks; the office has to forward it."""
    posting = _posting(offer)
    if posting is not None:
        questions.ask_company(
            posting=posting, words=words, is_named=False, once=_once(box, offer), by=student(box)
        )


def forward(cast: Cast, box: str, offer: o.Offer) -> None:
    """The office hands on what is with it."""
    if (question := _question(box, offer)) is not None:
        questions.forward_question(question=question, version=question.version, by=officer(cast))


def answer(cast: Cast, box: str, offer: o.Offer) -> None:
    """The company answers."""
    if (question := _question(box, offer)) is not None:
        by = acting(writer(offer))
        questions.answer_question(question=question, answer=ANSWERED, version=question.version, by=by)


def _invite(posting: InternshipPosting, box: str, slot: InterviewSlot | None, offer: o.Offer) -> None:
    who = student(box)
    interest = interest_in(posting.id, who.id)
    if interest is None:
        return
    made = invite_applicant(interest=interest, is_alternate=False, days=5, by=acting(writer(offer)))
    if slot is not None:
        agree_on(interview=made, slot_id=slot.id, by=who)


def _posting(offer: o.Offer) -> InternshipPosting | None:
    number = number_of(offer)
    return None if number is None else db.session.get_one(InternshipPosting, number)


def _question(box: str, offer: o.Offer) -> Question | None:
    return db.session.query(Question).filter_by(once_key=_once(box, offer)).one_or_none()


def _once(box: str, offer: o.Offer) -> str:
    return f"demo-question-{box}-{offer.firm.serial}-{offer.number}"
