"""Nothing is done for a page of somebody else's: without our token every deed is refused, and nothing has happened."""

from __future__ import annotations

import pytest

from tests.house.matrix import READING, Question, questions
from tests.support.tables import changed, contents
from tests.support.world import World

# Called by machines, which prove themselves otherwise: by a signature over the body.
SIGNED = {"billing.receive_stripe_event"}
FORGED = [
    {},
    {"csrf_token": ""},
    {"csrf_token": "a token that every visitor of the tests carries"},  # the secret itself, not signed
    {"csrf_token": "IjEyMyI.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"},
]


def deeds(world: World) -> list[Question]:
    return [
        q
        for q in questions(world)
        if q.method != READING and q.owner in ("own", "-") and q.endpoint not in SIGNED
    ]


@pytest.mark.parametrize("visitor", ["anonymous", "company_admin", "administrator", "half_signed_in"])
def test_no_deed_without_our_token(world: World, visitor: str) -> None:
    before, done = contents(), {}
    for question in deeds(world):
        for data in FORGED:
            browser, url = world.browser(visitor), question.url(world, visitor)
            status = browser.open(url, method=question.method, data=data).status_code
            if status != 400:
                done[str(question)] = status
    assert (done, changed(before)) == ({}, [])
    assert len(deeds(world)) > 20


def test_the_token_of_another_browser_is_none(world: World) -> None:
    """The token belongs to a cookie: without that cookie it opens nothing."""
    wrong = {}
    for question in deeds(world):
        browser = world.app.test_client()
        answer = browser.open(
            question.url(world, "company_admin"), method=question.method, data=world.token("company_admin")
        )
        if answer.status_code != 400:
            wrong[str(question)] = answer.status_code
    assert wrong == {}


def test_the_token_is_asked_for_in_json_too(world: World) -> None:
    wrong = {}
    for question in deeds(world):
        answer = world.browser("company_admin").open(
            question.url(world, "company_admin"), method=question.method, json={"name": "x"}
        )
        if answer.status_code != 400:
            wrong[str(question)] = answer.status_code
    assert wrong == {}


def test_only_signed_deeds_are_excused(world: World) -> None:
    protect = world.app.extensions["csrf"]
    excused = {name.rpartition(".")[2] for name in protect._exempt_views}
    assert excused == {name.rpartition(".")[2] for name in SIGNED}
    assert protect._exempt_blueprints == set()
