"""The process is killed anywhere while a member renews: either nothing has happened or everything has."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.billing.models import Invoice
from portal.billing.queries.book_rules import book_problems
from portal.core.db import db
from portal.core.errors import OutOfDate
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState as S
from portal.membership.models import ContractTerm, Renewal, RenewalAcceptance
from portal.membership.services import renewals
from tests.billing.test_crashes import killed_at, points
from tests.support import renewals as season
from tests.support.people import actor_of

pytestmark = pytest.mark.database
EVERY = 1 if os.environ.get("RENKEI_EVERY_CRASH") else 12


@pytest.fixture(autouse=True)
def day_of_offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house(places=1000)
        yield


def is_whole(number: int) -> S:
    """All of it or none of it; gives where the renewal stands."""
    rollback()
    renewal = db.session.get_one(Renewal, number, populate_existing=True)
    mine = ContractTerm.organisation_id == renewal.organisation_id
    terms = select(func.count()).where(mine, ContractTerm.fiscal_year == season.YEAR)
    invoices = select(func.count()).where(Invoice.organisation_id == renewal.organisation_id)
    accepted = select(func.count()).where(RenewalAcceptance.renewal_id == renewal.id)
    made = tuple(db.session.scalar(statement) for statement in (terms, invoices, accepted))
    assert made == ((1, 1, 3) if renewal.state is S.INVOICED else (0, 0, 0))
    assert book_problems() == []
    state = renewal.state
    rollback()
    return state


def one_more() -> tuple[int, Callable[[], None]]:
    """The number of an offered renewal, and the click that renews it."""
    admin = season.member()
    season.look(season.OFFERS)
    by, number, accepted = actor_of(admin), season.renewal_of(admin).id, season.accepted()
    rollback()

    def renew() -> None:
        with suppress(OutOfDate), transaction():
            renewals.renew(renewal=db.session.get_one(Renewal, number), accepted=accepted, by=by)

    return number, renew


def test_renewing_survives_a_kill_anywhere(app: Flask) -> None:
    season.begin()
    _number, renew = one_more()
    died = 0
    for point in range(0, points(app, renew) + 1, EVERY):
        number, renew = one_more()
        died += killed_at(app, point, renew)
        assert is_whole(number) in (S.OFFERED, S.INVOICED)
        renew()
        assert is_whole(number) is S.INVOICED
    assert died >= 3
