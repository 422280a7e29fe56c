"""Refunds, payers' balances and disputes: what the portal relies on, asked of both providers."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from portal.gateways.payments import DisputeStatus, ProviderRefused, RefundStatus
from portal.gateways.stripe_standin import StandIn
from tests.gateways.rig import Rig

Value = TypeVar("Value")


def eventually(read: Callable[[], Value], wanted: Callable[[Value], bool]) -> Value:
    """The provider does some things a moment later."""
    deadline = time.monotonic() + 30
    while not wanted(found := read()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def some_time_ago() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=5)


def test_a_refund_is_found_by_its_name_its_payment_and_its_day(rig: Rig) -> None:
    since, paid = some_time_ago(), rig.pay_by_card(500_000)
    made = rig.payments.refund(
        payment_intent_id=paid.id, amount_yen=100_000, idempotency_key=uuid.uuid4().hex, metadata={"refund": "k"}
    )  # fmt: skip
    assert (made.status, made.failure, dict(made.metadata)) == (RefundStatus.SUCCEEDED, None, {"refund": "k"})
    assert rig.payments.fetch_refund(made.id) == made
    assert rig.payments.refunds_of(paid.id) == (made,)
    assert made in rig.payments.list_refunds(since)
    assert rig.payments.list_refunds(datetime.now(UTC) + timedelta(minutes=5)) == ()


def test_a_refund_may_fail_after_it_succeeded(rig: Rig) -> None:
    paid = rig.pay_by_card(500_000, "pm_card_refundFail")
    made = rig.payments.refund(
        payment_intent_id=paid.id, amount_yen=500_000, idempotency_key=uuid.uuid4().hex
    )
    failed = eventually(
        lambda: rig.payments.fetch_refund(made.id), lambda found: found.status is RefundStatus.FAILED
    )
    assert failed.status is RefundStatus.FAILED
    assert failed.failure
    intent = eventually(
        lambda: rig.payments.fetch_payment_intent(paid.id), lambda found: not found.refunded_yen
    )
    assert intent.refunded_yen == 0


def test_a_refunded_transfer_is_in_the_payers_balance_and_goes_on_to_its_bank(rig: Rig) -> None:
    promised = rig.promise_transfer(500_000)
    customer = str(promised.customer)
    rig.transfer(customer, 500_700)
    eventually(lambda: rig.payments.fetch_payment_intent(promised.id), lambda found: found.is_paid)
    assert rig.payments.fetch_balance(customer) == 700
    rig.payments.refund(payment_intent_id=promised.id, amount_yen=300, idempotency_key=uuid.uuid4().hex)
    held = eventually(lambda: rig.payments.fetch_balance(customer), lambda yen: yen == 1_000)
    assert held == 1_000
    sent = rig.payments.refund_balance(
        customer=customer, amount_yen=600, email="keiri@example.co.jp", idempotency_key=uuid.uuid4().hex
    )  # fmt: skip
    assert sent.payment_intent_id is None
    assert sent.status in (RefundStatus.PENDING, RefundStatus.REQUIRES_ACTION, RefundStatus.SUCCEEDED)
    assert rig.payments.fetch_balance(customer) == 400
    with pytest.raises(ProviderRefused):
        rig.payments.refund_balance(
            customer=customer, amount_yen=401, email="keiri@example.co.jp", idempotency_key=uuid.uuid4().hex
        )  # fmt: skip


def test_a_balance_pays_another_invoice(rig: Rig) -> None:
    promised = rig.promise_transfer(500_000)
    customer = str(promised.customer)
    rig.transfer(customer, 600_000)
    eventually(lambda: rig.payments.fetch_balance(customer), lambda yen: yen == 100_000)
    key = uuid.uuid4().hex
    asked = {
        "customer": customer, "amount_yen": 100_000, "description": "INV-2", "metadata": {"attempt": "x"}, "idempotency_key": key
    }  # fmt: skip
    paid = rig.payments.pay_from_balance(**asked)  # type: ignore[arg-type]
    assert rig.payments.pay_from_balance(**asked).id == paid.id  # type: ignore[arg-type]
    done = eventually(lambda: rig.payments.fetch_payment_intent(paid.id), lambda found: found.is_paid)
    assert (done.is_paid, done.received_yen, dict(done.metadata)) == (True, 100_000, {"attempt": "x"})
    assert rig.payments.fetch_balance(customer) == 0


def test_a_dispute_says_what_was_taken_and_until_when_to_answer(rig: Rig) -> None:
    since, paid = some_time_ago(), rig.pay_by_card(80_000, "pm_card_createDispute")
    found = eventually(
        lambda: [each for each in rig.payments.list_disputes(since) if each.payment_intent_id == paid.id],
        lambda each: bool(each and each[0].withdrawn_yen),
    )
    (dispute,) = found
    assert dispute.status is DisputeStatus.NEEDS_RESPONSE
    assert (dispute.amount_yen, dispute.withdrawn_yen) == (80_000, 80_000)
    assert dispute.fee_yen > 0
    assert dispute.evidence_due is not None
    assert dispute.evidence_due > datetime.now(UTC)
    assert rig.payments.fetch_dispute(dispute.id) == dispute


def test_movements_tell_amount_and_fee(rig: Rig) -> None:
    since, paid = some_time_ago(), rig.pay_by_card(100_000)
    (charge,) = rig.payments.fetch_payment_intent(paid.id).charge_ids
    (moved,) = [each for each in rig.payments.list_movements(since) if each.source_id == charge]
    assert (moved.kind, moved.amount_yen) == ("charge", 100_000)
    assert 0 < moved.fee_yen < 10_000


@pytest.mark.parametrize(("end", "withdrawn"), [("won", 0), ("lost", 80_000)])
def test_a_dispute_ends(stand_in: StandIn, stand_in_rig: Rig, end: str, withdrawn: int) -> None:
    paid = stand_in_rig.pay_by_card(80_000)
    opened = stand_in.control.dispute(paid.id)
    stand_in.control.decide_dispute(opened["id"], "under_review")
    stand_in.control.decide_dispute(opened["id"], end)
    found = stand_in_rig.payments.fetch_dispute(opened["id"])
    assert (found.status.value, found.withdrawn_yen, found.fee_yen) == (end, withdrawn, 1_500)


@pytest.mark.parametrize("status", ["pending", "requires_action"])
def test_a_refund_waits_and_is_cancelled(stand_in: StandIn, stand_in_rig: Rig, status: str) -> None:
    paid = stand_in_rig.pay_by_card(80_000)
    stand_in.control.begin_refunds_as(status)
    made = stand_in_rig.payments.refund(payment_intent_id=paid.id, amount_yen=1_000, idempotency_key="k")
    assert made.status.value == status
    stand_in.control.decide_refund(made.id, "canceled")
    assert stand_in_rig.payments.fetch_refund(made.id).status is RefundStatus.CANCELED
    assert stand_in_rig.payments.fetch_payment_intent(paid.id).refunded_yen == 0
