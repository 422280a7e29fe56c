"""Consultations: times offered without overlap, one winner each, both sides told with the appointment, nothing said in mails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.careers.models import Consultation, ConsultationSlot
from portal.careers.queries.calendar import is_busy
from portal.careers.queries.consultations import free_slots, next_consultation
from portal.careers.services.consultations import book_slot, cancel_consultation
from portal.careers.services.slots import Offered, cancel_slot, offer_slots
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.files.models import StoredFile
from portal.notifications.models import Message
from tests.support import careers as given
from tests.support.academics import student, supervisor
from tests.support.people import actor_of, browser_of, staff
from tests.support.races import at_once
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
HOUR = timedelta(hours=1)
FIRST = given.JUNE + timedelta(days=9, hours=4)  # Wed 10 June 2026, 13:00 in Japan
CANARY = "canary-of-the-reason"
_serial = iter(range(1, 1_000_000))


def offer(by: Actor, starts_at: datetime = FIRST, hours: int = 1, **values: Any) -> Offered:
    words = {"minutes": 60, "weeks": 1, "place": "第2会議室", "link": "", "once": f"once{next(_serial)}"}
    with transaction():
        return offer_slots(starts_at=starts_at, ends_at=starts_at + hours * HOUR, by=by, **(words | values))


def one_slot(by: Actor, **values: Any) -> int:
    made = offer(by, **values).slots[0]
    number = made.id
    rollback()
    return number


def book(by: Actor, slot_id: int, reason: str = CANARY) -> int:
    with transaction():
        return book_slot(slot_id=slot_id, reason=reason, by=by).id


def take_back(by: Actor, slot_id: int, reason: str = "") -> None:
    with transaction():
        cancel_slot(slot=db.session.get_one(ConsultationSlot, slot_id), reason=reason, by=by)


def give_back(by: Actor, number: int) -> None:
    with transaction():
        cancel_consultation(consultation=db.session.get_one(Consultation, number), by=by)


def mails(event: str) -> list[Message]:
    rollback()
    return list(
        db.session.scalars(select(Message).where(Message.event == f"careers/{event}").order_by(Message.id))
    )


def event_of(message: Message) -> tuple[str, Any]:
    (number,) = message.attachments
    calendar = Calendar.from_ical(db.session.get_one(StoredFile, number).content)
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


def test_a_series_is_cut_weekly_and_leaves_out_holidays(app: Flask) -> None:
    made = offer(
        actor_of(given.officer()), given.JUNE + timedelta(days=42, hours=4), hours=3, minutes=45, weeks=3
    )
    assert len(made.slots) == 8
    assert [str(day) for day in made.left_out] == ["2026-07-20"]
    rollback()
    assert len(free_slots()) == 8


def test_the_same_press_twice_offers_once_and_nothing_overlaps(app: Flask) -> None:
    by = actor_of(given.officer())
    at_once(app, *[lambda: offer(by, once="twice")] * 6)
    rollback()
    assert db.session.scalar(select(func.count()).select_from(ConsultationSlot)) == 1
    rollback()
    with pytest.raises(Refused) as refused:
        offer(by, FIRST + HOUR / 2)
    assert refused.value.field == "begins"
    offer(by, FIRST + HOUR)
    offer(actor_of(given.officer()), FIRST)


def test_of_eight_overlapping_at_once_one_stands(app: Flask) -> None:
    by = actor_of(given.officer())
    found = at_once(app, *[lambda n=n: offer(by, FIRST + n * timedelta(minutes=5)) for n in range(8)])  # type: ignore[misc]
    assert sorted(type(each).__name__ for each in found) == ["Offered"] + ["Refused"] * 7


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_at": given.JUNE - HOUR}, "day"),
        ({"minutes": 90}, "minutes"),
        ({"place": ""}, "place"),
        ({"hours": 10, "minutes": 15, "weeks": 26}, "weeks"),
    ],
)
def test_what_cannot_be_offered(app: Flask, values: dict[str, Any], field: str) -> None:
    by = actor_of(given.officer())
    with pytest.raises(Refused) as refused:
        offer(by, **values)
    assert refused.value.field == field


def test_the_rest_of_the_office_offers_none(app: Flask) -> None:
    for who in (staff(Role.SECRETARIAT), student()):
        with pytest.raises(Refused):
            offer(actor_of(who))


def test_of_eight_students_one_has_the_time(app: Flask) -> None:
    slot = one_slot(actor_of(given.officer()))
    people = [actor_of(student()) for _ in range(8)]
    found = at_once(app, *[lambda by=by: book(by, slot) for by in people])  # type: ignore[misc]
    assert sorted(type(each).__name__ for each in found) == ["OutOfDate"] * 7 + ["int"]
    assert len(mails("consultation_booked")) == 2


def test_one_student_has_one_time_of_eight_and_pressing_again_changes_nothing(app: Flask) -> None:
    office, by = actor_of(given.officer()), actor_of(student())
    slots = [made.id for made in offer(office, hours=8).slots]
    rollback()
    found = at_once(app, *[lambda n=n: book(by, n) for n in slots])  # type: ignore[misc]
    (won,) = [each for each in found if isinstance(each, int)]
    rollback()
    held = next_consultation(by.id)
    assert held is not None
    slot = held.slot_id
    rollback()
    assert book(by, slot) == won
    assert len(mails("consultation_booked")) == 2


def test_taking_and_taking_back_at_once_leaves_nobody_untold(app: Flask) -> None:
    for _ in range(4):
        office, by = actor_of(given.officer()), actor_of(student())
        slot = one_slot(office)
        at_once(app, lambda: book(by, slot), lambda: take_back(office, slot, "都合により"))  # noqa: B023
        rollback()
        held = db.session.scalars(select(Consultation).where(Consultation.slot_id == slot)).one_or_none()
        standing = db.session.get_one(ConsultationSlot, slot)
        assert held is None or held.cancelled_at is not None or standing.cancelled_at is None
        rollback()


def test_both_have_the_appointment_and_its_cancelling_and_no_mail_says_why(app: Flask) -> None:
    officer, who = given.officer(name="支援 花子"), student(name="架空 学", language="en")
    slot = one_slot(actor_of(officer))
    number = book(actor_of(who), slot)
    theirs, ours = mails("consultation_booked")
    assert (theirs.address, ours.address) == (who.email, officer.email)
    method, event = event_of(theirs)
    assert (method, event["DTSTART"].dt, int(event["SEQUENCE"])) == ("REQUEST", FIRST, 0)
    assert str(event["SUMMARY"]) == "Career consultation"
    assert "架空 学" in str(event_of(ours)[1]["SUMMARY"])
    assert who.email not in event_of(ours)[1].to_ical().decode()
    rollback()
    give_back(actor_of(who), number)
    told = mails("consultation_cancelled")
    assert [event_of(each)[0] for each in told] == ["CANCEL", "CANCEL"]
    assert str(event_of(told[0])[1]["UID"]) == str(event["UID"])
    everything = [m.subject + m.text + m.html for m in db.session.scalars(select(Message))]
    trail = [str(entry.changes) + entry.note for entry in db.session.scalars(select(AuditEntry))]
    assert not any(CANARY in words for words in everything + trail)
    rollback()
    assert book(actor_of(student()), slot)


def test_a_time_that_is_taken_back_tells_the_student_why(app: Flask) -> None:
    office, who = actor_of(given.officer()), student()
    slot = one_slot(office)
    book(actor_of(who), slot)
    with pytest.raises(Refused) as refused:
        take_back(office, slot)
    assert refused.value.field == "reason"
    take_back(office, slot, "学会出張のため")
    assert "学会出張のため" in mails("consultation_cancelled")[0].text
    rollback()
    assert next_consultation(who.id) is None
    rollback()
    with pytest.raises(OutOfDate):
        take_back(office, slot, "again")
    with pytest.raises(OutOfDate):
        book(actor_of(who), slot)


def test_what_is_over_is_over(app: Flask) -> None:
    office, who = actor_of(given.officer()), student()
    slot = one_slot(office)
    number = book(actor_of(who), slot)
    with clock.frozen(FIRST):
        for late in (
            lambda: give_back(actor_of(who), number),
            lambda: take_back(office, slot, "x"),
            lambda: book(actor_of(student()), slot),
        ):
            with pytest.raises(OutOfDate):
                late()
        rollback()
        assert free_slots() == []


def test_other_rooms_see_when_a_student_is_busy(app: Flask) -> None:
    office, who = actor_of(given.officer()), student()
    book(actor_of(who), one_slot(office))
    rollback()
    assert is_busy(who.id, FIRST - HOUR, FIRST + HOUR)
    assert not is_busy(who.id, FIRST + HOUR, FIRST + 2 * HOUR)
    assert not is_busy(office.id, FIRST - HOUR, FIRST + HOUR)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_the_offer_to_the_cancelled_talk(app: Flask, run_jobs: Callable[[], int], language: str) -> None:
    officer, who = given.officer(language=language), student(language=language, name="架空 学")
    office, reader = Reader(browser_of(app, officer)), Reader(browser_of(app, who))
    reader.get("/careers/consultations")
    typing = office.get("/staff/careers/consultations/new")
    office.submit(typing.form("/new"), status=422, day="2026-06-10", begins="25:00", ends="16:00")
    wrong = office.submit(
        typing.form("/new"), status=422, day="2026-06-10", begins="16:00", ends="13:00", place="第2会議室"
    )
    assert len(wrong.errors) == 1
    listed = office.submit(wrong.form("/new"), begins="13:00", ends="16:00")
    free = reader.get("/careers/consultations")
    choices = [a["href"] for a in free.links if a["href"].endswith("/book")]
    assert len(choices) == 4
    asked = reader.get(choices[0])
    other = Reader(browser_of(app, student()))
    late = other.get(choices[0])
    mine = reader.submit(asked.form("/book"), reason=CANARY)
    assert CANARY in mine.main.text
    other.submit(late.form("/book"), status=409)
    slot = office.get(
        next(
            a["href"]
            for a in office.get("/staff/careers/consultations?mine=1").links
            if "/times/" in a["href"]
        )
    )
    assert CANARY in slot.main.text
    assert run_jobs() >= 2
    office.submit(slot.form("/cancel"), status=422)
    office.submit(slot.form("/cancel"), reason="会議のため")
    assert CANARY not in reader.get("/careers/consultations").main.text
    reader.submit(mine.form("/cancel"), status=409)
    office.get("/staff/careers/consultations?past=1")
    assert listed


def test_nobody_else_gets_at_them(app: Flask) -> None:
    office, who = actor_of(given.officer()), student()
    slot = one_slot(office)
    number = book(actor_of(who), slot)
    token = {
        "csrf_token": Reader(browser_of(app, who))
        .get("/careers/consultations")
        .form("/cancel")
        .values()["csrf_token"]
    }
    for other in (student(), supervisor(), staff(Role.SECRETARIAT)):
        browser = browser_of(app, other)
        assert browser.post(f"/careers/consultations/{number}/cancel", data=token).status_code in (
            400,
            403,
            404,
        )
        assert browser.get(f"/staff/careers/times/{slot}").status_code == 403
    rollback()
    assert next_consultation(who.id) is not None


def test_lists_ask_the_same_of_one_and_of_three(app: Flask) -> None:
    officer, who, counts = given.officer(), student(), []
    one, two = browser_of(app, officer), browser_of(app, who)
    for n in (0, 1):
        for m in range(n + 1):
            offer(actor_of(officer), FIRST + (2 * n + m) * HOUR)
        found = []
        for browser, place in ((one, "/staff/careers/consultations"), (two, "/careers/consultations")):
            browser.get(place)
            rollback()
            with count_sql() as sql:
                assert browser.get(place).status_code == 200
            found.append(len(sql))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 6
