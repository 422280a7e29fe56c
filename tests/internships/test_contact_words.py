"""Addresses open when both sides go to interview: until then no words that pass between them hold a way to reach anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.errors import Refused
from portal.domain.internships.posting_flow import PostingState
from portal.internships.services.questions import ask_company
from portal.internships.services.writing import Incomplete
from tests.support import interests as scenes
from tests.support import internships as given
from tests.support import interviews as talks
from tests.support.academics import student
from tests.support.people import browser_of
from tests.support.reader import Reader

REACH = ("連絡は taro@example.com へ", "お電話は ０９０－１２３４－５６７８ まで")


@pytest.mark.parametrize("words", REACH)
def test_words_of_an_interest(app: Flask, words: str) -> None:
    with clock.frozen(scenes.OPEN):
        here, who = scenes.scene(), student()
        reader = Reader(browser_of(app, who))
        page = reader.get(f"/internships/browse/{here.postings[0]}")
        refused = reader.submit(page.form("/interest"), status=422, words=words)
        assert any("面談" in each for each in refused.errors)
        scenes.show(who, here.postings[0])
        with pytest.raises(Refused) as other_words:
            scenes.show(who, here.postings[0], words)
        assert other_words.value.field == "words"


@pytest.mark.parametrize("words", REACH)
def test_a_question_and_what_is_said_when_no_time_fits(app: Flask, words: str) -> None:
    with clock.frozen(talks.NOW):
        here, (who,) = talks.applied(1)
        with given.acting(who) as by, pytest.raises(Refused):
            ask_company(posting=given.loaded(here.postings[0]), words=words, is_named=False, once="q", by=by)
        talks.offer(here, talks.NOW + timedelta(days=2))
        number = talks.invite(here, who)
        with pytest.raises(Refused) as unfit:
            talks.none_fits(who, number, words)
        assert unfit.value.field == "words"


@pytest.mark.parametrize("field", ["mentor", "duties", "expenses", "data_used"])
def test_a_posting_is_not_sent_in_with_an_address(app: Flask, field: str) -> None:
    """A draft may hold anything; what students will read may not."""
    office, admin = given.officer(), given.host()
    number = given.write(admin, given.plan(office), **{field: "研究部 見本 mentor@demo.example 03-1111-2222"})
    with pytest.raises(Incomplete) as refused:
        given.submit(admin, number)
    assert list(refused.value.messages) == [field]
    assert "mentor@demo.example" in refused.value.messages[field]
    assert given.now(number).state is PostingState.DRAFT


def test_everything_that_is_wrong_with_a_time_is_said_at_once(app: Flask) -> None:
    """The past day, no place and no link, and an interviewer with a telephone."""
    with clock.frozen(talks.NOW):
        here = talks.scene()
        reader = Reader(browser_of(app, here.admin))
        page = reader.get(f"/internships/postings/{here.postings[0]}/slots")
        typed = {"day": "2026-06-01", "time": "17:00", "minutes": "30", "interviewer": "見本 03-1111-2222"}
        refused = reader.submit(page.form("/slots"), status=422, **typed)
        assert len(refused.errors) == 3
        with pytest.raises(Incomplete) as found:
            talks.offer(here, talks.NOW - timedelta(days=1), interviewer="見本 taro@example.com", place="")
        assert set(found.value.messages) == {"interviewer", "place", "day"}
