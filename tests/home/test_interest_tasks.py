"""The homes say what waits around interest in postings: invitations, decisions, questions."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core import clock
from tests.internships.test_questions import asked, forward
from tests.support import interests as scenes
from tests.support import interviews as talks
from tests.support import renewals as members
from tests.support.academics import supervisor
from tests.support.internships import JUNE
from tests.support.people import browser_of
from tests.support.reader import Reader

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def june(app: Flask) -> None:
    """The house stands."""
    with clock.frozen(JUNE):
        members.house()


def test_each_side_reads_what_waits_for_it(app: Flask) -> None:
    with clock.frozen(talks.NOW):
        here, (who, alone) = talks.applied(2)
        guide = supervisor()
        scenes.guided(who, guide)
        talks.offer(here, talks.NOW + 48 * talks.HALF_HOUR)
        number = talks.invite(here, who)
        question = asked(alone, here.postings[0])
        office = Reader(browser_of(app, here.office)).get("/staff").text
        assert "質問・回答1件の取り次ぎ" in office
        assert "指導教員が未登録のため承認待ちの学生1名" in office
        assert "募集1件の承認" in Reader(browser_of(app, guide)).get("/home").text
        home = Reader(browser_of(app, who)).get("/home").text
        assert "面談の日時を選ぶ" in home
        forward(here.office, question)
        talks.none_fits(who, number, "水曜の午後")
        company = Reader(browser_of(app, here.admin)).get("/home").text
        assert "お手続きが必要な面談が1件あります" in company
        assert "インターンシップについての質問に回答する" in company
        assert "面談の日時を選ぶ" not in Reader(browser_of(app, who)).get("/home").text
