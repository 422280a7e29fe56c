"""What the portal relies on, asked of the stand-in always and of the provider's test mode when there is a key."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import stripe

from portal.gateways.payments import (
    CheckoutStatus,
    Intent,
    IntentStatus,
    Method,
    ProviderRefused,
    StripePayments,
)
from tests.gateways.rig import Rig


def _eventually(payments: StripePayments, intent_id: str, status: IntentStatus, received: int) -> Intent:
    """The provider applies transfers a moment later."""
    deadline = time.monotonic() + 30
    while True:
        found = payments.fetch_payment_intent(intent_id)
        if (found.status, found.received_yen) == (status, received) or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


def test_checkout_opens_with_our_amount_and_words(rig: Rig) -> None:
    made = rig.checkout(reference="INV-2026-0001")
    assert made.id.startswith("cs_test_")
    assert made.url is not None
    assert made.url.startswith("http")
    assert (made.status, made.is_paid, made.amount_yen) == (CheckoutStatus.OPEN, False, 1_100_000)
    assert made.reference == "INV-2026-0001"
    assert dict(made.metadata) == {"invoice": "7", "reference": "INV-2026-0001"}
    assert timedelta(hours=23) < made.expires_at - datetime.now(UTC) <= timedelta(hours=24, minutes=1)
    assert rig.payments.fetch_checkout(made.id) == made


def test_payment_begins_only_when_the_payer_acts(rig: Rig) -> None:
    assert rig.checkout().payment_intent_id is None


def test_card_alone_can_be_offered(rig: Rig) -> None:
    made = rig.checkout(methods={"card"})
    session = rig.sdk.v1.checkout.sessions.retrieve(made.id)
    assert session.payment_method_types == ["card"]


def test_same_key_gives_the_same_checkout(rig: Rig) -> None:
    key = uuid.uuid4().hex
    same = {"idempotency_key": key, "reference": "INV-1", "customer_ref": f"ORG-{key}"}
    assert rig.checkout(**same).id == rig.checkout(**same).id


def test_same_key_with_another_amount_is_refused(rig: Rig) -> None:
    key = uuid.uuid4().hex
    same = {"idempotency_key": key, "reference": "INV-1", "customer_ref": f"ORG-{key}"}
    rig.checkout(**same)
    with pytest.raises(ProviderRefused) as refused:
        rig.checkout(**same, amount_yen=1_100_001)
    assert refused.value.code == "idempotency_error"


def test_one_payer_is_one_customer(rig: Rig) -> None:
    payer = f"ORG-{uuid.uuid4().hex}"
    first = rig.checkout(customer_ref=payer)
    second = rig.checkout(customer_ref=payer, customer_email="shin-keiri@example.co.jp")
    assert first.customer == second.customer
    customer = rig.sdk.v1.customers.retrieve(str(first.customer))
    assert customer.email == "shin-keiri@example.co.jp"


def test_amount_below_the_smallest_is_refused(rig: Rig) -> None:
    with pytest.raises(ProviderRefused) as refused:
        rig.checkout(amount_yen=10)
    assert refused.value.code == "amount_too_small"


def test_expired_checkout_is_closed_once(rig: Rig) -> None:
    made = rig.checkout()
    closed = rig.payments.expire_checkout(made.id)
    assert (closed.status, closed.url) == (CheckoutStatus.EXPIRED, None)
    with pytest.raises(ProviderRefused):
        rig.payments.expire_checkout(made.id)


def test_missing_objects_are_told_apart(rig: Rig) -> None:
    with pytest.raises(ProviderRefused) as refused:
        rig.payments.fetch_payment_intent("pi_does_not_exist")
    assert refused.value.is_missing


def test_unknown_parameter_is_refused(rig: Rig) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        rig.sdk.v1.customers.create({"shoe_size": "26"})  # type: ignore[typeddict-unknown-key]
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "shoe_size")


def test_card_payment_reads_as_paid(rig: Rig) -> None:
    paid = rig.payments.fetch_payment_intent(rig.pay_by_card().id)
    assert (paid.status, paid.is_paid, paid.method) == (IntentStatus.SUCCEEDED, True, Method.CARD)
    assert (paid.amount_yen, paid.received_yen, paid.refunded_yen) == (1_100_000, 1_100_000, 0)
    assert len(paid.charge_ids) == 1
    assert dict(paid.metadata) == {"invoice": "7"}


def test_declined_card_leaves_a_payment_that_can_be_tried_again(rig: Rig) -> None:
    with pytest.raises(stripe.CardError) as declined:
        rig.pay_by_card(means="pm_card_chargeDeclined")
    assert declined.value.code == "card_declined"
    intent = declined.value.error.payment_intent  # type: ignore[union-attr]
    found = rig.payments.fetch_payment_intent(intent.id)
    assert (found.status, found.received_yen) == (IntentStatus.REQUIRES_PAYMENT_METHOD, 0)
    assert found.failure


def test_transfer_of_too_little_funds_a_part(rig: Rig) -> None:
    promised = rig.promise_transfer()
    waiting = rig.payments.fetch_payment_intent(promised.id)
    assert (waiting.status, waiting.method) == (IntentStatus.REQUIRES_ACTION, Method.BANK_TRANSFER)
    assert waiting.transfer_account is not None
    assert waiting.transfer_account.account_number
    assert (waiting.received_yen, waiting.is_partially_funded) == (0, False)

    rig.transfer(str(promised.customer), 1_099_340)
    partly = _eventually(rig.payments, promised.id, IntentStatus.REQUIRES_ACTION, 1_099_340)
    assert partly.is_partially_funded
    assert partly.transfer_account is not None
    assert partly.transfer_account.remaining_yen == 660

    rig.transfer(str(promised.customer), 660)
    paid = _eventually(rig.payments, promised.id, IntentStatus.SUCCEEDED, 1_100_000)
    assert (paid.is_paid, paid.method, paid.transfer_account) == (True, Method.BANK_TRANSFER, None)


def test_transfer_of_too_much_pays_and_leaves_the_rest(rig: Rig) -> None:
    promised = rig.promise_transfer(500_000)
    rig.transfer(str(promised.customer), 500_500)
    assert _eventually(rig.payments, promised.id, IntentStatus.SUCCEEDED, 500_000).is_paid
    balance = rig.sdk.v1.customers.cash_balance.retrieve(str(promised.customer))
    assert balance.available is not None
    assert balance.available.to_dict() == {"jpy": 500}


def test_unpaid_payment_can_be_given_up(rig: Rig) -> None:
    promised = rig.promise_transfer()
    assert rig.payments.cancel_payment_intent(promised.id).status is IntentStatus.CANCELED
    with pytest.raises(ProviderRefused):
        rig.payments.cancel_payment_intent(promised.id)


def test_refunds_stop_at_what_was_paid(rig: Rig) -> None:
    paid = rig.pay_by_card(1_000_000)
    part = rig.payments.refund(
        payment_intent_id=paid.id, amount_yen=400_000, idempotency_key=uuid.uuid4().hex, reason="duplicate"
    )
    assert (part.status, part.amount_yen, part.payment_intent_id) == ("succeeded", 400_000, paid.id)
    with pytest.raises(ProviderRefused):
        rig.payments.refund(payment_intent_id=paid.id, amount_yen=600_001, idempotency_key=uuid.uuid4().hex)
    assert rig.payments.fetch_payment_intent(paid.id).refunded_yen == 400_000


def test_refund_repeated_with_its_key_happens_once(rig: Rig) -> None:
    paid, key = rig.pay_by_card(1_000_000), uuid.uuid4().hex
    refunds = {
        rig.payments.refund(payment_intent_id=paid.id, amount_yen=300_000, idempotency_key=key).id
        for _ in range(3)
    }
    assert len(refunds) == 1
    assert rig.payments.fetch_payment_intent(paid.id).refunded_yen == 300_000


def test_lists_tell_what_happened_since(rig: Rig) -> None:
    since = datetime.now(UTC) - timedelta(seconds=2)
    paid = rig.pay_by_card(123_456)
    assert paid.id in [each.id for each in rig.payments.list_payments(since)]
    succeeded = [
        each
        for each in rig.payments.list_events(since)
        if each.object_id == paid.id and each.type == "payment_intent.succeeded"
    ]
    assert len(succeeded) == 1
    assert succeeded[0].object_type == "payment_intent"
    assert rig.payments.fetch_event(succeeded[0].id) == succeeded[0]
    assert rig.payments.list_payments(datetime.now(UTC) + timedelta(minutes=5)) == ()
