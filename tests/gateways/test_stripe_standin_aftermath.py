"""On its page the stand-in lets the card company and the bank act after a payment."""

from __future__ import annotations

import pytest
import requests

from portal.gateways.payments import DisputeStatus, RefundStatus
from portal.gateways.stripe_standin import StandIn
from tests.gateways.rig import Rig


def press(stand_in: StandIn, session: str, choice: str) -> str:
    answer = requests.post(f"{stand_in.url}/pay/{session}?lang=en", data={"choice": choice}, timeout=10)
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def paid(stand_in: StandIn, stand_in_rig: Rig) -> tuple[str, str]:
    """A page on which a card paid: its name, and that of the payment."""
    session = stand_in_rig.checkout().id
    return session, str(stand_in.choose(session, "card")["payment_intent"])


@pytest.mark.parametrize("end", ["won", "lost"])
def test_a_card_payment_is_contested_and_decided(
    stand_in: StandIn, stand_in_rig: Rig, paid: tuple[str, str], end: str
) -> None:
    session, intent = paid
    page = requests.get(f"{stand_in.url}/pay/{session}?lang=ja", timeout=10).text
    assert "異議を申し立てる" in page
    assert "Decide for the consortium" in press(stand_in, session, "dispute")
    press(stand_in, session, f"dispute_{end}")
    (dispute,) = stand_in_rig.payments.list_disputes(
        stand_in_rig.payments.fetch_payment_intent(intent).created
    )
    assert dispute.status is DisputeStatus(end)
    answer = requests.post(f"{stand_in.url}/pay/{session}", data={"choice": "dispute_won"}, timeout=10)
    assert answer.status_code == 409


def test_refunds_wait_arrive_and_fail(stand_in: StandIn, stand_in_rig: Rig, paid: tuple[str, str]) -> None:
    session, intent = paid
    press(stand_in, session, "refunds_wait")
    made = stand_in_rig.payments.refund(payment_intent_id=intent, amount_yen=700, idempotency_key="k")
    assert made.status is RefundStatus.PENDING
    assert "refund of ¥700 arrive" in requests.get(f"{stand_in.url}/pay/{session}?lang=en", timeout=10).text
    press(stand_in, session, "refund_arrives")
    assert stand_in_rig.payments.fetch_refund(made.id).status is RefundStatus.SUCCEEDED
    press(stand_in, session, "refund_fails")
    assert stand_in_rig.payments.fetch_refund(made.id).status is RefundStatus.FAILED
    press(stand_in, session, "refunds_go")
