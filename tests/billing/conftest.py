"""An issuer, somebody of the secretariat, and a payment provider that answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.core.access import Actor
from portal.gateways.payments import StripePayments
from portal.gateways.stripe_standin import StandIn
from tests.billing.payer import Payer
from tests.support.billing import issuer
from tests.support.people import actor_of, staff

SECRET = "whsec_for_tests_alone"


@pytest.fixture(autouse=True)
def _issuer(request: pytest.FixtureRequest) -> None:
    if "app" in request.fixturenames:
        request.getfixturevalue("app")
        issuer()


@pytest.fixture
def who(app: Flask) -> Person:
    """Somebody of the secretariat who reads English."""
    return staff(Role.SECRETARIAT, language="en")


@pytest.fixture
def clerk(who: Person) -> Actor:
    """The same, as services know them."""
    return actor_of(who)


@pytest.fixture
def payer(app: Flask) -> Iterator[Payer]:
    """A provider behind the real gateway, and a hand that pays; webhooks wait until the test delivers them."""

    def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        with app.test_client() as browser:
            return browser.post("/billing/webhooks/stripe", data=body, headers=headers).status_code

    doors = app.extensions["renkei.gateways"]
    with StandIn(webhook_url="http://portal.example/", webhook_secret=SECRET, post=post) as stand_in:
        stand_in.webhooks(hold=True)
        with StripePayments(
            api_key="sk_test_stand_in", webhook_secret=SECRET, api_base=stand_in.url, retries=0
        ) as provider:
            before, doors["payments"] = doors["payments"], provider
            yield Payer(app, stand_in, provider)
            doors["payments"] = before
