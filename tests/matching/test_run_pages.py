"""The office's pages of runs, in both languages; no rank anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.core import clock
from portal.core.transaction import transaction
from tests.internships.test_posting_pages import reader_of
from tests.support import match_runs as runs
from tests.support.people import browser_of
from tests.support.sql import count_sql

pytestmark = pytest.mark.database


@pytest.fixture
def scene(june: None) -> Iterator[runs.Scene]:
    made = runs.locked_round()
    with runs.at_lock():
        yield made


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_the_first_run_to_its_page(scene: runs.Scene, language: str) -> None:
    office = reader_of(scene.office, language)
    runs_page = office.get(f"/staff/matching/rounds/{scene.round_id}/attempts")
    office.submit(runs_page.form("/attempts"), status=422, name="")
    begun = office.submit(runs_page.form("/attempts"), name="本番")
    number = int(begun.url.rstrip("?").rsplit("/", 1)[1])
    waiting = office.get(f"/staff/matching/attempts/{number}")
    assert "hx-get" in waiting.source
    runs.jobs()
    done = office.get(f"/staff/matching/attempts/{number}")
    assert "hx-get" not in done.source
    stored = runs.attempt(number)
    for content in (
        stored.market or "",
        stored.result or "",
    ):  # by either all lists of a small round could be tried
        assert hashlib.sha256(content.encode()).hexdigest() not in done.text
    assert stored.input_sha256 not in done.text  # nor does it tell whether a change has changed anything
    again = office.submit(runs_page.form("/attempts"), name="本番")  # the same page again: the same run
    assert again.url == begun.url


def test_a_run_that_is_done_while_watched_loads_its_whole_page(app: Flask, scene: runs.Scene) -> None:
    number, office = runs.start(scene), browser_of(app, scene.office)
    address, watching = f"/staff/matching/attempts/{number}", {"HX-Request": "true"}
    assert "HX-Refresh" not in office.get(address, headers=watching).headers
    runs.jobs()
    assert office.get(address, headers=watching).headers["HX-Refresh"] == "true"


def test_a_round_called_off_meanwhile_refuses_the_old_page(scene: runs.Scene) -> None:
    office = reader_of(scene.office)
    before = office.get(f"/staff/matching/rounds/{scene.round_id}/attempts")
    with transaction():
        scene.season.cancelled_at = clock.now()
    office.submit(before.form("/attempts"), status=409, name="x")
    shown = office.get(f"/staff/matching/rounds/{scene.round_id}/attempts")
    assert not [form for form in shown.forms if form.action.endswith("/attempts")]


def test_the_list_asks_the_same_of_one_run_and_of_four(app: Flask, scene: runs.Scene) -> None:
    office = browser_of(app, scene.office)
    asked = []
    for _ in range(2):
        runs.run(scene)
        with count_sql() as sql:
            office.get(f"/staff/matching/rounds/{scene.round_id}/attempts")
        asked.append(len(sql))
    assert asked[0] == asked[1] <= 8
