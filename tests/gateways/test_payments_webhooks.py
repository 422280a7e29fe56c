"""Signatures: what the provider signed passes, everything else is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from portal.gateways.payments import BadSignature, StripePayments
from portal.gateways.stripe_standin.webhooks import sign
from tests.gateways.rig import SECRET, TEST_KEY

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
BODY = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": 1_775_034_000,
        "data": {"object": {"id": "pi_1", "object": "payment_intent", "description": "年会費"}},
    },
    ensure_ascii=False,
)

NESTED = ["[" * 5000, '{"id":' * 100_000, BODY.replace('"年会費"', "[" * 5000 + "]" * 5000)]
HARM = ["\\ud800", "\\u0000", "x" * 300]  # as JSON writes them: what no database holds


@pytest.fixture
def payments() -> Iterator[StripePayments]:
    with StripePayments(api_key=TEST_KEY, webhook_secret=SECRET) as opened:
        yield opened


def _signed(body: str = BODY, secret: str = SECRET, *, late: int = 0) -> str:
    return sign(body, secret, int(NOW.timestamp()) + late)


@pytest.mark.parametrize("late", [-300, -1, 0, 300])
def test_signed_event_is_read(payments: StripePayments, late: int) -> None:
    event = payments.verify_webhook(BODY.encode(), _signed(late=late), NOW)
    assert (event.id, event.type) == ("evt_1", "payment_intent.succeeded")
    assert (event.object_id, event.object_type) == ("pi_1", "payment_intent")
    assert event.created == datetime.fromtimestamp(1_775_034_000, tz=UTC)


@pytest.mark.parametrize("late", [-301, 301, -86_400, 10**9])
def test_timestamps_too_far_away_are_refused(payments: StripePayments, late: int) -> None:
    with pytest.raises(BadSignature):
        payments.verify_webhook(BODY.encode(), _signed(late=late), NOW)


def test_one_byte_more_is_refused(payments: StripePayments) -> None:
    with pytest.raises(BadSignature):
        payments.verify_webhook(BODY.encode() + b" ", _signed(), NOW)


def test_clock_is_the_callers_not_the_machines(payments: StripePayments) -> None:
    with pytest.raises(BadSignature):
        payments.verify_webhook(BODY.encode(), _signed(), NOW + timedelta(hours=2))


@pytest.mark.parametrize(
    "header",
    ["", "t=1", "v1=abc", "t=abc,v1=abc", "t=1,v0=abc", "t=1,v1=é", "t=" + "9" * 5000 + ",v1=a", ",", "\x00"],
)
def test_malformed_headers_are_refused(payments: StripePayments, header: str) -> None:
    with pytest.raises(BadSignature):
        payments.verify_webhook(BODY.encode(), header, NOW)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"id": 1}',
        '{"id": "e", "type": "t", "created": 1, "data": {"object": []}}',
        "{",
        *NESTED,
        *(
            BODY.replace(f'"{word}"', f'"{harm}"')
            for word in ("evt_1", "pi_1", "payment_intent")
            for harm in HARM
        ),
    ],
)
def test_signed_nonsense_is_refused(payments: StripePayments, body: str) -> None:
    with pytest.raises(BadSignature):
        payments.verify_webhook(body.encode(), _signed(body), NOW)


def test_bytes_that_are_no_text_are_refused(payments: StripePayments) -> None:
    with pytest.raises(BadSignature):
        payments.verify_webhook(b"\xff\xfe", _signed(), NOW)


def test_another_secret_is_refused(payments: StripePayments) -> None:
    with pytest.raises(BadSignature):
        payments.verify_webhook(BODY.encode(), _signed(secret="whsec_other"), NOW)


def test_without_a_secret_nothing_passes() -> None:
    with StripePayments(api_key=TEST_KEY) as payments:
        assert not payments.accepts_webhooks
        with pytest.raises(BadSignature):
            payments.verify_webhook(BODY.encode(), _signed(secret=""), NOW)


def test_a_second_signature_may_be_the_valid_one(payments: StripePayments) -> None:
    stamp, good = _signed().split(",")
    assert payments.verify_webhook(BODY.encode(), f"{stamp},v1=old,{good}", NOW).id == "evt_1"
