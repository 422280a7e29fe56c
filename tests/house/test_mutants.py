"""Gates that cannot fail guard nothing: each must find the hole that is planted here in a copy of the house."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Response
from sqlalchemy import update

from portal.accounts.models import Organisation
from portal.billing.queries.invoices import any_invoice
from portal.billing.routes import invoices as invoice_pages
from portal.core import access
from portal.core.db import db, write_intent
from tests.house.matrix import READING, Answer, Question, ask, questions
from tests.house.test_headers import faults
from tests.house.test_matrix import broken_promises
from tests.support.complaints import complaints
from tests.support.reader import Page
from tests.support.tables import changed, contents
from tests.support.world import Keeper, World

pytestmark = pytest.mark.sqlite


def question(world: World, endpoint: str, owner: str, method: str = "GET") -> Question:
    return next(q for q in questions(world) if (q.endpoint, q.owner, q.method) == (endpoint, owner, method))


def asked(
    world: World, keeper: Keeper, endpoint: str, owner: str, visitor: str, method: str = "GET"
) -> Answer:
    answer = ask(world, question(world, endpoint, owner, method), visitor)
    if method != READING:
        keeper.restore()
    return answer


@pytest.fixture
def replace(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, object], None]:
    """Put another view behind an endpoint, for this test."""

    def change(endpoint: str, view: object) -> None:
        monkeypatch.setitem(world.app.view_functions, endpoint, view)

    return change


def test_a_query_that_forgets_the_person(
    world: World, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert broken_promises(asked(world, keeper, "billing.show_invoice", "other", "billing"), world) == []
    monkeypatch.setattr(invoice_pages, "invoice_for", lambda person, number: any_invoice(number))
    broken = broken_promises(asked(world, keeper, "billing.show_invoice", "other", "billing"), world)
    assert broken[0] == "billing.show_invoice GET other as billing: 200 on the other company's thing"
    assert "shows" in broken[1]


def test_a_page_of_the_office_that_lets_everybody_in(
    world: World, keeper: Keeper, replace: Callable[..., None]
) -> None:
    replace("billing_staff.show_ledger", access.signed_in(lambda: "the books"))
    broken = broken_promises(asked(world, keeper, "billing_staff.show_ledger", "-", "participant"), world)
    assert broken == ["billing_staff.show_ledger GET - as participant: 200 on a page of the office"]


def test_a_page_that_forgets_to_ask_who_comes(
    world: World, keeper: Keeper, replace: Callable[..., None]
) -> None:
    replace("accounts.show_profile", lambda: "a profile")
    for visitor, words in (("anonymous", "200 for nobody"), ("must_enrol", "200 with half a sign-in")):
        broken = broken_promises(asked(world, keeper, "accounts.show_profile", "-", visitor), world)
        assert broken == [f"accounts.show_profile GET - as {visitor}: {words}"]


def test_a_name_of_the_other_company_in_passing(
    world: World, keeper: Keeper, replace: Callable[..., None]
) -> None:
    replace("home.show_faq", lambda: f"Ask {world.b.mark.word} how they do it")
    broken = broken_promises(asked(world, keeper, "home.show_faq", "-", "company_admin"), world)
    assert broken == [
        f"home.show_faq GET - as company_admin: shows ['{world.b.mark.word}'] of the other company"
    ]


def test_a_deed_without_a_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    protect = world.app.extensions["csrf"]
    path = "/account/sessions/end"
    assert world.browser("company_admin").post(path).status_code == 400
    monkeypatch.setattr(
        protect, "_exempt_views", {*protect._exempt_views, "portal.accounts.routes.security.end_all_sessions"}
    )
    before = contents()
    assert world.browser("company_admin").post(path).status_code == 302
    assert changed(before) != []


def test_a_page_that_writes_while_it_is_read(world: World, replace: Callable[..., None]) -> None:
    def count_visitors() -> str:
        with write_intent(True), db.engine.begin() as connection:
            connection.execute(update(Organisation).values(website="https://seen.example/"))
        return "seen"

    replace("home.show_faq", count_visitors)
    before = contents()
    world.browser("anonymous").get("/faq")
    assert changed(before) == ["organisations"]


def test_an_answer_without_its_headers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def soften(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
        del response.headers["X-Content-Type-Options"]
        return response

    later = world.app.after_request_funcs[None]
    monkeypatch.setitem(world.app.after_request_funcs, None, [soften, *later])
    found = " ".join(faults("/faq", world.browser("anonymous").get("/faq")))
    assert "nosniff" in found or "X-Content-Type-Options" in found
    assert "unsafe-inline" in found


def test_a_page_left_in_english(world: World, replace: Callable[..., None]) -> None:
    usual = world.browser("anonymous", "ja").get("/faq").get_data(as_text=True)
    page = Page(
        "/faq",
        200,
        usual.replace("<h1>", "<h1>Sign in</h1><h1 style='x'>", 1),
        world.browser("anonymous").get("/faq"),
    )
    found = complaints(page)
    assert "not translated: 'Sign in'" in found
    assert any(words.startswith("h1: ") for words in found)
    assert any(words.startswith("<h1 style>") for words in found)
