"""A student shows interest: once however often it is pressed, in what is open alone, and the company hears once a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.internships.models import Approval, Interest
from portal.internships.queries.interests import (
    all_interests_of,
    applicants_of,
    approved_pairs,
    interest_for,
    interests_of,
)
from portal.internships.services.telling import next_telling
from portal.internships.services.writing import withdraw_posting
from portal.notifications.models import Message
from tests.support import interests as scenes
from tests.support import internships as given
from tests.support.academics import student, supervisor
from tests.support.people import actor_of, browser_of
from tests.support.races import at_once
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
NEXT_MORNING = datetime(2026, 6, 2, 0, 0, 1, tzinfo=UTC)


def mails() -> list[tuple[str, str]]:
    rollback()
    told = select(Message.address, Message.text).where(Message.event == "internships/applicants")
    return [(row[0], row[1]) for row in db.session.execute(told.order_by(Message.id))]


def approve(interest_id: int, first: str = "2026-08-01", last: str = "2027-01-31") -> None:
    with transaction():
        found = db.session.scalars(select(Approval).where(Approval.interest_id == interest_id)).one()
        found.state = ApprovalState.APPROVED
        found.from_on, found.until_on = (
            datetime.fromisoformat(first).date(),
            datetime.fromisoformat(last).date(),
        )


def test_interest_is_one_however_often_it_is_shown() -> None:
    here = scenes.scene()
    who, (posting,) = student(), here.postings
    with clock.frozen(scenes.OPEN):
        first = scenes.show(who, posting, "一度目")
        assert scenes.show(who, posting, "二度目") == first
        assert scenes.stands(who, posting).words == "二度目"
        assert db.session.scalars(select(Approval.state)).all() == [ApprovalState.ASKED]
        scenes.withdraw(who, first)
        scenes.withdraw(who, first)
        assert interests_of(who.id, here.round_id) == []
        assert scenes.show(who, posting) == first
        assert [each.posting_id for each in interests_of(who.id, here.round_id)] == [posting]
        assert [(a.student_id, a.posting_id) for a in applicants_of(here.company, here.round_id)] == [
            (who.id, posting)
        ]


def test_eight_presses_at_once_show_one_interest(app: Flask) -> None:
    here = scenes.scene()
    who, (posting,) = student(), here.postings
    by = actor_of(who)

    def press() -> int:
        with transaction():
            return scenes.show_interest(posting=given.loaded(posting), words="", by=by).id

    with clock.frozen(scenes.OPEN):
        answers = at_once(app, *(press for _n in range(8)))
    assert len(set(answers)) == 1, answers
    assert db.session.scalar(select(func.count()).select_from(Interest)) == 1
    assert db.session.scalar(select(func.count()).select_from(Approval)) == 1


def test_only_students_and_only_what_is_open() -> None:
    here = scenes.scene()
    (posting,) = here.postings
    draft = given.write(here.admin, here.round_id)
    who = student()
    with clock.frozen(scenes.OPEN):
        for other in (supervisor(), here.admin):
            with pytest.raises(Refused):
                scenes.show(other, posting)
        with pytest.raises(OutOfDate):
            scenes.show(who, draft)
        number = scenes.show(who, posting)
        with pytest.raises(NotFound):
            interest_for(actor_of(student()), number)
    for late in (given.TIMES.opens_at - timedelta(hours=1), given.TIMES.locks_at):
        with clock.frozen(late), pytest.raises(OutOfDate):
            scenes.show(who, posting)
    with clock.frozen(given.TIMES.locks_at), pytest.raises(OutOfDate):
        scenes.withdraw(who, number)


def test_what_is_withdrawn_by_the_company_is_no_longer_to_be_listed() -> None:
    here = scenes.scene()
    who, (posting,) = student(), here.postings
    with clock.frozen(scenes.OPEN):
        approve(scenes.show(who, posting))
        assert approved_pairs(here.round_id) == {(who.id, posting)}
        with given.acting(here.admin) as by:
            withdraw_posting(posting=given.loaded(posting), reason="中止", by=by)
        assert (interests_of(who.id, here.round_id), approved_pairs(here.round_id)) == ([], set())
        assert applicants_of(here.company, here.round_id) == []
        assert [each.is_offered for each in all_interests_of(who.id)] == [False]


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        ("2026-09-01", "2026-11-09", True),
        ("2026-09-01", "2026-11-08", False),
        ("2027-01-01", "2027-06-30", False),
    ],
)
def test_an_approval_counts_where_the_stay_fits(first: str, last: str, fits: bool) -> None:
    here = scenes.scene()
    who, (posting,) = student(), here.postings
    with clock.frozen(scenes.OPEN):
        approve(scenes.show(who, posting), first, last)
        assert bool(approved_pairs(here.round_id)) is fits
        assert interests_of(who.id, here.round_id)[0].is_approved is fits


def test_the_company_hears_once_a_day(run_jobs: Callable[[], int]) -> None:
    here = scenes.scene(2)
    one, two, gone = student(), student(), student()
    with clock.frozen(scenes.OPEN):
        for who in (one, two):
            scenes.show(who, here.postings[0])
        first = scenes.show(one, here.postings[1])
        scenes.withdraw(gone, scenes.show(gone, here.postings[0]))
        run_jobs()
        assert mails() == []
    with clock.frozen(NEXT_MORNING):
        run_jobs()
        ((address, text),) = mails()
        assert address == here.admin.email
        assert "3件" in text
        assert "取り下げ" not in text
        scenes.withdraw(one, first)
        run_jobs()
        assert len(mails()) == 1
    with clock.frozen(NEXT_MORNING + timedelta(days=1)):
        run_jobs()
        assert "取り下げ" in mails()[-1][1]
        assert len(mails()) == 2


def test_nine_in_the_morning_is_the_next_one() -> None:
    assert next_telling(datetime(2026, 6, 1, 23, 59, tzinfo=UTC)) == datetime(2026, 6, 2, 0, 0, tzinfo=UTC)
    assert next_telling(datetime(2026, 6, 2, 0, 0, tzinfo=UTC)) == datetime(2026, 6, 3, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages_of_an_interest(app: Flask, language: str) -> None:
    here = scenes.scene()
    who, (posting,) = student(language=language), here.postings
    with clock.frozen(scenes.OPEN):
        reader = Reader(browser_of(app, who))
        reader.get("/internships/interests")
        offer = reader.get(f"/internships/browse/{posting}")
        long = reader.submit(offer.form("/interest"), status=422, words="あ" * 1001)
        mine = reader.submit(long.form("/interest"), words="よろしくお願いします。")
        assert "よろしくお願いします。" in mine.text
        approve(scenes.stands(who, posting).id)
        offer = reader.get(f"/internships/browse/{posting}")
        reader.submit(offer.form("/withdraw"))
        assert scenes.stands(who, posting).state is InterestState.WITHDRAWN
    with clock.frozen(given.TIMES.locks_at):
        late = Reader(browser_of(app, who))
        assert late.client.get("/internships/interests").status_code == 200
        page = late.get(f"/internships/browse/{posting}")
        assert "/interest" not in str([form.action for form in page.forms])


def test_lists_ask_the_same_of_one_and_of_three(app: Flask) -> None:
    here = scenes.scene(3)
    who = student()
    counts = []
    with clock.frozen(scenes.OPEN):
        browser = browser_of(app, who)
        for some in (here.postings[:1], here.postings[1:]):
            for posting in some:
                scenes.show(who, posting)
            browser.get("/internships/interests")
            rollback()
            with count_sql() as sql:
                assert browser.get("/internships/interests").status_code == 200
            counts.append(len(sql))
    assert counts[0] == counts[1] <= 5
