"""Times that companies offer, students who are invited and answer; everything invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback
from portal.domain.internships.interview_flow import InterviewState
from portal.internships.models import Interest, Interview, InterviewSlot
from portal.internships.services.interviews import answering, inviting, slots
from tests.support import interests as scenes
from tests.support import internships as given
from tests.support.academics import student

NOW = given.TIMES.interviews_at + timedelta(hours=1)  # interviews have begun
HALF_HOUR = timedelta(minutes=30)
_serial = iter(range(1, 1_000_000))


def scene(postings: int = 1) -> scenes.Scene:
    """As it was written when the round opened."""
    with clock.frozen(scenes.OPEN):
        return scenes.scene(postings)


def applied(count: int) -> tuple[scenes.Scene, list[Person]]:
    """A scene whose posting so many students are interested in."""
    here, people = scene(), [student() for _n in range(count)]
    for who in people:
        scenes.show(who, here.postings[0])
    return here, people


def offer(
    here: scenes.Scene, start: datetime, *, count: int = 1, posting: int = 0, interviewer: str = "", place: str = "本社",
    once: str = "",
) -> list[int]:  # fmt: skip
    """Times in a row; their numbers. Without a name each offer has an interviewer of its own."""
    n = next(_serial)
    with given.acting(here.admin) as by:
        made = slots.offer_slots(
            posting=given.loaded(posting or here.postings[0]), place=place, link="", interviewer=interviewer or f"担当{n}",
            spans=[(start + k * HALF_HOUR, start + (k + 1) * HALF_HOUR) for k in range(count)], once=once or f"slots{n}", by=by,
        )  # fmt: skip
        return [slot.id for slot in made]


def change(here: scenes.Scene, slot_id: int, start: datetime, *, version: int = 0) -> None:
    """Another time."""
    with given.acting(here.admin) as by:
        slot = db.session.get_one(InterviewSlot, slot_id)
        slots.change_slot(
            slot=slot, version=version or slot.version, span=(start, start + HALF_HOUR), place="本社", link="",
            interviewer=slot.interviewer, by=by,
        )  # fmt: skip


def invite(
    here: scenes.Scene, who: Person, *, is_alternate: bool = False, days: int = 5, posting: int = 0
) -> int:  # fmt: skip
    """The company invites an applicant, of its first posting unless another is named; the number of the invitation."""
    interest = scenes.stands(who, posting or here.postings[0]).id
    rollback()
    with given.acting(here.admin) as by:
        found = db.session.get_one(Interest, interest)
        return inviting.invite_applicant(interest=found, is_alternate=is_alternate, days=days, by=by).id


def agree(who: Person, interview_id: int, slot_id: int) -> None:
    """The student takes a time."""
    with given.acting(who) as by:
        answering.agree_on(interview=db.session.get_one(Interview, interview_id), slot_id=slot_id, by=by)


def none_fits(who: Person, interview_id: int, words: str) -> None:
    """The student cannot come at any."""
    with given.acting(who) as by:
        answering.say_none_fits(interview=db.session.get_one(Interview, interview_id), words=words, by=by)


def decline(who: Person, interview_id: int) -> None:
    """The student does not want to, or no longer."""
    with given.acting(who) as by:
        answering.decline_interview(interview=db.session.get_one(Interview, interview_id), words="", by=by)


def note(here: scenes.Scene, interview_id: int, *, is_held: bool) -> None:
    """The company says what became of it."""
    with given.acting(here.admin) as by:
        inviting.note_outcome(interview=db.session.get_one(Interview, interview_id), is_held=is_held, by=by)


def state(interview_id: int) -> InterviewState:
    """As it stands."""
    rollback()
    return db.session.get_one(Interview, interview_id).state
