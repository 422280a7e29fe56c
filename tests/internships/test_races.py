"""Several at once: one press too many begins nothing, and of publish, return and take back one wins. RENKEI_ROUNDS repeats."""

from __future__ import annotations

import os
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import Interest, InternshipPosting, InternshipRound
from portal.internships.queries.interests import applicants_of
from portal.internships.services.interests import show_interest, withdraw_interest
from portal.internships.services.places import change_places
from portal.internships.services.review import publish_posting, return_posting
from portal.internships.services.writing import start_posting, take_back_posting, withdraw_posting
from tests.support import interests as scenes
from tests.support import internships as given
from tests.support.academics import student
from tests.support.people import actor_of
from tests.support.races import at_once

pytestmark = pytest.mark.database
ROUNDS = int(os.environ.get("RENKEI_ROUNDS", "2"))


def count(model: type) -> int:
    rollback()
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def test_eight_presses_with_one_key_begin_one_posting(app: Flask) -> None:
    admin, round_id = given.host(), given.plan(given.officer())
    company, by = given.company_of(admin), actor_of(admin)

    def press(key: str) -> int:
        with transaction():
            season = db.session.get_one(InternshipRound, round_id)
            return start_posting(season=season, organisation_id=company, once=key, by=by).id

    for n in range(ROUNDS):
        answers = at_once(app, *(partial(press, f"key{n}") for _n in range(8)))
        assert len(set(answers)) == 1, answers
        assert isinstance(answers[0], int), answers
        assert count(InternshipPosting) == n + 1


def test_of_publish_return_and_take_back_one_wins(app: Flask) -> None:
    office, admin = given.officer(), given.host()
    round_id = given.plan(office)
    clerk, mentor = actor_of(office), actor_of(admin)
    for _round in range(ROUNDS):
        number = given.write(admin, round_id)
        given.submit(admin, number)
        seen = given.now(number).version
        rollback()
        calls = [
            partial(_publish, number, seen, clerk),
            partial(_give_back, number, seen, clerk),
            partial(_take_back, number, mentor),
        ]
        answers = at_once(app, *(calls * 3))
        won = [each for each in answers if isinstance(each, PostingState)]
        assert all(isinstance(each, PostingState | Refused) for each in answers), answers
        assert len(won) == 1, answers
        assert given.now(number).state is won[0]
        assert given.now(number).version == seen + 1


def test_interest_and_the_posting_going_at_once_leave_no_applicant_of_what_is_gone(app: Flask) -> None:
    for _round in range(ROUNDS):
        here = scenes.scene()
        (posting,) = here.postings
        whose = [actor_of(student()) for _n in range(4)]
        mentor = actor_of(here.admin)
        with clock.frozen(scenes.OPEN):
            answers = at_once(
                app, *(partial(_show, posting, who) for who in whose), partial(_withdraw, posting, mentor)
            )
            assert all(isinstance(each, int | PostingState | OutOfDate) for each in answers), answers
            rollback()
            assert applicants_of(here.company, here.round_id) == []


def test_shown_and_withdrawn_at_once_ends_in_one_state(app: Flask) -> None:
    here, who = scenes.scene(), student()
    (posting,), by = here.postings, actor_of(who)
    with clock.frozen(scenes.OPEN):
        number = scenes.show(who, posting)

        def leave() -> InterestState:
            with transaction():
                withdraw_interest(interest=db.session.get_one(Interest, number), by=by)
            return InterestState.WITHDRAWN

        for _round in range(ROUNDS):
            answers = at_once(app, *(partial(_show, posting, by), leave) * 4)
            assert all(isinstance(each, int | InterestState | OutOfDate) for each in answers), answers
        assert count(Interest) == 1


def test_places_and_a_step_at_once_overwrite_nothing(app: Flask) -> None:
    here = scenes.scene()
    (posting,), by = here.postings, actor_of(here.admin)

    def places(n: int) -> int:
        with transaction():
            change_places(posting=given.loaded(posting), places=n, least_places=0, by=by)
        return n

    with clock.frozen(scenes.OPEN):
        seen = given.now(posting).version
        rollback()
        answers = at_once(app, *(partial(places, n) for n in range(10, 18)))
        won = [each for each in answers if isinstance(each, int)]
        assert won, answers
        assert given.now(posting).places in won
        assert given.now(posting).version == seen + len(won)


def _publish(number: int, seen: int, by: Actor) -> PostingState:
    with transaction():
        publish_posting(posting=given.loaded(number), version=seen, by=by)
    return PostingState.PUBLISHED


def _give_back(number: int, seen: int, by: Actor) -> PostingState:
    with transaction():
        return_posting(posting=given.loaded(number), remark="要修正", version=seen, by=by)
    return PostingState.RETURNED


def _take_back(number: int, by: Actor) -> PostingState:
    with transaction():
        take_back_posting(posting=given.loaded(number), by=by)
    return PostingState.DRAFT


def _show(number: int, by: Actor) -> int:
    with transaction():
        return show_interest(posting=given.loaded(number), words="", by=by).id


def _withdraw(number: int, by: Actor) -> PostingState:
    with transaction():
        withdraw_posting(posting=given.loaded(number), reason="中止", by=by)
    return PostingState.WITHDRAWN
