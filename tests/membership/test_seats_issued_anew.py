"""Seats on an invoice that was issued anew: each arrangement has its own line there, and gives back a share of what that asks for.

Mutants that must fail here: lines sought for one arrangement at a time; a share of the price that was agreed at first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.billing.enums import FeeProduct
from portal.billing.models import CreditNote
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.bills import BillLine
from portal.core.db import db
from portal.core.transaction import rollback
from portal.membership.models import SeatArrangement
from tests.membership.test_seats_on_lines import agreed, anew, end
from tests.support import changes as given
from tests.support import renewals as season
from tests.support import seats
from tests.support.billing import fee

pytestmark = pytest.mark.database
TWO, FOUR, CHEAP = (
    {"seats": 2, "price_yen": 300_000}, {"seats": 4, "price_yen": 200_000}, {"seats": 2, "price_yen": 200_000},
)  # fmt: skip


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def training(seats: int, price_yen: int) -> BillLine:
    return fee(price_yen, quantity=seats, product=FeeProduct.TRAINING)


def issued_anew(arranged: list[dict[str, int]], *lines: BillLine, on: date) -> tuple[int, dict[int, int]]:
    """The invoice of a renewal that carried these along, issued anew; its seats by their price."""
    admin = given.member("C")
    for values in arranged:
        agreed(admin, **values)
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
        term = season.renew(admin)
    with season.on(on):
        number = season.invoice_of(term).id
        rollback()
        new = anew(number, fee(500_000), *lines)
        mine = select(SeatArrangement.price_yen, SeatArrangement.id)
        rows = db.session.execute(mine.where(SeatArrangement.term_id == term.id))
        found = {row.price_yen: row.id for row in rows}
        rollback()
    return new, found


def left(number: int) -> list[int]:
    rollback()
    return list(left_of_lines(any_invoice(number)).values())


def test_rows_that_changed_places_and_a_price_are_told() -> None:
    day = date(2027, 4, 10)
    new, of = issued_anew([TWO, FOUR], training(4, 150_000), training(2, 300_000), on=day)
    with season.on(day):
        end(of[200_000])
        assert left(new) == [500_000, 0, 600_000]


@pytest.mark.parametrize("first", [200_000, 300_000])
def test_two_lines_alike_bear_two_arrangements(first: int) -> None:
    """One was lowered to the other's price: whichever ends first, each gives back its own."""
    day = date(2027, 4, 10)
    new, of = issued_anew([TWO, CHEAP], training(2, 200_000), training(2, 200_000), on=day)
    with season.on(day):
        end(of.pop(first))
        assert sorted(left(new)) == [0, 400_000, 500_000]
        (other,) = of.values()
        end(other)
        assert left(new) == [500_000, 0, 0]
        assert seats.now(other).credit_note_id


@pytest.mark.parametrize(
    ("price_yen", "back_yen"), [(200_000, 200_000), (300_000, 300_000), (400_000, 400_000)]
)
def test_what_is_given_back_is_a_share_of_what_is_asked_for(price_yen: int, back_yen: int) -> None:
    """Half of the term is left."""
    day = date(2027, 10, 10)
    lines = [training(2, price_yen)] if price_yen != TWO["price_yen"] else [fee(1), training(2, price_yen)]
    new, of = issued_anew([TWO], *lines, on=day)
    with season.on(day):
        end(of[300_000])
        assert left(new)[-1] == 2 * price_yen - back_yen


def test_seats_of_a_part_of_the_term_are_shared_by_that_part() -> None:
    """Agreed in December for four months, issued anew lower, ended in February: half of what is asked for."""
    number = agreed(given.member("C"))
    new = anew(seats.now(number).invoice_id or 0, training(2, 80_000))
    with season.on(date(2027, 2, 10)):
        end(number)
        assert left(new) == [80_000]
        assert len(db.session.scalars(select(CreditNote)).all()) == 2
