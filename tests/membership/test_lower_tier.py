"""A lower tier: noted now, offered with the renewal, withdrawable until that is decided, and never open for ever.

An offer that is out follows the tier, downwards and upwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask, current_app

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.tier_change_flow import ChangeState
from portal.membership.models import Renewal, Tier, TierChange
from portal.membership.renewing import DeclineReason
from portal.membership.services import renewals
from portal.membership.services.tier_changes.calendar import close_tier_changes
from portal.membership.services.tier_changes.wishes import plan_downgrade, withdraw_change
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of
from tests.support.reader import Reader

pytestmark = pytest.mark.database
_serial = iter(range(1, 1000))


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def wish(admin: Person, code: str = "C") -> int:
    by, number = actor_of(admin), given.term_of(admin).id
    with transaction():
        return plan_downgrade(term_id=number, code=code, once=f"down{next(_serial)}", by=by).id


def withdraw(admin: Person, number: int) -> None:
    by = actor_of(admin)
    with transaction():
        withdraw_change(change=db.session.get_one(TierChange, number), by=by)


def state_of(number: int) -> ChangeState:
    rollback()
    return db.session.get_one(TierChange, number, populate_existing=True).state


def offered_code(admin: Person) -> str:
    tier = season.renewal_of(admin).tier_id
    code = db.session.get_one(Tier, tier).code
    rollback()
    return code


def test_the_renewal_is_offered_at_the_planned_tier_and_carries_it_out() -> None:
    admin = given.member("A")
    number = wish(admin)
    assert given.term_of(admin).tier_code == "A"  # nothing changes before
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
        assert offered_code(admin) == "C"
        close_tier_changes()
        assert state_of(number) is ChangeState.PLANNED
        renew(admin)
        close_tier_changes()
        close_tier_changes()
        assert state_of(number) is ChangeState.AGREED


def test_an_offer_that_is_out_is_made_anew_and_the_old_page_is_out_of_date() -> None:
    admin = given.member("A")
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
        seen = season.renewal_of(admin).version
        number = wish(admin)
        assert offered_code(admin) == "C"
        with pytest.raises(OutOfDate):
            renew(admin, seen=seen)
        withdraw(admin, number)
        assert offered_code(admin) == "A"
        renew(admin)
        with pytest.raises(Refused):
            wish(admin)


def test_an_offer_that_is_out_is_made_anew_when_the_tier_moves_up() -> None:
    admin = given.member("C")
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
        seen = season.renewal_of(admin).version
        given.upgrade(admin, "A")
        assert offered_code(admin) == "A"
        with pytest.raises(OutOfDate):
            renew(admin, seen=seen)
        renew(admin)
        assert season.renewal_of(admin).price["total_yen"] == 2_200_000


def test_a_declined_renewal_or_the_end_of_the_year_closes_the_wish() -> None:
    admin, other = given.member("A"), given.member("A")
    first, second = wish(admin), wish(other)
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
        by, number = actor_of(admin), season.renewal_of(admin).id
        with transaction():
            renewals.decline(renewal=db.session.get_one(Renewal, number), reason=DeclineReason.BUDGET, by=by)
        with pytest.raises(Refused):
            withdraw(admin, first)
        close_tier_changes()
        assert state_of(first) is ChangeState.OVERTAKEN
        assert state_of(second) is ChangeState.PLANNED
    with season.on(date(2027, 4, 1)):
        close_tier_changes()
        assert state_of(second) is ChangeState.OVERTAKEN


def test_only_a_lower_tier_that_is_open_and_one_wish_at_a_time() -> None:
    admin = given.member("B")
    for code in ("A", "B", "X"):
        with pytest.raises(Refused) as refused:
            wish(admin, code)
        assert refused.value.field == "tier"
    wish(admin)
    with pytest.raises(Refused):
        wish(admin)
    with pytest.raises(Refused):
        given.upgrade(admin, "A")


def test_it_is_shown_and_taken_back_on_the_pages(app: Flask) -> None:
    admin = given.member("A")
    with transaction():
        db.session.get_one(Person, admin.id).language = "en"
    reader = Reader(browser_of(current_app._get_current_object(), admin))  # type: ignore[attr-defined]
    number = given.term_of(admin).id
    choice = reader.get(f"/membership/terms/{number}/tier")
    confirm = reader.submit(choice.form("/tier"), tier="C")
    assert "nothing is paid or given back" in confirm.text
    done = reader.submit(confirm.form("/plan"))
    assert "Planned for the next year" in done.text
    assert "From the next fiscal year on: Member C" in reader.get(f"/membership/terms/{number}").text
    gone = reader.submit(done.form("/withdraw"))
    assert "Withdrawn" in gone.text
    reader.submit(done.form("/withdraw"), status=409)


def renew(admin: Person, **values: Any) -> None:
    by, number, accepted = actor_of(admin), season.renewal_of(admin).id, season.accepted()
    rollback()
    with transaction():
        renewals.renew(renewal=db.session.get_one(Renewal, number), accepted=accepted, by=by, **values)
