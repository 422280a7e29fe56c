"""Seats proposed for a member, and where they stand."""

from __future__ import annotations

from typing import Any

from portal.accounts.models import Person
from portal.billing.queries.book_rules import book_problems
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.tax import TaxCategory
from portal.membership import queries
from portal.membership.models import ContractTerm, SeatArrangement
from portal.membership.services.seats.arranging import agree_seats, propose_seats
from portal.membership.services.seats.planning import plan_seats
from tests.support import changes as given
from tests.support.people import actor_of, staff

T10 = TaxCategory.STANDARD_10
_serial = iter(range(1, 10_000))


def arranged(admin: Person) -> None:
    """Two seats at 200,000 yen, agreed."""
    agree(admin, propose(admin, price_yen=200_000))


def propose(admin: Person, **values: Any) -> int:
    """Two seats at 300,000 yen."""
    clerk, term = actor_of(staff()), given.term_of(admin)
    said = {
        "seats": 2,
        "price_yen": 300_000,
        "category": T10,
        "goes_on": True,
        "note": "",
        "is_agreed": False,
    } | values
    seen = plan_seats(
        term, said["seats"], said["price_yen"], said["category"], goes_on=said["goes_on"]
    ).fingerprint
    rollback()
    with transaction():
        return propose_seats(
            **({"term_id": term.id, "seen": seen, "once": f"s{next(_serial)}", "by": clerk} | said)
        ).id


def seen_of(number: int) -> str:
    """What the page shows now."""
    rollback()
    each = db.session.get_one(SeatArrangement, number)
    term = db.session.get_one(ContractTerm, each.term_id)
    seen = plan_seats(term, each.seats, each.price_yen, each.category, goes_on=each.goes_on).fingerprint
    rollback()
    return seen


def now(number: int) -> SeatArrangement:
    """As it stands, with books that add up."""
    rollback()
    assert [p.rule for p in book_problems()] == []
    return db.session.get_one(SeatArrangement, number, populate_existing=True)


def seats_open(admin: Person | int) -> int:
    """Training seats that the company has."""
    body = admin if isinstance(admin, int) else given.term_of(admin).organisation_id
    rollback()
    found = queries.entitlements_of(body)
    assert found is not None
    return found.training_seats


def agree(admin: Person, number: int, seen: str = "") -> None:
    """The company agrees to what its page shows."""
    by, shown = actor_of(admin), seen or seen_of(number)
    with transaction():
        agree_seats(arrangement=db.session.get_one(SeatArrangement, number), seen=shown, by=by)
