"""What follows a published round: another with what is left, and places offered one by one; a student comes to one alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from portal.accounts.models import Person
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import CHANGING
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.services.rounds import cancel_round
from portal.matching import signals
from portal.matching.enums import LeftReason, OfferState
from portal.matching.models import FollowUp, MatchAttempt, MatchPlace, RollingOffer
from portal.matching.queries.places import placed_over, places_left, used_in
from portal.matching.services import expiring
from portal.matching.services.choosing import choose_attempt
from portal.matching.services.follow_ups import plan_follow_up
from portal.matching.services.markets import market_with_left
from portal.matching.services.offers import decline_offer, make_offer, take_offer, withdraw_offer
from portal.notifications.models import Message
from tests.billing.test_crashes import every, killed_at, points
from tests.internships.test_posting_pages import reader_of
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support import matching as told
from tests.support.people import actor_of, browser_of
from tests.support.races import at_once
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
_keys = iter(range(10_000))
IN_TIME = runs.OUT + timedelta(days=2)


@pytest.fixture
def scene(june: None) -> Iterator[runs.Scene]:
    """Published: s[0] and s[1] are placed; a third posting of the first company has two open places, approved for s[2] and s[3]."""
    made = runs.locked_round(students=4)
    third = told.offer(made.admins[0], made.round_id, places=2)
    made.postings.append(third)
    for who in made.students[2:]:
        told.apply(who, third)
    with runs.at_lock():
        number = runs.run(made)
        with transaction():
            choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=made.by)
    with clock.frozen(runs.OUT):
        runs.jobs()
        yield made


def offered(scene: runs.Scene, student: int, *, once: str = "", until: Any = IN_TIME, by: Any = None) -> int:
    """An offer of a place in the third posting to the student of this number in the scene."""
    who = by or actor_of(scene.admins[0])
    number = scene.students[student].id
    with transaction():
        posting = db.session.get_one(InternshipPosting, scene.postings[2])
        return make_offer(
            posting=posting,
            student_id=number,
            expires_at=until,
            words="お待ちしています。",
            once=once or f"o{next(_keys)}",
            by=who,
        ).id


def left_in(scene: runs.Scene) -> dict[int, int]:
    return places_left(scene.round_id, used_in(scene.round_id))


def offer(number: int) -> RollingOffer:
    rollback()
    return db.session.get_one(RollingOffer, number, populate_existing=True)


def follow(scene: runs.Scene, **values: Any) -> int:
    days = (1, 3, 10, 15, 17, 30)
    times = type(given.TIMES)(*(clock.now() + n * given.DAY for n in days))
    said = {
        "name_ja": "追加",
        "name_en": "Follow-up",
        "timetable": times,
        "once": f"f{next(_keys)}",
        "by": scene.by,
    }
    with transaction():
        return plan_follow_up(season=scene.season, **(said | values)).id


def test_what_is_left_goes_into_another_round(scene: runs.Scene) -> None:
    rollback()
    assert left_in(scene) == {scene.postings[0]: 0, scene.postings[1]: 0, scene.postings[2]: 2}
    number = follow(scene)
    rows = db.session.scalars(select(InternshipPosting).where(InternshipPosting.round_id == number)).all()
    assert [(row.places, row.state) for row in rows] == [(2, PostingState.PUBLISHED)]
    assert rows[0].duties == given.SAID["duties"]
    with pytest.raises(OutOfDate):
        follow(scene, name_ja="もう一度")
    for who in (scene.students[0], scene.students[2]):
        told.apply(who, rows[0].id)
        told.lists(who, number, rows[0].id)
    told.ranks(scene.admins[0], number, [scene.students[0], scene.students[2]])
    market, left = market_with_left(told.season(number))
    assert list(market["students"]) == [runs.person_of(scene.students[2])]
    assert (runs.person_of(scene.students[0]), LeftReason.PLACED_BEFORE) in [(e.who, e.reason) for e in left]


def test_days_that_no_longer_fit_go_back_to_the_company(scene: runs.Scene) -> None:
    with transaction():
        db.session.get_one(InternshipPosting, scene.postings[2]).starts_from = clock.today() + timedelta(
            days=10
        )
    number = follow(scene)
    row = db.session.scalars(select(InternshipPosting).where(InternshipPosting.round_id == number)).one()
    assert row.state is PostingState.RETURNED
    assert row.remark


def test_a_round_without_results_is_not_followed_and_one_follows_of_several(
    app: Flask, scene: runs.Scene
) -> None:
    told.change(InternshipRound, scene.round_id, told_at=None)
    with pytest.raises(OutOfDate):
        follow(scene)
    told.change(InternshipRound, scene.round_id, told_at=runs.OUT)
    done = at_once(app, *(lambda n=n: follow(scene, name_ja=f"追加{n}", name_en=f"{n}") for n in range(4)))  # type: ignore[misc]
    assert sum(isinstance(each, int) for each in done) == 1
    rollback()
    assert db.session.query(FollowUp).count() == 1


def test_an_offer_is_taken_once_and_holds_its_place_until_then(scene: runs.Scene) -> None:
    heard: list[int] = []

    def hear(taken: RollingOffer, **more: Any) -> None:
        heard.append(taken.id)

    number, student = offered(scene, 2, once="one"), actor_of(scene.students[2])
    assert offered(scene, 2, once="one") == number
    assert left_in(scene)[scene.postings[2]] == 1
    with signals.offer_taken.connected_to(hear), transaction():
        take_offer(offer=db.session.get_one(RollingOffer, number), by=student)
    assert offer(number).state is OfferState.TAKEN
    assert heard == [number]
    with pytest.raises(OutOfDate), transaction():
        take_offer(offer=db.session.get_one(RollingOffer, number), by=student)
    with pytest.raises(Refused):
        offered(scene, 2)
    rollback()
    events = db.session.scalars(select(Message.event).where(Message.event.like("matching/offer%"))).all()
    assert sorted(events) == ["matching/offer_company", "matching/offer_student"]


def test_the_clock_ends_an_offer_and_frees_its_place(scene: runs.Scene) -> None:
    number, student = offered(scene, 2), actor_of(scene.students[2])
    offered(scene, 3)
    rollback()
    assert left_in(scene)[scene.postings[2]] == 0
    with clock.frozen(IN_TIME):
        assert offer(number).shown_state is OfferState.EXPIRED
        for act in (take_offer, decline_offer):
            with pytest.raises(OutOfDate), transaction():
                act(offer=db.session.get_one(RollingOffer, number), by=student)
        rollback()
        assert left_in(scene)[scene.postings[2]] == 2
        offered(scene, 2, until=IN_TIME + timedelta(days=2))


def test_whom_and_until_when_a_place_can_be_offered(scene: runs.Scene) -> None:
    for student in (0, 1):  # placed
        with pytest.raises(Refused):
            offered(scene, student)
    for until in (clock.now() + timedelta(hours=23), given.TIMES.ends_at + timedelta(seconds=1)):
        with pytest.raises(Refused):
            offered(scene, 2, until=until)
    with pytest.raises(NotFound):
        offered(scene, 2, by=actor_of(scene.admins[1]))
    with clock.frozen(given.TIMES.ends_at), pytest.raises(OutOfDate):
        offered(scene, 2, until=given.TIMES.ends_at + timedelta(days=2))
    offered(scene, 2)
    with pytest.raises(Refused):
        offered(scene, 2)  # the same again


def test_a_student_takes_one_of_several_at_once(app: Flask, scene: runs.Scene) -> None:
    for place in scene.postings[:2]:
        with transaction():
            db.session.get_one(InternshipPosting, place).places = 3
    by = [actor_of(admin) for admin in scene.admins]
    numbers = [offered(scene, 2)]
    for n in (0, 1):
        with transaction():
            posting = db.session.get_one(InternshipPosting, scene.postings[n])
            made = make_offer(
                posting=posting,
                student_id=scene.students[2].id,
                expires_at=IN_TIME,
                words="",
                once=f"r{n}",
                by=by[n],
            )
            numbers.append(made.id)
    student = actor_of(scene.students[2])

    def take(number: int) -> None:
        with transaction():
            take_offer(offer=db.session.get_one(RollingOffer, number), by=student)

    done = at_once(app, *(lambda n=n: take(n) for n in numbers))  # type: ignore[misc]
    assert sum(each is None for each in done) == 1
    states = sorted(offer(n).state.value for n in numbers)
    assert states == ["declined", "declined", "taken"]


def test_more_offers_than_places_are_not_made_at_once(app: Flask, scene: runs.Scene) -> None:
    with transaction():
        db.session.get_one(InternshipPosting, scene.postings[2]).places = 1
    by = actor_of(scene.admins[0])
    done = at_once(app, lambda: offered(scene, 2, by=by), lambda: offered(scene, 3, by=by))
    assert sum(isinstance(each, int) for each in done) == 1


def test_taken_back_or_taken_at_once_one_of_both(app: Flask, scene: runs.Scene) -> None:
    number, company, student = offered(scene, 2), actor_of(scene.admins[0]), actor_of(scene.students[2])

    def act(what: Any, by: Any) -> None:
        with transaction():
            what(offer=db.session.get_one(RollingOffer, number), by=by)

    done = at_once(app, lambda: act(take_offer, student), lambda: act(withdraw_offer, company))
    assert sum(each is None for each in done) == 1


def test_taking_survives_a_kill_anywhere(app: Flask, scene: runs.Scene) -> None:
    student, died = actor_of(scene.students[2]), 0

    def take(number: int) -> None:
        with transaction():
            take_offer(offer=db.session.get_one(RollingOffer, number), by=student)

    def forget() -> None:
        with transaction() as session:
            for row in session.scalars(select(RollingOffer)):
                row.state = OfferState.DECLINED
            session.execute(delete(MatchPlace).where(MatchPlace.offer_id.is_not(None)))

    by = actor_of(scene.admins[0])
    first = offered(scene, 2, by=by)
    whole = points(app, lambda: take(first))
    student_id = student.id
    forget()
    for point in range(0, whole + 1, every()):
        with transaction():
            posting = db.session.get_one(InternshipPosting, scene.postings[2])
            number = make_offer(
                posting=posting, student_id=student_id, expires_at=IN_TIME, words="", once=f"k{point}", by=by
            ).id
        died += killed_at(app, point, lambda number=number: take(number))  # type: ignore[misc]
        if offer(number).state is OfferState.OPEN:
            take(number)
        assert offer(number).state is OfferState.TAKEN
        forget()
    assert died >= 3


@pytest.mark.parametrize("language", ["ja", "en"])
def test_offers_and_the_next_round_in_the_pages(app: Flask, scene: runs.Scene, language: str) -> None:
    company, season = given.company_of(scene.admins[0]), scene.round_id
    mentor, student = reader_of(scene.admins[0], language), reader_of(scene.students[2], language)
    office = reader_of(scene.office, language)
    address = f"/matching/rounds/{season}/companies/{company}/offers"
    shown = mentor.get(address)
    assert scene.students[0].name not in shown.main.text
    mentor.submit(shown.form("/offers"), status=422)
    typed = {
        "posting_id": str(scene.postings[2]),
        "student_id": str(scene.students[2].id),
        "expires_on": "2026-08-05",
    }
    mentor.submit(shown.form("/offers"), status=422, **(typed | {"expires_on": "2026-07-01"}))
    mentor.submit(shown.form("/offers"), status=422, **(typed | {"student_id": "999999"}))
    made = mentor.submit(shown.form("/offers"), **typed)
    assert scene.students[2].name in made.text
    mine = student.get("/matching/offers")
    student.submit(mine.form("/take"))
    student.submit(mine.form("/take"), status=409)
    mentor.submit(made.form("/withdraw"), status=409)
    office.get(f"/staff/matching/rounds/{season}/offers")
    office.get(f"/staff/matching/rounds/{season}/attempts")
    plan = office.get(f"/staff/matching/rounds/{season}/follow-up")
    office.submit(plan.form("/follow-up"), status=422, name_ja="")
    office.submit(plan.form("/follow-up"))
    office.get(f"/staff/matching/rounds/{season}/follow-up")


def test_the_pages_ask_the_same_of_one_offer_and_of_two(app: Flask, scene: runs.Scene) -> None:
    company, season, asked = given.company_of(scene.admins[0]), scene.round_id, []
    mentor, office = browser_of(app, scene.admins[0]), browser_of(app, scene.office)
    for student in (2, 3):
        offered(scene, student)
        with count_sql() as sql:
            mentor.get(f"/matching/rounds/{season}/companies/{company}/offers")
            office.get(f"/staff/matching/rounds/{season}/offers")
        asked.append(len(sql))
        told.offer(scene.admins[0], season)
    assert asked[0] == asked[1] <= 36


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_offer_that_nobody_answers_ends_and_the_company_is_told_once(
    app: Flask, scene: runs.Scene, language: str
) -> None:
    told.change(Person, scene.admins[0].id, language=language)
    first, later = offered(scene, 2), offered(scene, 3, until=IN_TIME + timedelta(days=1))
    expiring.end_expired()
    assert offer(first).state is OfferState.OPEN
    with clock.frozen(IN_TIME):
        assert offer(first).shown_state is OfferState.EXPIRED
        for _ in range(2):
            expiring.end_expired()
        assert (offer(first).state, offer(later).state) == (OfferState.EXPIRED, OfferState.OPEN)
        (mail,) = mails_to_company()
        assert ("expired" if language == "en" else "期限") in mail.subject
        assert ("offered to another" if language == "en" else "別の学生") in mail.text
        assert scene.students[2].name in mail.text
        offered(scene, 2, until=IN_TIME + timedelta(days=2))
    trail = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == first)).all()
    assert list(trail).count("rolling_offer.expired") == 1


def test_an_offer_that_ran_out_makes_room_and_is_told_all_the_same(scene: runs.Scene) -> None:
    first = offered(scene, 2)
    with clock.frozen(IN_TIME):
        offered(scene, 2, until=IN_TIME + timedelta(days=2))
        assert offer(first).state is OfferState.EXPIRED
        assert len(mails_to_company()) == 1


def test_a_held_place_is_no_loss_when_a_round_follows(scene: runs.Scene) -> None:
    here = f"/staff/matching/rounds/{scene.round_id}/follow-up"
    assert "held by" not in reader_of(scene.office, "en").get(here).main.text
    offered(scene, 2)
    offered(scene, 3)
    assert "2 places are held by offers" in reader_of(scene.office, "en").get(here).main.text
    two = follow(scene)
    with clock.frozen(IN_TIME):
        expiring.end_expired()
        mails = mails_to_company()
        assert len(mails) == 2
        assert all("追加" in mail.text for mail in mails)  # the place can go into the round that follows
        assert told.season(two).stage in CHANGING


def mails_to_company() -> list[Message]:
    rollback()
    event = "matching/offer_company"
    return list(db.session.scalars(select(Message).where(Message.event == event)))


def test_a_follow_up_that_was_called_off_is_none(app: Flask, scene: runs.Scene) -> None:
    first = follow(scene)
    with pytest.raises(OutOfDate):
        offered(scene, 2)
    with transaction():
        cancel_round(season=db.session.get_one(InternshipRound, first), reason="中止", by=scene.by)
    offered(scene, 2)
    page = reader_of(scene.office, "en").get(f"/staff/matching/rounds/{scene.round_id}/follow-up")
    assert page.form("/follow-up")
    second = follow(scene, name_ja="二度目の追加")
    rollback()
    assert list(db.session.scalars(select(FollowUp.round_id))) == [second]
    with pytest.raises(OutOfDate):
        offered(scene, 3)


def test_a_round_that_is_called_off_takes_its_choice_and_places_back(app: Flask, scene: runs.Scene) -> None:
    """The chain goes on: what stands of the round before can be taken."""
    who, number = scene.students[2], offered(scene, 2, until=given.TIMES.ends_at - timedelta(hours=1))
    two = follow(scene)
    rollback()
    copy = db.session.scalars(select(InternshipPosting.id).where(InternshipPosting.round_id == two)).one()
    told.apply(who, copy)
    told.lists(who, two, copy)
    told.ranks(scene.admins[0], two, [who])
    second = runs.Scene(scene.office, scene.by, scene.admins, two, [copy], scene.students)
    with clock.frozen(told.season(two).locks_at + timedelta(minutes=1)):
        choose(second, runs.run(second))
        assert who.id in placed_over(scene.round_id)
        page = reader_of(scene.office, "en").get(f"/staff/internships/rounds/{two}/cancel")
        assert "choice is taken back with it" in page.main.text
        with transaction():
            cancel_round(season=second.season, reason="中止", by=scene.by)
        rollback()
        assert (told.season(two).chosen_at, who.id in placed_over(scene.round_id)) == (None, False)
        with given.acting(who) as by:
            take_offer(offer=db.session.get_one(RollingOffer, number), by=by)


@pytest.mark.parametrize("is_ranked", [True, False])
def test_an_old_form_of_offers_tells_nothing_of_a_result_that_is_not_out(
    app: Flask, scene: runs.Scene, is_ranked: bool
) -> None:
    who, company = scene.students[2], given.company_of(scene.admins[0])
    here, two = f"/matching/rounds/{scene.round_id}/companies/{company}/offers", follow(scene)
    rollback()
    copy = db.session.scalars(select(InternshipPosting.id).where(InternshipPosting.round_id == two)).one()
    told.apply(who, copy)
    told.lists(who, two, copy)
    told.ranks(scene.admins[0], two, *([[who]] if is_ranked else []))
    second = runs.Scene(scene.office, scene.by, scene.admins, two, [copy], scene.students)
    with clock.frozen(told.season(two).locks_at + timedelta(minutes=1)):
        choose(second, runs.run(second))
        browser = browser_of(app, scene.admins[0])
        said = {
            "csrf_token": told.token(browser, here), "once": "late", "posting_id": scene.postings[2], "student_id": who.id,
            "expires_on": "2026-08-20", "expires_time": "17:00", "words": "",
        }  # fmt: skip
        assert browser.post(here, data=said).status_code == 409


def choose(scene: runs.Scene, number: int) -> None:
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=scene.by)
