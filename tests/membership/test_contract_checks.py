"""What `renkei books verify` says of memberships that do not stand where their money does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.cli.keeping.sums import books_problems
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.membership.models import ContractTerm, Renewal
from portal.membership.services.terms import cancel_term
from tests.support import changes as given
from tests.support import renewals as season

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def said(words: str) -> bool:
    rollback()
    return any(words in each for each in books_problems())


@pytest.mark.parametrize("is_moved_up", [False, True])
def test_an_active_contract_for_which_no_money_stands(is_moved_up: bool) -> None:
    admin = given.member("C", paid_yen=0)
    if is_moved_up:
        given.upgrade(admin, "A")
    number = given.term_of(admin).id
    assert not said("contract ")
    rollback()
    with transaction():
        db.session.get_one(ContractTerm, number).activated_on = given.DECEMBER
    assert said(f"contract {number}: active, and no money")


def test_an_offer_that_follows_a_contract_that_ended() -> None:
    with season.on(season.OFFERS):
        admin, renewal = season.offered("C")
        number, term_id = renewal.id, renewal.from_term_id
        rollback()
        with transaction():
            cancel_term(term_id=term_id, on=season.OFFERS)
        assert said(f"renewal {number}: open")
        season.look(season.DEADLINE)
        assert not said("renewal ")
        assert db.session.get_one(Renewal, number).from_term_id == term_id
