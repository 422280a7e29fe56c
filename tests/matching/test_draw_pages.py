"""The draw binds from before lists are made, and whoever was drawn can check their number with what their page says."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.matching.drawing import drawn_of
from portal.matching.models import MatchAttempt
from portal.matching.services.choosing import choose_attempt
from portal.matching.services.markets import market_of
from portal.matching.services.reminding import remind_rankers
from portal.notifications.models import Message
from tests.internships.test_posting_pages import reader_of
from tests.support import interests as shown
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support import matching as told
from tests.support.academics import supervisor

pytestmark = pytest.mark.database


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_fingerprint_is_read_by_everybody_while_lists_are_made(june: None, language: str) -> None:
    scene = told.scene()
    who, guide = scene.applicant(), supervisor(scene.place)
    shown.guided(who, guide)
    season, company = scene.round_id, scene.company
    with clock.frozen(told.RANKING):
        print_ = runs.round_of(season).commitment
        for reader, urls in (
            (who, ("/matching/rounds", f"/matching/rounds/{season}/list", f"/internships/browse/{scene.posting}")),
            (
                scene.admin,
                ("/matching/rounds", f"/matching/rounds/{season}/companies/{company}/ranking", f"/internships/rounds/{season}/companies/{company}"),
            ),
            (guide, ("/internships/supervision",)),
        ):  # fmt: skip
            eyes = reader_of(reader, language)
            assert [url for url in urls if print_ not in eyes.get(url).text] == []


def test_the_reminder_holds_the_fingerprint(june: None) -> None:
    scene = told.scene()
    scene.applicant()
    with clock.frozen(given.TIMES.locks_at - given.DAY / 2):
        remind_rankers()
    rollback()
    mails = db.session.scalars(select(Message).where(Message.event.startswith("matching/rank_"))).all()
    assert len(mails) == 2
    assert all(runs.round_of(scene.round_id).commitment in mail.text for mail in mails)


def test_whoever_was_drawn_finds_their_number_with_what_the_page_says(june: None) -> None:
    scene = runs.locked_round()
    with runs.at_lock():
        number = runs.run(scene)
        with transaction():
            choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=scene.by)
    who, host = scene.students[0], scene.admins[0]
    company = given.company_of(host)
    with clock.frozen(runs.OUT):
        runs.jobs()
        season = scene.season
        secret = bytes.fromhex(season.secret)
        assert hashlib.sha256(secret).hexdigest() == season.commitment
        for reader, own, url in (
            (who, f"s{who.id}", f"/matching/rounds/{season.id}/result"),
            (host, f"c{company}", f"/matching/rounds/{season.id}/companies/{company}/result"),
        ):
            page = reader_of(reader).get(url)
            said = hmac.new(secret, f"round-{scene.round_id}{own}".encode(), "sha256").hexdigest()
            assert all(word in page.text for word in (said, own, f"round-{scene.round_id}", secret.hex()))


def test_pages_and_market_speak_of_one_draw(june: None) -> None:
    scene = runs.locked_round()
    with transaction():
        season = scene.season
        assert market_of(season)["lottery"] == {
            "round": drawn_of(season, "s1").round,
            "secret": season.secret,
        }
