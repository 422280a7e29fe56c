"""Postings: who writes, who reviews, what is complete, and what the calendar closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.queries.postings import posting_for_company, posting_for_office
from portal.internships.services.places import change_places, change_total_places
from portal.internships.services.review import lapse_postings, publish_posting, return_posting
from portal.internships.services.writing import (
    Incomplete,
    save_posting,
    start_posting,
    submit_posting,
    take_back_posting,
    withdraw_posting,
)
from portal.notifications.models import Message
from tests.support import internships as given
from tests.support.people import actor_of, company, person

pytestmark = pytest.mark.database


def mails() -> list[tuple[str, str]]:
    """Those of internships: event and address."""
    rollback()
    ours = select(Message.event, Message.address).where(Message.event.startswith("internships/"))
    return [(row[0], row[1]) for row in db.session.execute(ours.order_by(Message.id))]


def test_from_a_draft_to_the_students() -> None:
    office, admin = given.officer(), given.host()
    number = given.write(admin, given.plan(office))
    given.submit(admin, number)
    assert mails() == [("internships/posting_office", office.email)]
    given.publish(office, number)
    posting = given.now(number)
    assert (posting.state, posting.reviewed_by_id, posting.published_at) == (
        PostingState.PUBLISHED,
        office.id,
        clock.now(),
    )
    assert mails()[1:] == [("internships/posting", admin.email)]
    verbs = db.session.scalars(
        select(AuditEntry.verb)
        .where(AuditEntry.subject_type == "internship_postings")
        .order_by(AuditEntry.id)
    ).all()
    assert verbs == ["posting.started", "posting.submitted", "posting.published"]


def test_what_is_incomplete_names_every_field() -> None:
    admin = given.host()
    number = given.write(admin, given.plan(given.officer()), duties="", weeks=6, pay_yen=None)
    with pytest.raises(Incomplete) as refused:
        given.submit(admin, number)
    assert list(refused.value.messages) == ["duties", "weeks", "pay_yen"]
    assert given.now(number).state is PostingState.DRAFT


def test_a_returned_posting_comes_back_with_its_remark() -> None:
    office, admin = given.officer(), given.host()
    number = given.write(admin, given.plan(office))
    given.submit(admin, number)
    with pytest.raises(Refused) as refused, given.acting(office) as by:
        return_posting(
            posting=given.loaded(number),
            remark=" ",
            version=given.loaded(number).version,
            by=by,
        )
    assert refused.value.field == "remark"
    with given.acting(office) as by:
        posting = given.loaded(number)
        return_posting(posting=posting, remark="報酬をご記入ください。", version=posting.version, by=by)
    assert (given.now(number).state, given.now(number).remark) == (
        PostingState.RETURNED,
        "報酬をご記入ください。",
    )
    given.submit(admin, number)
    given.publish(office, number)
    assert given.now(number).remark == ""


def test_students_lose_sight_of_what_is_returned_after_it_was_published() -> None:
    office, admin = given.officer(), given.host()
    number = given.write(admin, given.plan(office))
    given.submit(admin, number)
    given.publish(office, number)
    with given.acting(office) as by:
        posting = given.loaded(number)
        return_posting(posting=posting, remark="誤記", version=posting.version, by=by)
    assert (given.now(number).state, given.now(number).published_at) == (PostingState.RETURNED, None)


def test_an_old_page_overwrites_nothing() -> None:
    admin = given.host()
    number = given.write(admin, given.plan(given.officer()))
    seen = given.now(number).version
    with given.acting(admin) as by:
        save_posting(posting=given.loaded(number), values={"title": "一"}, version=seen, by=by)
    with pytest.raises(OutOfDate), given.acting(admin) as by:
        save_posting(posting=given.loaded(number), values={"title": "二"}, version=seen, by=by)
    assert given.now(number).title == "一"


def test_the_office_decides_on_what_it_saw() -> None:
    office, admin = given.officer(), given.host()
    number = given.write(admin, given.plan(office))
    given.submit(admin, number)
    seen = given.now(number).version
    with given.acting(admin) as by:
        take_back_posting(posting=given.loaded(number), by=by)
    given.submit(admin, number)
    with pytest.raises(OutOfDate), given.acting(office) as by:
        publish_posting(posting=given.loaded(number), version=seen, by=by)
    assert given.now(number).state is PostingState.SUBMITTED


def test_the_same_key_begins_one_posting_and_never_shows_that_of_another() -> None:
    admin, other, office = given.host(), given.host(), given.officer()
    round_id = given.plan(office)

    def begin(who: Any) -> int:
        body = given.company_of(who)
        with given.acting(who) as by:
            season = db.session.get_one(InternshipRound, round_id)
            made = start_posting(season=season, organisation_id=body, once="same", by=by)
            return made.id

    assert begin(admin) == begin(admin)
    with pytest.raises(Refused):
        begin(other)


def test_who_is_no_member_writes_nothing() -> None:
    body = company()
    mentor, office = person(at=body, roles=(Role.MENTOR,)), given.officer()
    round_id = given.plan(office)
    with pytest.raises(Refused, match="not in force|会員資格"), given.acting(mentor) as by:
        season = db.session.get_one(InternshipRound, round_id)
        start_posting(season=season, organisation_id=body.id, once="k", by=by)


def test_another_company_and_the_office_do_not_find_a_draft() -> None:
    admin, other, office = given.host(), given.host(), given.officer()
    number = given.write(admin, given.plan(office))
    rollback()
    for reader, find in (
        (other, posting_for_company),
        (office, posting_for_office),
        (office, posting_for_company),
    ):
        with pytest.raises(NotFound):
            find(actor_of(reader), number)
    assert posting_for_company(actor_of(admin), number).id == number


def test_nobody_reviews_for_the_own_company() -> None:
    admin = given.host()
    office = given.officer()
    body = given.company_of(admin)
    with transaction() as session:
        session.add(
            Affiliation(
                person_id=office.id,
                organisation_id=body,
                role=Role.PARTICIPANT,
                starts_on=clock.today(),
            )
        )
    number = given.write(admin, given.plan(given.officer()))
    given.submit(admin, number)
    with pytest.raises(Refused):
        given.publish(office, number)


def test_places_change_until_the_lists_lock() -> None:
    office, admin = given.officer(), given.host()
    round_id = given.plan(office)
    number = given.write(admin, round_id)
    given.submit(admin, number)
    given.publish(office, number)

    def change(places: int, least: int = 0) -> None:
        with given.acting(admin) as by:
            change_places(posting=given.loaded(number), places=places, least_places=least, by=by)

    with clock.frozen(given.TIMES.ranking_at):
        change(0)
        assert given.now(number).places == 0
        with pytest.raises(Refused) as refused:
            change(1, 2)
        assert refused.value.field == "least_places"
    with clock.frozen(given.TIMES.locks_at), pytest.raises(OutOfDate):
        change(1)


def test_the_places_of_a_company_change_until_the_lists_lock() -> None:
    admin, office = given.host(), given.officer()
    round_id = given.plan(office)

    def change(places: int) -> None:
        body = given.company_of(admin)
        with given.acting(admin) as by:
            season = db.session.get_one(InternshipRound, round_id)
            change_total_places(season=season, organisation_id=body, places=places, by=by)

    change(3)
    change(0)
    with clock.frozen(given.TIMES.locks_at), pytest.raises(OutOfDate):
        change(1)


def test_withdrawing_what_students_saw_needs_a_reason() -> None:
    office, admin = given.officer(), given.host()
    number = given.write(admin, given.plan(office))
    given.submit(admin, number)
    given.publish(office, number)
    with pytest.raises(Refused) as refused, given.acting(admin) as by:
        withdraw_posting(posting=given.loaded(number), reason="", by=by)
    assert refused.value.field == "reason"
    with given.acting(admin) as by:
        withdraw_posting(posting=given.loaded(number), reason="受入体制の変更", by=by)
    assert given.now(number).state is PostingState.WITHDRAWN
    assert mails()[-1] == ("internships/posting_office", office.email)


def test_what_was_not_published_is_closed_when_the_lists_lock(run_jobs: Callable[[], int]) -> None:
    office, admin = given.officer(), given.host()
    round_id = given.plan(office)
    drafted, sent, published = (given.write(admin, round_id) for _ in range(3))
    for number in (sent, published):
        given.submit(admin, number)
    given.publish(office, published)
    rollback()
    lapse_postings()
    assert given.now(drafted).state is PostingState.DRAFT
    with clock.frozen(given.TIMES.locks_at):
        lapse_postings()
        lapse_postings()
        states = [given.now(number).state for number in (drafted, sent, published)]
        assert states == [PostingState.LAPSED, PostingState.LAPSED, PostingState.PUBLISHED]
        assert [event for event, _ in mails()].count("internships/posting") == 3


def test_ranking_closes_the_door_to_new_postings(app: Flask) -> None:
    office, admin = given.officer(), given.host()
    round_id = given.plan(office)
    number = given.write(admin, round_id)
    given.submit(admin, number)
    with clock.frozen(given.TIMES.ranking_at):
        with pytest.raises(OutOfDate):
            given.publish(office, number)
        with pytest.raises(Refused):
            given.write(admin, round_id)
    assert given.now(number).state is PostingState.SUBMITTED


def test_a_copy_says_the_same_and_stands_alone() -> None:
    admin, office = given.host(), given.officer()
    first, second = given.plan(office), given.plan(office)
    number = given.write(admin, first)
    body = given.company_of(admin)
    with given.acting(admin) as by:
        copied = start_posting(
            season=db.session.get_one(InternshipRound, second), organisation_id=body, once="copy",
            by=by, copy_of=given.loaded(number),
        )  # fmt: skip
        copy_id = copied.id
    rollback()
    one, two = (db.session.get_one(InternshipPosting, each) for each in (number, copy_id))
    assert one.said() == two.said()
    assert (two.round_id, two.state, two.version) == (second, PostingState.DRAFT, 1)
    with given.acting(admin) as by:
        posting = given.loaded(copy_id)
        submit_posting(posting=posting, version=posting.version, by=by)
    assert given.now(number).state is PostingState.DRAFT
