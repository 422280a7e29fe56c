"""What the office lets go beyond the places stays allowed until the company answers.

Mutants that must fail here: a tick that is forgotten when the company renews; more time in grace that asks for no place;
a contract beyond the places that takes the place held for another.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.core.errors import Refused
from portal.core.transaction import rollback
from portal.domain.renewal_flow import RenewalState
from portal.membership.renewing import DeclineReason
from portal.membership.services import renewals
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database


@pytest.fixture
def silent(app: Flask) -> Person:
    """One place, and another company has it."""
    with season.on(season.OFFERS):
        season.house(places=1)
        admin, other = season.member("C"), season.member("C")
        season.begin()
        season.look(season.OFFERS)
        season.pay(season.renew(other))
    return admin


def until(admin: Person, state: RenewalState) -> date:
    """The day after the calendar has brought it there."""
    while (now := season.renewal_of(admin)).state is not state:
        assert now.next_on is not None
        day = now.next_on
        season.look(day)
    return day + timedelta(days=1)


@pytest.mark.parametrize("state", [RenewalState.SUSPENDED, RenewalState.LAPSED])
def test_taken_up_beyond_the_places_it_can_be_renewed(silent: Person, state: RenewalState) -> None:
    day = until(silent, state)
    with season.on(day):
        clerk, later = season.clerks_actor(), day + timedelta(days=20)
        with pytest.raises(Refused) as refused:
            season.do(renewals.reinstate, silent, until=later, reason="x", by=clerk)
        assert refused.value.field == "beyond_places"
        rollback()
        season.do(renewals.reinstate, silent, until=later, reason="x", by=clerk, beyond_places=True)
        assert season.renew(silent)
        assert season.renewal_of(silent).state is RenewalState.INVOICED


def test_more_time_in_grace_needs_a_place_or_the_tick(app: Flask, silent: Person) -> None:
    day = until(silent, RenewalState.GRACE)
    with season.on(day):
        office = Reader(browser_of(app, staff(Role.SECRETARIAT)))
        path = f"/staff/membership/renewals/members/{season.renewal_of(silent).id}/extend"
        rollback()
        said = {"until": (day + timedelta(days=20)).isoformat(), "reason": "x"}
        page = office.get(path)
        assert 'name="beyond_places"' in page.source
        refused = office.submit(page.form("/extend"), status=422, **said)
        assert season.renewal_of(silent).state is RenewalState.GRACE
        shown = office.submit(refused.form("/extend"), beyond_places="y", **said)
        office.submit(shown.form("/extend"), step="confirm")
        assert season.renewal_of(silent).state is RenewalState.OFFERED
        assert season.renew(silent)


def test_more_time_before_the_deadline_asks_for_no_place(silent: Person) -> None:
    day = season.DEADLINE - timedelta(days=3)
    with season.on(day):
        clerk = season.clerks_actor()
        season.do(renewals.extend, silent, until=day + timedelta(days=20), reason="x", by=clerk)
        with pytest.raises(Refused):  # first come: it was not promised more than the others
            season.renew(silent)


def test_who_is_let_go_beyond_takes_no_place_that_is_held(app: Flask) -> None:
    """One place, held for another: it is there when that one answers in time, and no second one with it."""
    with season.on(season.OFFERS):
        season.house(places=1)
        let, held, third = season.member("C"), season.member("C"), season.member("C")
        season.begin()
        season.look(season.OFFERS)
    with season.on(season.OFFERS + timedelta(days=10)):
        clerk = season.clerks_actor()
        by = actor_of(let)
        season.do(renewals.decline, let, reason=DeclineReason.BUDGET, by=by)
        later = season.DEADLINE
        season.do(renewals.reinstate, let, until=later, reason="x", by=clerk, beyond_places=True)
        assert season.renew(let).beyond_places
        assert not season.renew(held).beyond_places
        with pytest.raises(Refused):
            season.renew(third)
