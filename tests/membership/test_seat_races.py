"""Seats agreed at once, and killed at any statement: agreed once, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from flask import Flask

from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import transaction
from portal.domain.seats import SeatState
from portal.membership.models import SeatArrangement
from portal.membership.services.seats.arranging import agree_seats
from tests.billing.test_crashes import killed_at, points
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of
from tests.support.races import at_once
from tests.support.seats import now, propose, seats_open, seen_of

pytestmark = pytest.mark.database
EVERY = 1 if os.environ.get("RENKEI_EVERY_CRASH") else 15
ROUNDS = int(os.environ.get("RENKEI_ROUNDS", "2"))


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def agree_shown(number: int, seen: str, by: Any) -> int:
    """One click on the button."""
    with transaction():
        agree_seats(arrangement=db.session.get_one(SeatArrangement, number), seen=seen, by=by)
    return number


def test_eight_at_once_agree_once(app: Flask) -> None:
    for _round in range(ROUNDS):
        admin = given.member("A")
        number = propose(admin)
        press = partial(agree_shown, number, seen_of(number), actor_of(admin))
        answers = at_once(app, *(press for _n in range(8)))
        assert len([each for each in answers if each == number]) == 1, answers
        assert all(isinstance(each, int | Refused) for each in answers), answers
        assert (now(number).state, seats_open(admin)) == (SeatState.AGREED, 3)


def test_agreeing_survives_a_kill_anywhere(app: Flask) -> None:
    def one_more() -> tuple[int, int, Any]:
        admin = given.member("A")
        body = given.term_of(admin).organisation_id
        number = propose(admin)
        by, seen = actor_of(admin), seen_of(number)

        def press() -> None:
            with suppress(OutOfDate), transaction():
                agree_seats(arrangement=db.session.get_one(SeatArrangement, number), seen=seen, by=by)

        return body, number, press

    _body, _number, work = one_more()
    died = 0
    for point in range(0, points(app, work) + 1, EVERY):
        body, number, press = one_more()
        died += killed_at(app, point, press)
        whole = now(number).state is SeatState.AGREED
        assert (now(number).invoice_id is not None, seats_open(body)) == ((True, 3) if whole else (False, 1))
        press()
        assert (now(number).state, seats_open(body)) == (SeatState.AGREED, 3)
    assert died >= 2
