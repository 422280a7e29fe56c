"""Passkeys, against a device in software."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Person
from tests.accounts.authenticator import Device
from tests.accounts.conftest import Visitor, with_password
from tests.support.people import browser_of, staff

pytestmark = pytest.mark.database
Visit = Callable[..., Visitor]


def say(visitor: Visitor, url: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    """What the script does: JSON and the token from the page's head."""
    page = visitor.get("/sign-in")
    token = next(e["content"] for e in page.root.all("meta") if e["name"] == "csrf-token")
    answer = visitor.client.post(url, json=body, headers={"X-CSRFToken": token})
    return answer.status_code, answer.get_json(silent=True) or {}


def register(visitor: Visitor, device: Device) -> tuple[int, dict[str, Any]]:
    _, options = say(visitor, "/account/passkeys/begin")
    return say(visitor, "/account/passkeys", device.create(options))


@pytest.fixture
def device(app: Flask, hanako: Person) -> Device:
    """A device that is registered for Hanako."""
    made = Device()
    assert register(Visitor(browser_of(app, hanako)), made)[0] == 200
    return made


def test_a_passkey_signs_in_alone(visitor: Visitor, hanako: Person, device: Device) -> None:
    _, options = say(visitor, "/sign-in/passkey/begin")
    assert say(visitor, "/sign-in/passkey?next=/account/profile", device.get(options)) == (
        200,
        {"next": "/account/profile"},
    )
    assert visitor.get("/account/security").url == "/account/security"


def test_the_same_answer_works_once_of_ten(visit: Visit, device: Device) -> None:
    _, options = say(visit(), "/sign-in/passkey/begin")
    answer = device.get(options)
    assert [say(visit(), "/sign-in/passkey", answer)[0] for _ in range(10)] == [200] + [422] * 9


def test_a_passkey_that_asks_for_no_finger_is_a_second_factor_only(
    app: Flask, visit: Visit, hanako: Person
) -> None:
    bare = Device(verifies=False)
    register(Visitor(browser_of(app, hanako)), bare)
    visitor = visit()
    _, options = say(visitor, "/sign-in/passkey/begin")
    assert say(visitor, "/sign-in/passkey", bare.get(options))[0] == 422
    assert visitor.sign_in("hanako@aoba.example").url.startswith("/sign-in/second-factor")
    page = visitor.get("/sign-in/second-factor")
    token = next(e["content"] for e in page.root.all("meta") if e["name"] == "csrf-token")
    options = visitor.client.post(
        "/sign-in/second-factor/passkey/begin", headers={"X-CSRFToken": token}
    ).get_json()
    answer = visitor.client.post(
        "/sign-in/second-factor/passkey?next=/account/profile",
        json=bare.get(options),
        headers={"X-CSRFToken": token},
    )
    assert answer.get_json() == {"next": "/account/profile"}
    assert visitor.get("/account/profile").url == "/account/profile"


def test_an_answer_from_another_site_is_refused(visitor: Visitor, device: Device) -> None:
    _, options = say(visitor, "/sign-in/passkey/begin")
    device.origin = "http://localhost.evil.example"
    assert say(visitor, "/sign-in/passkey", device.get(options))[0] == 422


def test_another_device_with_the_same_name_is_refused(visitor: Visitor, device: Device) -> None:
    _, options = say(visitor, "/sign-in/passkey/begin")
    forged = Device()
    forged.id, forged.count = device.id, 7
    assert say(visitor, "/sign-in/passkey", forged.get(options))[0] == 422


def test_a_challenge_for_adding_does_not_sign_in(
    app: Flask, visit: Visit, hanako: Person, device: Device
) -> None:
    _, options = say(Visitor(browser_of(app, hanako)), "/account/passkeys/begin")
    assert say(visit(), "/sign-in/passkey", device.get(options))[0] == 422


def test_a_passkey_belongs_to_one_person(app: Flask, device: Device) -> None:
    from tests.support.people import person

    assert register(Visitor(browser_of(app, person())), device)[0] == 422


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "x",
        {},
        {"response": 7},
        {"response": {"clientDataJSON": "e30"}},
        {"id": "\x00", "response": {"clientDataJSON": []}},
    ],
)
def test_nonsense_is_refused_in_words(visitor: Visitor, device: Device, body: Any) -> None:
    status, said = say(visitor, "/sign-in/passkey", body)
    assert (status, list(said)) == (422, ["message"])


def test_without_the_page_s_token_nothing_is_heard(app: Flask, hanako: Person) -> None:
    assert browser_of(app, hanako).post("/account/passkeys/begin").status_code == 400


def test_the_office_may_set_up_a_passkey_first(visitor: Visitor, app: Flask) -> None:
    with_password(staff(Role.SECRETARIAT, email="clerk@office.example"))
    visitor.sign_in("clerk@office.example")
    page = visitor.get("/account/security")
    token = next(e["content"] for e in page.root.all("meta") if e["name"] == "csrf-token")
    options = visitor.client.post("/account/passkeys/begin", headers={"X-CSRFToken": token}).get_json()
    assert (
        visitor.client.post(
            "/account/passkeys", json=Device().create(options), headers={"X-CSRFToken": token}
        ).status_code
        == 200
    )
    assert visitor.get("/staff/organisations").url == "/staff/organisations"


def test_a_passkey_is_removed_by_its_owner_alone(app: Flask, hanako: Person, device: Device) -> None:
    own = Visitor(browser_of(app, hanako))
    page = own.get("/account/security")
    form = page.form("/remove")
    thief = Visitor(browser_of(app, with_password(staff(Role.ADMINISTRATOR))))
    token = next(
        e["content"] for e in thief.get("/account/security").root.all("meta") if e["name"] == "csrf-token"
    )
    assert thief.client.post(form.action, data={"csrf_token": token}).status_code in (404, 422)
    own.submit(form)
    assert "/remove" not in own.get("/account/security").source
