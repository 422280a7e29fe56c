"""Interviews: one time for one student, nobody in two places, the waiting list moves up, calendars are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from portal.careers.models import Consultation, ConsultationSlot
from portal.careers.services.consultations import book_slot
from portal.careers.services.slots import offer_slots as offer_talks
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Incomplete, NotFound, OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interview_flow import InterviewState
from portal.files.models import StoredFile
from portal.internships.models import InternshipRound, Interview, InterviewSlot
from portal.internships.queries.interviews import address_of, interview_for_company, slot_for_company
from portal.internships.services.interviews import answering, inviting, slots
from portal.internships.services.rounds import cancel_round
from portal.internships.services.writing import withdraw_posting
from portal.notifications.models import Message
from tests.internships.test_posting_pages import reader_of
from tests.support import interests as scenes
from tests.support import internships as given
from tests.support import interviews as talks
from tests.support.academics import student
from tests.support.people import actor_of
from tests.support.races import at_once

pytestmark = pytest.mark.database
NOW, HOUR = talks.NOW, timedelta(hours=1)


def mails(event: str = "interview_student") -> list[Message]:
    rollback()
    wanted = select(Message).where(Message.event == f"internships/{event}").order_by(Message.id)
    return list(db.session.scalars(wanted))


def attached(mail: Message) -> tuple[str, str, int]:
    """Method, UID and sequence of the mail's calendar file."""
    (number,) = mail.attachments
    calendar = Calendar.from_ical(db.session.get_one(StoredFile, number).content)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"])


def test_from_an_invitation_to_an_interview_that_was_held() -> None:
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        (slot,) = talks.offer(here, NOW + 24 * HOUR)
        number = talks.invite(here, who)
        assert address_of(who.id, here.company, here.round_id) is None
        talks.agree(who, number, slot)
        assert talks.state(number) is InterviewState.AGREED
        assert address_of(who.id, here.company, here.round_id) == who.email
        (mine,), (theirs,) = mails()[1:], mails("interview_company")
        assert attached(mine) == attached(theirs) == ("REQUEST", f"interview-{number}@localhost", 1)
        assert here.admin.email in mine.text
        assert who.email in theirs.text
        with pytest.raises(OutOfDate):
            talks.note(here, number, is_held=True)
    with clock.frozen(NOW + 25 * HOUR):
        talks.note(here, number, is_held=True)
        talks.note(here, number, is_held=False)
        assert talks.state(number) is InterviewState.MISSED


def test_of_eight_students_one_gets_the_only_time(app: Flask) -> None:
    with clock.frozen(NOW):
        here, people = talks.applied(8)
        times = talks.offer(here, NOW + 24 * HOUR, count=8)
        numbers = [talks.invite(here, who) for who in people]
        actors = [actor_of(who) for who in people]

        def take(n: int) -> int:
            with transaction():
                interview = db.session.get_one(Interview, numbers[n])
                answering.agree_on(interview=interview, slot_id=times[0], by=actors[n])
            return n

        answers = at_once(app, *(partial(take, n) for n in range(8)))
        won = [each for each in answers if isinstance(each, int)]
        assert len(won) == 1, answers
        assert all(isinstance(each, int | Refused) for each in answers), answers
        rollback()
        seated = db.session.scalars(select(Interview.student_id).where(Interview.slot_id == times[0])).all()
        assert seated == [people[won[0]].id]


def test_one_student_is_not_in_two_places_however_fast(app: Flask) -> None:
    with clock.frozen(NOW):
        who, found = student(), []
        for _n in range(4):
            here = talks.scene()
            scenes.show(who, here.postings[0])
            (slot,) = talks.offer(here, NOW + 24 * HOUR)
            found.append((talks.invite(here, who), slot))
        by = actor_of(who)

        def take(number: int, slot: int) -> int:
            with transaction():
                answering.agree_on(interview=db.session.get_one(Interview, number), slot_id=slot, by=by)
            return number

        answers = at_once(app, *(partial(take, *each) for each in found))
        assert len([each for each in answers if isinstance(each, int)]) == 1, answers
        assert all(isinstance(each, int | Refused) for each in answers), answers


def test_a_talk_with_the_office_counts_too() -> None:
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        first, second = talks.offer(here, NOW + 24 * HOUR, count=2)
        number = talks.invite(here, who)
        with transaction() as session:
            span = {"starts_at": NOW + 24 * HOUR, "ends_at": NOW + 24 * HOUR + timedelta(minutes=30)}
            talk = ConsultationSlot(officer_id=here.office.id, once_key="talk", created_at=NOW, **span)
            session.add(talk)
            session.flush()
            session.add(Consultation(slot_id=talk.id, student_id=who.id, booked_at=NOW))
        with pytest.raises(Refused) as refused:
            talks.agree(who, number, first)
        assert refused.value.field == "slot_id"
        talks.agree(who, number, second)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_talk_with_the_office_is_not_taken_beside_an_interview(language: str) -> None:
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        (first,) = talks.offer(here, NOW + 24 * HOUR)
        talks.agree(who, talks.invite(here, who), first)
        by, office = actor_of(who), actor_of(here.office)
        with transaction():
            made = offer_talks(
                starts_at=NOW + 24 * HOUR, ends_at=NOW + 26 * HOUR, minutes=60, weeks=1, place="第2会議室", link="", once="talks",
                by=office,
            )  # fmt: skip
            beside, later = (slot.id for slot in made.slots)
        with pytest.raises(Refused), transaction():
            book_slot(slot_id=beside, reason="相談", by=by)
        shown = reader_of(who, language).get(f"/careers/times/{beside}/book")
        assert ("ほかの予定" if language == "ja" else "another appointment") in shown.main.text
        assert not [form for form in shown.forms if form.action.endswith("/book")]
        assert reader_of(who, language).get(f"/careers/times/{later}/book").form("/book")
        with transaction():
            book_slot(slot_id=later, reason="相談", by=by)


def test_an_interviewer_is_in_one_place_and_times_lie_within_the_interviews(app: Flask) -> None:
    with clock.frozen(NOW):
        here = talks.scene(2)
        talks.offer(here, NOW + 24 * HOUR, interviewer="見本 一郎")
        for at, field in (
            (NOW + 24 * HOUR, "time"),
            (NOW - HOUR, "day"),
            (given.TIMES.interviews_at - HOUR, "day"),
            (given.TIMES.locks_at - timedelta(minutes=10), "day"),
        ):
            with pytest.raises(Incomplete) as refused:
                talks.offer(here, at, posting=here.postings[1], interviewer="見本　一郎")
            assert list(refused.value.messages) == [field]
        with pytest.raises(Incomplete) as refused:
            talks.offer(here, NOW + 48 * HOUR, place="")
        assert list(refused.value.messages) == ["place"]
        talks.offer(here, NOW + 24 * HOUR, posting=here.postings[1], interviewer="見本 二郎")

        by = actor_of(here.admin)

        def race(posting: int, start: datetime, once: str) -> list[int]:
            with transaction():
                made = slots.offer_slots(
                    posting=given.loaded(posting), spans=[(start, start + HOUR)], place="", link="https://meet.example/x",
                    interviewer="Ｍｒ． Ｘ", once=once, by=by,
                )  # fmt: skip
                return [slot.id for slot in made]

        start = NOW + 72 * HOUR
        answers = at_once(app, *(partial(race, here.postings[n % 2], start, f"race{n}") for n in range(4)))
        assert len([each for each in answers if isinstance(each, list)]) == 1, answers
        same = at_once(app, *(partial(race, here.postings[0], NOW + 96 * HOUR, "one") for _n in range(4)))
        assert all(each == same[0] for each in same), same


def test_the_waiting_list_moves_up_when_somebody_drops_out() -> None:
    with clock.frozen(NOW):
        here, (first, second, third, fourth) = talks.applied(4)
        (slot,) = talks.offer(here, NOW + 24 * HOUR)
        one = talks.invite(here, first)
        with pytest.raises(Refused):
            talks.invite(here, second)
        two, three, four = (talks.invite(here, who, is_alternate=True) for who in (second, third, fourth))
        talks.agree(first, one, slot)
        talks.decline(first, one)
        assert [talks.state(n).value for n in (one, two, three)] == ["declined", "invited", "waiting"]
        assert attached(mails()[-2])[0] == "CANCEL"
        with given.acting(here.admin) as by:
            inviting.call_off(interview=db.session.get_one(Interview, two), by=by)
        assert talks.state(three) is InterviewState.INVITED
    with clock.frozen(NOW + timedelta(days=1, hours=1)):
        talks.offer(here, NOW + timedelta(days=9))
        answering.expire_interviews()
        assert talks.state(three) is InterviewState.INVITED
    with clock.frozen(NOW + timedelta(days=5, hours=12)):
        answering.expire_interviews()
        answering.expire_interviews()
        assert [talks.state(n).value for n in (three, four)] == ["expired", "invited"]
        assert talks.invite(here, third, is_alternate=True) > four
    with clock.frozen(given.TIMES.locks_at + HOUR):
        answering.expire_interviews()
        left = select(Interview.state).where(Interview.state.in_(["waiting", "invited", "unfit"]))
        assert db.session.scalars(left).all() == []


def test_no_time_fits_and_the_company_offers_another() -> None:
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        talks.offer(here, NOW + 24 * HOUR)
        number = talks.invite(here, who)
        with pytest.raises(Refused):
            talks.none_fits(who, number, " ")
        talks.none_fits(who, number, "水曜の午後")
        assert "水曜の午後" in mails("interview_company")[-1].text
        (later,) = talks.offer(here, NOW + 48 * HOUR)
        assert talks.invite(here, who) == number
        talks.agree(who, number, later)


def test_a_changed_time_updates_both_calendars_and_one_taken_back_asks_anew() -> None:
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        slot, other = talks.offer(here, NOW + 24 * HOUR, count=2)
        number = talks.invite(here, who)
        talks.agree(who, number, slot)
        talks.change(here, slot, NOW + 30 * HOUR)
        with pytest.raises(OutOfDate):
            talks.change(here, slot, NOW + 31 * HOUR, version=1)
        assert [attached(mail)[0::2] for mail in mails()[1:]] == [("REQUEST", 1), ("REQUEST", 2)]
        with given.acting(here.admin) as by:
            slots.cancel_slot(slot=db.session.get_one(InterviewSlot, slot), by=by)
        assert (talks.state(number), attached(mails()[-1])) == (
            InterviewState.INVITED, ("CANCEL", f"interview-{number}@localhost", 3),
        )  # fmt: skip
        talks.agree(who, number, other)
        assert attached(mails()[-1])[0::2] == ("REQUEST", 4)
        with pytest.raises(Refused):
            talks.agree(who, number, slot)


def test_who_withdraws_or_what_is_withdrawn_ends_the_interview() -> None:
    with clock.frozen(NOW):
        here, (one, two, three) = talks.applied(3)
        slot, _second = talks.offer(here, NOW + 24 * HOUR, count=2)
        first, second = talks.invite(here, one), talks.invite(here, two)
        waiting = talks.invite(here, three, is_alternate=True)
        talks.agree(one, first, slot)
        scenes.withdraw(one, scenes.stands(one, here.postings[0]).id)
        assert [talks.state(n).value for n in (first, waiting)] == ["cancelled", "invited"]
        with given.acting(here.admin) as by:
            withdraw_posting(posting=given.loaded(here.postings[0]), reason="中止", by=by)
        assert [talks.state(n).value for n in (second, waiting)] == ["cancelled", "cancelled"]


def test_a_cancelled_round_ends_what_lives() -> None:
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        (slot,) = talks.offer(here, NOW + 24 * HOUR)
        number = talks.invite(here, who)
        talks.agree(who, number, slot)
        with given.acting(here.office) as by:
            season = given.loaded(here.postings[0]).round
            cancel_round(season=season, reason="中止", by=by)
        answering.expire_interviews()
        assert talks.state(number) is InterviewState.CANCELLED


def test_others_get_at_nothing() -> None:
    with clock.frozen(NOW):
        here, (who, other) = talks.applied(2)
        (slot, _more) = talks.offer(here, NOW + 24 * HOUR, count=2)
        number, stranger = talks.invite(here, who), given.host()
        with pytest.raises(OutOfDate):
            talks.agree(other, number, slot)
        for read in (
            partial(interview_for_company, actor_of(stranger), number),
            partial(slot_for_company, actor_of(stranger), slot),
        ):
            with pytest.raises(NotFound):
                read()
        theirs = talks.scene()
        (elsewhere,) = talks.offer(theirs, NOW + 24 * HOUR)
        with pytest.raises(Refused):
            talks.agree(who, number, elsewhere)
    with clock.frozen(given.TIMES.locks_at), pytest.raises(OutOfDate):
        talks.agree(who, number, slot)


def test_an_alternate_can_be_given_a_free_time_without_being_called_off() -> None:
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        number = talks.invite(here, who, is_alternate=True)
        with pytest.raises(Refused):
            talks.invite(here, who)  # no time is free
        talks.offer(here, NOW + timedelta(days=6))
        assert talks.state(number) is InterviewState.WAITING
        assert talks.invite(here, who, days=3) == number
        assert talks.state(number) is InterviewState.INVITED
        until = db.session.get_one(Interview, number).answer_by
        assert until.astimezone(clock.OFFICE_ZONE).hour == 17
        assert clock.day_of(until) == clock.today() + timedelta(days=3)


def test_an_alternate_waits_until_the_lists_lock_also_when_that_is_moved() -> None:
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        number = talks.invite(here, who, is_alternate=True)
        with transaction():
            season = db.session.get_one(InternshipRound, here.round_id)
            season.locks_at, season.publishes_at = (
                season.locks_at + 48 * HOUR,
                season.publishes_at + 48 * HOUR,
            )
    with clock.frozen(given.TIMES.locks_at + HOUR):
        answering.expire_interviews()
        assert talks.state(number) is InterviewState.WAITING
    with clock.frozen(given.TIMES.locks_at + 49 * HOUR):
        answering.expire_interviews()
        assert talks.state(number) is InterviewState.EXPIRED
