"""What a student and a supervisor of the world have, as addresses name it."""

from __future__ import annotations

from datetime import timedelta

from portal.accounts.models import Person
from portal.careers.services.consultations import book_slot
from portal.careers.services.slots import offer_slots
from portal.core import clock
from tests.support import careers as given
from tests.support.internships import acting
from tests.support.marks import Thing


def career_things(academics: dict[str, Person], officer: Person) -> dict[str, Thing]:
    """The student completed the training and has a talk with the office ahead; another time is free."""
    student = given.trained(officer, academics["student"])
    starts = clock.now() + timedelta(days=7)
    with acting(officer) as by:
        offered = offer_slots(
            starts_at=starts, ends_at=starts + timedelta(hours=2), minutes=60, weeks=1, place="第2会議室", link="",
            once="world", by=by,
        )  # fmt: skip
        taken, free = (slot.id for slot in offered.slots)
    with acting(student) as by:
        booked = book_slot(slot_id=taken, reason="進路について", by=by).id
    return {"student_id": student.id, "document": "cv", "time_id": free, "consultation_id": booked}
