"""Every answer of every address carries the headers that keep it safe: pages, files, redirects, errors."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.settings import Mode, Settings
from portal.wiring import create_app
from tests.house.matrix import READING, questions
from tests.support.databases import Database
from tests.support.headers import faults, policy_of
from tests.support.world import World

ODD = [
    "/static/css/renkei.css",
    "/static/none.css",
    "/static/../portal/settings.py",
    "/nowhere",
    "/%00",
    "/people/",
    "//people",
]


@pytest.mark.parametrize("visitor", ["anonymous", "company_admin", "secretariat", "half_signed_in"])
def test_odd_addresses_carry_them(world: World, visitor: str) -> None:
    """Those of the portal's own are looked at where the matrix asks for them."""
    found = []
    for path in ODD:
        with world.browser(visitor).get(path) as answer:
            found += faults(path, answer)
    assert found == []


def test_every_refused_method_carries_them(world: World) -> None:
    asked = [q for q in questions(world) if q.method != READING and q.owner != "mixed"]
    found = []
    for question in asked:
        path = question.url(world, "company_admin")
        found += faults(path, world.browser("company_admin").open(path, method="DELETE"))
    assert found == []


def test_files_may_be_kept_only_under_a_name_that_changes(world: World) -> None:
    assert _kept(world, "/static/css/renkei.css") == "no-cache"
    assert _kept(world, "/static/css/renkei.css?v=1") == "public, max-age=31536000, immutable"
    assert "immutable" not in _kept(world, "/static/none.css?v=1")


def _kept(world: World, path: str) -> str:
    with world.browser("anonymous").get(path) as answer:
        return answer.headers["Cache-Control"]


def test_downloads_are_never_shown_in_the_page(world: World) -> None:
    """What people brought is handed over as a file, of the type that we found."""
    shown = []
    for question in questions(world):
        if question.method != READING or question.owner not in ("own", "-"):
            continue
        answer = world.browser("company_admin").get(question.url(world, "company_admin"))
        html = answer.mimetype in ("text/html", "application/json", "text/plain", "")
        if answer.status_code == 200 and not html:
            wanted = answer.headers.get("Content-Disposition", "").startswith("attachment")
            shown += [] if wanted else [str(question)]
    assert shown == []


@pytest.fixture(scope="module")
def in_production(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(
        Settings(
            mode=Mode.PRODUCTION,
            database_url=database.url,
            secret_key="a key as long as production asks for it",
            public_url="https://portal.consortium.example",
            queue_path=str(tmp_path_factory.mktemp("queue") / "queue.db"),
            log_level="ERROR",
        )
    )


def test_production_speaks_https_alone(in_production: Flask, world: World) -> None:
    answer = in_production.test_client().get("/sign-in", base_url="https://portal.consortium.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "upgrade-insecure-requests" in policy_of(answer)


def test_the_cookie_of_production_belongs_to_this_host_alone(in_production: Flask, world: World) -> None:
    answer = in_production.test_client().get("/sign-in", base_url="https://portal.consortium.example")
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    name, *rest = [part.strip() for part in cookies[0].split(";")]
    assert name.startswith("__Host-")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(rest)
    assert not any(part.startswith("Domain") for part in rest)


def test_production_has_no_demonstration(in_production: Flask, world: World) -> None:
    paths = [
        rule.rule
        for rule in in_production.url_map.iter_rules()
        if "/demo/" in rule.rule and "<" not in rule.rule
    ]
    browser = in_production.test_client()
    assert {browser.get(path).status_code for path in paths} | {404, 405} == {404, 405}
    assert len(paths) >= 1


def test_production_does_not_start_on_a_short_key(database: Database) -> None:
    with pytest.raises(RuntimeError, match="SECRET_KEY"):
        create_app(Settings(mode=Mode.PRODUCTION, database_url=database.url, secret_key="short"))
