"""Two clerks, two workers, old looks: of an advance that goes back, nothing goes twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.models import Refund, RefundOrder
from portal.billing.queries.invoices import any_invoice
from portal.billing.returns import OrderState
from portal.billing.services import settlement
from portal.billing.services.advances import move_advance
from portal.billing.services.returns import disputes
from portal.billing.services.returns.foreign import take_note
from portal.billing.services.returns.sending import send_refund
from portal.billing.services.returns.settling import settle
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import transaction
from portal.domain.ledger import Account
from portal.domain.settlement import Debt
from tests.billing.faults import World
from tests.billing.payer import Payer
from tests.billing.returning import ask_back, attempt_of, balances, give_back, orders, owed, paid_by_card
from tests.support.billing import bill, fee
from tests.support.people import actor_of, company, person, staff

pytestmark = pytest.mark.database


@pytest.fixture
def world(app: Flask, payer: Payer, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> World:
    contact = actor_of(person(at=company(), roles=(Role.BILLING,)))
    clerk = actor_of(staff(Role.SECRETARIAT))
    return World(app, payer, contact, clerk, run_jobs, monkeypatch)


@pytest.fixture
def invoice(world: World):
    """Paid by card, 110,000 yen of it an advance."""
    made = paid_by_card(world.payer, world.contact, world.run_jobs)
    give_back(made, world.clerk, 100_000)
    return made


def test_eight_clerks_promise_one_advance_once(world: World, invoice) -> None:
    raised = world.together(
        *(lambda n=n: ask_back(invoice, world.clerk, 110_000, once=f"r{n}") for n in range(8))  # type: ignore[misc]
    )
    assert [type(each) for each in raised] == [Refused] * 7, raised
    assert world.count(RefundOrder) == 1
    owed(invoice)


def test_what_was_read_before_another_clerk_asked_is_read_again(world: World, invoice) -> None:
    ask_back(invoice, world.clerk, 60_000, once="first")
    fresh, calls = settlement.debt_of, []

    def old_at_first(invoice_id: int) -> Debt:
        calls.append(1)
        return Debt(1_100_000, 0, 110_000, 110_000) if len(calls) <= 2 else fresh(invoice_id)

    world.patch.setattr(settlement, "debt_of", old_at_first)
    raised = world.together(lambda: ask_back(invoice, world.clerk, 110_000, once="second"))
    world.patch.setattr(settlement, "debt_of", fresh)
    assert [type(each) for each in raised] == [Refused], raised
    assert world.count(RefundOrder) == 1
    owed(invoice)


def test_two_workers_send_one_order(world: World, invoice) -> None:
    order_id = ask_back(invoice, world.clerk, 110_000).id
    raised = world.together(*(lambda: send_refund(order_id) for _n in range(4)))
    assert raised == []
    assert world.count(Refund) == 1
    assert world.payer.provider.fetch_payment_intent(attempt_of(invoice).intent_id).refunded_yen == 110_000
    owed(invoice)


def test_an_old_look_after_a_new_one_moves_nothing_back(world: World, invoice) -> None:
    world.payer.stand_in.control.begin_refunds_as("pending")
    order_id = ask_back(invoice, world.clerk, 110_000).id
    world.run_jobs()
    name = orders()[0].provider_id
    early = world.payer.provider.fetch_refund(name)
    world.payer.stand_in.control.decide_refund(name, "succeeded")
    late = world.payer.provider.fetch_refund(name)
    assert [settle(order_id, each) for each in (late, early, late)] == [True, False, False]
    with transaction():
        take_note(early)
    assert (orders()[0].state, world.count(Refund)) == (OrderState.SUCCEEDED, 1)
    owed(invoice)


def test_money_that_is_moved_while_its_case_is_lost_is_owed_where_it_is(world: World, invoice) -> None:
    """110,000 yen of the payment go to another invoice at the same moment: they are lost, not doubled."""
    other = bill(db.session.get_one(Organisation, invoice.organisation_id), fee(100_000))
    here, there, intent = invoice.id, other.id, attempt_of(invoice).intent_id
    control = world.payer.stand_in.control
    control.decide_dispute(str(control.dispute(intent)["id"]), "lost")
    (found,) = world.payer.provider.list_disputes(clock.now() - timedelta(days=1))

    def move() -> None:
        with transaction():
            move_advance(
                source=any_invoice(here), target=any_invoice(there), amount_yen=110_000, reason="x", by=world.clerk, source_key="m"
            )  # fmt: skip

    raised = world.together(lambda: disputes.take_note(found), move)
    assert [type(each) for each in raised] in ([], [Refused]), raised
    assert (owed(invoice).outstanding_yen, owed(invoice).excess_yen) == (990_000, 0)
    assert owed(other).outstanding_yen == 110_000
    assert Account.LOSSES not in balances()
