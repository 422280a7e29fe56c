"""What `renkei books verify` says of memberships that do not stand where their money does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.billing.enums import FeeProduct
from portal.billing.services.bills import BillLine
from portal.cli.keeping.sums import books_problems
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.membership.models import ContractTerm, Renewal
from portal.membership.services.terms import cancel_term
from tests.membership.test_seats_on_lines import anew
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.billing import fee

pytestmark = pytest.mark.database
IN_OWN_WORDS = fee(450_000, product=FeeProduct.OTHER)
SEATS = fee(300_000, quantity=2, product=FeeProduct.TRAINING)


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


@pytest.mark.parametrize("lines", [[IN_OWN_WORDS], [SEATS, IN_OWN_WORDS], [fee(400_000)]])
def test_a_fee_typed_anew_carries_the_contract(lines: list[BillLine]) -> None:
    """In a new row it has no product: the invoice was issued for the contract, so what is no seat on it is the fee."""
    admin = given.member("C")
    anew(given.invoice_of(admin).id, *lines)
    term = given.term_of(admin)
    assert (term.activated_on is None, term.cancelled_on) == (False, None)
    assert not said("contract ")


def test_seats_alone_carry_no_contract() -> None:
    admin = given.member("C")
    number, bill = given.term_of(admin).id, given.invoice_of(admin).id
    anew(bill, SEATS)
    rollback()
    with transaction():  # whatever an older version left standing
        term = db.session.get_one(ContractTerm, number)
        term.activated_on, term.cancelled_on = given.DECEMBER, None
    assert said(f"contract {number}: active, and no fee is left")
