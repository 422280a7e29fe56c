"""The gateways under test, with their stand-ins."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from portal.gateways.stripe_standin import StandIn
from tests.gateways.rig import SECRET, TEST_KEY, Rig, open_rig


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A fresh stand-in that keeps its state in memory."""
    with StandIn(webhook_secret=SECRET) as running:
        yield running


@pytest.fixture
def stand_in_rig(stand_in: StandIn) -> Iterator[Rig]:
    """The real gateway pointed at the stand-in."""
    yield from open_rig(TEST_KEY, stand_in.url)


@pytest.fixture(params=["stand-in", "stripe test mode"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """The same tests for both; the provider's own test mode needs a key and a network."""
    if request.param == "stand-in":
        yield request.getfixturevalue("stand_in_rig")
        return
    key = os.environ.get("STRIPE_TEST_SECRET_KEY", "")
    if not key.startswith("sk_test_"):
        pytest.skip("STRIPE_TEST_SECRET_KEY is not set to a test key")
    yield from open_rig(key, "")
