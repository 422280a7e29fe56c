"""A placement arranged before the match waits on the home of whoever has not given their word, and of nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock, formats
from portal.matching.enums import Side
from tests.matching.test_prearranging import propose, speak
from tests.support import matching as told
from tests.support import renewals as members
from tests.support.academics import supervisor
from tests.support.interests import guided
from tests.support.internships import JUNE
from tests.support.people import browser_of
from tests.support.reader import Reader

pytestmark = pytest.mark.database
WORDS = "事前の受入への回答"


def test_it_waits_for_each_word_until_it_is_given_and_no_longer_than_the_lists_are_open(app: Flask) -> None:
    with clock.frozen(JUNE - timedelta(hours=1)):
        members.house()
        scene = told.scene()
    with clock.frozen(told.RANKING):
        who, guide = scene.student(), supervisor()
        guided(who, guide)
        pair = propose(scene, who, Side.OFFICE, scene.office)
        readers = {Side.STUDENT: who, Side.COMPANY: scene.admin, Side.SUPERVISOR: guide}
        until = formats._day(clock.day_of(told.season(scene.round_id).locks_at), "ja")
        homes = {side: Reader(browser_of(app, reader)) for side, reader in readers.items()}
        for side, home in homes.items():
            shown = home.get("/home")
            assert shown.link("確認して回答する") == f"/matching/prearrangements/{pair}"
            assert until in shown.text, side
            speak(pair, side, scene)
            assert WORDS not in home.get("/home").text
        late = scene.student()
        propose(scene, late, Side.OFFICE, scene.office)
    with clock.frozen(told.season(scene.round_id).locks_at):
        assert WORDS not in Reader(browser_of(app, late)).get("/home").text
        assert WORDS not in homes[Side.COMPANY].get("/home").text
