"""The pages of interviews, as a mentor and a student use them, in both languages; and what the picture of a round counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interview_flow import InterviewState
from portal.internships.queries.flow import flow_of
from tests.support import interests as scenes
from tests.support import interviews as talks
from tests.support.academics import student
from tests.support.people import browser_of
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
NOW = talks.NOW


def reader_of(app: Flask, who: Person, language: str) -> Reader:
    with transaction():
        db.session.get_one(Person, who.id).language = language
    return Reader(browser_of(app, who))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_offering_times_to_an_agreed_one(app: Flask, language: str) -> None:
    with clock.frozen(NOW):
        here, (who, other) = talks.applied(2)
        mentor, reader = reader_of(app, here.admin, language), reader_of(app, who, language)
        place = f"/internships/rounds/{here.round_id}/companies/{here.company}"
        listed = mentor.get(f"{place}/interviews")
        offering = mentor.get(f"/internships/postings/{here.postings[0]}/slots")
        typed = {
            "day": "2026-06-25",
            "time": "14:00",
            "minutes": "45",
            "count": "2",
            "interviewer": "見本 一郎",
        }
        wrong = mentor.submit(offering.form("/slots"), status=422, **typed)
        assert len(wrong.errors) == 1
        wrong = mentor.submit(
            wrong.form("/slots"), status=422, **(typed | {"link": "javascript:alert(1)", "time": "25:00"})
        )
        assert len(wrong.errors) == 2
        offered = mentor.submit(
            wrong.form("/slots"), **(typed | {"link": "https://meet.example/a", "time": "14:00"})
        )
        assert offered.url == listed.url
        for person in (who, other):
            page = mentor.get(f"{place}/applicants/{person.id}")
            assert person.email not in page.source
            mentor.submit(page.form("/invite"), status=422, days="99")
            mentor.submit(page.form("/invite"))
        page = mentor.get(f"{place}/applicants/{who.id}")
        assert [form for form in page.forms if form.action.endswith("/invite")] == []
        one = reader.get(
            reader.get("/internships/interviews").link("医療画像" if language == "ja" else "Methods")
        )
        reader.submit(one.form("/agree"), status=422)
        reader.submit(one.form("/none-fits"), status=422)
        first = one.form("/agree").controls[-1]
        assert first is not None
        times = [box["value"] for box in one.main.all("input") if box["name"] == "slot_id"]
        assert len(times) == 2
        done = reader.submit(one.form("/agree"), slot_id=times[0])
        assert here.admin.email in done.text
        assert who.email in mentor.get(f"{place}/applicants/{who.id}").text
        taken = mentor.get(f"{place}/interviews")
        mentor.submit(taken.form(f"/slots/{times[0]}/cancel"))
        reader.submit(reader.get(one.url).form("/decline"))
    with clock.frozen(scenes.given.TIMES.locks_at):
        late = reader_of(app, who, language).get(one.url)
        assert [form for form in late.forms if "/interviews/" in form.action] == []


def test_the_company_changes_a_time_and_notes_what_became_of_it(app: Flask) -> None:
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        (slot,) = talks.offer(here, NOW + 24 * talks.HALF_HOUR)
        number = talks.invite(here, who)
        talks.agree(who, number, slot)
        mentor = reader_of(app, here.admin, "ja")
        editing = mentor.get(f"/internships/slots/{slot}/edit")
        mentor.submit(editing.form("/edit"), minutes="60", place="別館")
        mentor.submit(editing.form("/edit"), status=409, minutes="20")
        early = mentor.client.post(
            f"/internships/invitations/{number}/note", data=token_of(mentor) | {"outcome": "held"}
        )
        assert early.status_code == 409
    with clock.frozen(NOW + 40 * talks.HALF_HOUR):
        mentor = reader_of(app, here.admin, "ja")
        page = mentor.get(f"/internships/rounds/{here.round_id}/companies/{here.company}/interviews")
        mentor.submit(page.form("/note"), outcome="held")
        assert talks.state(number) is InterviewState.HELD
        rollback()
        assert {k: v for k, v in flow_of(here.round_id).items() if k != "pairs"} == {
            "interests": 1, "approved": 0, "invited": 1, "agreed": 1, "held": 1,
        }  # fmt: skip


def test_lists_ask_the_same_of_one_and_of_three(app: Flask) -> None:
    with clock.frozen(NOW):
        here, who = talks.scene(3), student()
        for posting in here.postings:
            scenes.show(who, posting)
        pages = (
            (here.admin, f"/internships/rounds/{here.round_id}/companies/{here.company}/interviews"),
            (here.admin, f"/internships/rounds/{here.round_id}/companies/{here.company}/applicants/{who.id}"),
            (who, "/internships/interviews"),
        )
        browsers = [(browser_of(app, person), address) for person, address in pages]
        counts = []
        for more in (here.postings[:1], here.postings[1:]):
            for n, posting in enumerate(more):
                talks.offer(here, NOW + (24 + posting * 4 + n) * talks.HALF_HOUR, posting=posting)
                talks.invite(here, who, posting=posting)
            found = []
            for browser, address in browsers:
                browser.get(address)
                rollback()
                with count_sql() as sql:
                    assert browser.get(address).status_code == 200
                found.append(len(sql))
            counts.append(found)
        assert counts[0] == counts[1]
        assert max(counts[0]) <= 8


def token_of(reader: Reader) -> dict[str, str]:
    """What a form of this browser sends along."""
    forms = reader.get("/internships").forms
    return {
        "csrf_token": next(form.values()["csrf_token"] for form in forms if "csrf_token" in form.values())
    }


def test_a_time_that_clashes_cannot_be_chosen(app: Flask) -> None:
    """It says why, and its button is idle."""
    with clock.frozen(NOW):
        here, (who,) = talks.applied(1)
        more = scenes.opened(here.office, here.admin, here.round_id)
        scenes.show(who, more)
        start = NOW + timedelta(days=2)
        (taken,) = talks.offer(here, start)
        talks.agree(who, talks.invite(here, who), taken)
        clashing, free = talks.offer(here, start, count=2, posting=more)
        number = talks.invite(here, who, posting=more)
        page = reader_of(app, who, "ja").get(f"/internships/interviews/{number}")
        idle = {box["value"]: "disabled" in box for box in page.main.all("input") if box["name"] == "slot_id"}
    assert idle == {str(clashing): True, str(free): False}
