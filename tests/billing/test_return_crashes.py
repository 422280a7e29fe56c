"""Killed before any SQL statement of giving back, and on either side of asking the provider: nothing is lost or doubled."""

from __future__ import annotations

import os
import signal

import pytest

from portal.accounts.enums import Role
from portal.billing.enums import ReceivableState
from portal.billing.models import Refund, RefundOrder
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.verification import document_problems
from portal.billing.returns import OrderState
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.billing.services.returns import disputes, withdrawals
from portal.billing.services.returns.sending import send_refund
from portal.core import transaction
from portal.core.db import db
from portal.core.transaction import rollback
from tests.billing.payer import Payer
from tests.billing.returning import ask_back, attempt_of, give_back, paid_by_card
from tests.billing.test_crashes import _deaf, _listen, every, fits, killed_at, points
from tests.support.billing import buyer, fee
from tests.support.people import actor_of, company, person, staff


@pytest.fixture
def contact(app):
    return actor_of(person(at=company(), roles=(Role.BILLING,)))


@pytest.fixture
def clerk(app):
    return actor_of(staff(Role.SECRETARIAT))


def holds() -> None:
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []
    assert document_problems() == []


def with_advance(payer: Payer, contact, clerk, run_jobs):
    invoice = paid_by_card(payer, contact, run_jobs)
    give_back(invoice, clerk, 100_000)
    return invoice


def order_of(invoice) -> RefundOrder:
    rollback()
    return db.session.query(RefundOrder).filter_by(invoice_id=invoice.id).one()


def gone_of(payer: Payer, invoice) -> int:
    return payer.provider.fetch_payment_intent(attempt_of(invoice).intent_id).refunded_yen


def test_asking_survives_a_kill_anywhere(app, payer: Payer, contact, clerk, run_jobs) -> None:
    died = 0
    first = with_advance(payer, contact, clerk, run_jobs)
    for point in range(0, points(app, lambda: ask_back(first, clerk, 110_000, once="0")) + 1, every()):
        invoice = with_advance(payer, contact, clerk, run_jobs)
        died += killed_at(app, point, lambda i=invoice, p=point: ask_back(i, clerk, 110_000, once=f"p{p}"))
        holds()
        ask_back(invoice, clerk, 110_000, once=f"p{point}")
        holds()
        assert order_of(invoice).state is OrderState.REQUESTED
    assert died >= 4


def test_sending_survives_a_kill_anywhere(app, payer: Payer, contact, clerk, run_jobs) -> None:
    died = 0
    first = with_advance(payer, contact, clerk, run_jobs)
    order_id = ask_back(first, clerk, 110_000, once="0").id
    rollback()
    for point in range(0, points(app, lambda: send_refund(order_id)) + 1, every()):
        invoice = with_advance(payer, contact, clerk, run_jobs)
        mine = ask_back(invoice, clerk, 110_000, once=f"p{point}").id
        rollback()
        died += killed_at(app, point, lambda n=mine: send_refund(n))
        holds()
        rollback()
        send_refund(mine)
        holds()
        assert (order_of(invoice).state, gone_of(payer, invoice)) == (OrderState.SUCCEEDED, 110_000)
        assert db.session.query(Refund).filter_by(invoice_id=invoice.id).count() == 1
    assert died >= 4


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_kill_on_either_side_of_the_provider(
    app, payer: Payer, contact, clerk, run_jobs, side: str
) -> None:
    invoice = with_advance(payer, contact, clerk, run_jobs)
    order_id = ask_back(invoice, clerk, 110_000).id
    rollback()
    real = payer.provider.refund

    def dies(**asked):
        if side == "after":
            real(**asked)
        os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        payer.provider.refund = dies  # in the child alone
        send_refund(order_id)

    assert killed_at(app, 10_000, work)
    holds()
    assert order_of(invoice).state is OrderState.REQUESTED
    assert gone_of(payer, invoice) == (110_000 if side == "after" else 0)
    rollback()
    send_refund(order_id)
    holds()
    assert (order_of(invoice).state, gone_of(payer, invoice)) == (OrderState.SUCCEEDED, 110_000)


@pytest.fixture
def lost(payer: Payer, contact, run_jobs):
    """Makes an invoice whose payment was contested there, and lost; nobody has told us."""

    def make():
        invoice = paid_by_card(payer, contact, run_jobs)
        name = payer.stand_in.control.dispute(attempt_of(invoice).intent_id)["id"]
        payer.stand_in.control.decide_dispute(name, "lost")
        found = payer.provider.fetch_dispute(name)
        rollback()
        return invoice.id, found

    return make


def test_losing_a_case_survives_a_kill_anywhere(app, lost) -> None:
    died = 0
    _invoice_id, found = lost()
    for point in range(0, points(app, lambda: disputes.take_note(found)) + 1, every()):
        invoice_id, mine = lost()
        died += killed_at(app, point, lambda m=mine: disputes.take_note(m))
        assert fits(invoice_id) in (ReceivableState.PAID, ReceivableState.UNPAID)
        disputes.take_note(mine)
        disputes.take_note(mine)
        assert fits(invoice_id) is ReceivableState.UNPAID
        holds()
    assert died >= 5


def test_losing_what_was_moved_survives_a_kill_anywhere(app, lost, clerk) -> None:
    """The money stands on an invoice issued anew by then; a rest of it stayed on the old one."""
    died = 0

    def moved():
        old, found = lost()
        with transaction.transaction():
            new = replace_invoice(
                invoice=any_invoice(old),
                wanted=Replacement(buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(900_000)]),
                reason="金額の誤り", by=clerk, source_key=f"anew:{old}",
            ).id  # fmt: skip
        rollback()
        return new, found

    _new, found = moved()
    for point in range(0, points(app, lambda: disputes.take_note(found)) + 1, every()):
        new, mine = moved()
        died += killed_at(app, point, lambda m=mine: disputes.take_note(m))
        assert fits(new) in (ReceivableState.PAID, ReceivableState.UNPAID)
        disputes.take_note(mine)
        disputes.take_note(mine)
        assert fits(new) is ReceivableState.UNPAID
        holds()
    assert died >= 5


def test_a_path_that_commits_in_between_is_caught(app, lost, monkeypatch) -> None:
    """The mutant: what is owed again is committed before the books are written."""
    real = withdrawals._write

    def commits_too_early(*args):
        real(*args)
        transaction.commit()

    monkeypatch.setattr(withdrawals, "_write", commits_too_early)
    _invoice_id, found = lost()
    seen: list[str] = []
    _listen(seen.append)
    disputes.take_note(found)
    _deaf()
    early = seen.index("COMMIT")
    invoice_id, mine = lost()
    assert killed_at(app, early + 1, lambda: disputes.take_note(mine))
    with pytest.raises(AssertionError):
        fits(invoice_id)
