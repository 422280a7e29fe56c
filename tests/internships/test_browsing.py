"""Students look through what is open: nothing that is not published, nothing of a round that is over, in a few statements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.internships.timetable import Timetable
from portal.internships.enums import PayUnit, RemoteWork, WorkingLanguage
from portal.internships.services.interests import show_interest
from tests.support import internships as given
from tests.support.academics import student, supervisor
from tests.support.people import browser_of, person
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
PLACE = "/internships/browse"


def opened(round_id: int, admin: Person, office: Person, **values: object) -> int:
    number = given.write(admin, round_id, **values)
    given.submit(admin, number)
    given.publish(office, number)
    return number


def titles(page: Page) -> list[str]:
    return [a.text for a in page.main.all("a") if a["href"].startswith(PLACE + "/")]


def in_english(who: Person) -> Person:
    with transaction():
        db.session.get_one(Person, who.id).language = "en"
    return who


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_student_reads_what_is_published_and_nothing_else(app: Flask, language: str) -> None:
    office, admin = given.officer(), given.host()
    round_id = given.plan(office)
    seen, drafted, sent = (
        opened(round_id, admin, office),
        given.write(admin, round_id),
        given.write(admin, round_id),
    )
    given.submit(admin, sent)
    who = student()
    reader = Reader(browser_of(app, in_english(who) if language == "en" else who))
    with clock.frozen(given.TIMES.opens_at):
        home = reader.get("/home")
        page = reader.get(home.link("募集を見る" if language == "ja" else "See the postings"))
        title = given.SAID["title" if language == "ja" else "title_en"]
        assert titles(page) == [title]
        offer = reader.get(page.link(title))
        assert given.SAID["duties"] in offer.text
        assert offer.url.rstrip("?") == f"{PLACE}/{seen}"
        for hidden in (drafted, sent):
            assert reader.client.get(f"{PLACE}/{hidden}").status_code == 404


def test_before_the_round_opens_and_after_it_ends_there_is_nothing(app: Flask) -> None:
    office, admin = given.officer(), given.host()
    number = opened(given.plan(office), admin, office)
    reader = Reader(browser_of(app, student()))
    assert titles(reader.get(PLACE)) == []
    assert reader.client.get(f"{PLACE}/{number}").status_code == 404
    with clock.frozen(given.TIMES.locks_at):
        page = Reader(browser_of(app, student())).get(f"{PLACE}/{number}")
        assert "締め切られました" in page.text


def test_conditions_narrow(app: Flask) -> None:
    office, admin = given.officer(), given.host()
    round_id = given.plan(office)
    opened(round_id, admin, office, title="東京の画像", prefecture="13", area="IMAGING")
    opened(
        round_id, admin, office, title="大阪の創薬", prefecture="27", area="DRUG", remote=RemoteWork.REMOTE,
        language=WorkingLanguage.JAPANESE, pay_unit=PayUnit.UNPAID, pay_yen=None, skills="100%の熱意",
    )  # fmt: skip
    with clock.frozen(given.TIMES.opens_at):
        reader = Reader(browser_of(app, student()))

        def found(query: str) -> list[str]:
            return titles(reader.get(f"{PLACE}?{query}"))

        assert found("") == ["大阪の創薬", "東京の画像"]
        assert found("prefecture=27") == found("area=DRUG") == found("remote=remote") == ["大阪の創薬"]
        assert (
            found("language=en") == found("pay=paid") == found("pay=hour&least_yen=1,800") == ["東京の画像"]
        )
        assert found("pay=unpaid") == ["大阪の創薬"]
        assert found("pay=hour&least_yen=1801") == []
        assert reader.get(f"{PLACE}?pay=paid&least_yen=1000", status=422).errors
        assert found("language=ja") == ["大阪の創薬", "東京の画像"]
        assert found("q=100%25") == ["大阪の創薬"]
        assert found("q=%25") == ["大阪の創薬"]
        assert found("q=_") == []
        assert found("pay=") == ["大阪の創薬", "東京の画像"]
        assert len(reader.get(f"{PLACE}?area=nonsense&hub=x", status=422).errors) == 2


def test_the_days_and_the_data_narrow(app: Flask) -> None:
    """The whole stay has to fit into both sides' days, the first and the last included."""
    office, admin = given.officer(), given.host()
    round_id = given.plan(office)
    opened(
        round_id,
        admin,
        office,
        title="短期",
        weeks=8,
        starts_from=date(2026, 9, 1),
        ends_by=date(2026, 12, 25),
    )
    opened(
        round_id, admin, office, title="長期", weeks=12, starts_from=date(2026, 10, 1), ends_by=date(2027, 1, 31),
        data_agreements=["transfer", "ethics"], data_used="匿名化した画像",
    )  # fmt: skip
    with clock.frozen(given.TIMES.opens_at):
        reader = Reader(browser_of(app, student()))

        def found(query: str) -> list[str]:
            return titles(reader.get(f"{PLACE}?{query}"))

        assert found("free_from=2026-10-31") == [
            "長期",
            "短期",
        ]  # eight weeks to 25 December, the last day included
        assert found("free_from=2026-11-01") == ["長期"]
        assert found("free_until=2026-12-23") == ["長期", "短期"]  # twelve weeks from 1 October
        assert found("free_until=2026-12-22") == ["短期"]
        assert found("free_from=2026-10-01&free_until=2026-12-23") == ["長期", "短期"]
        assert found("free_from=2026-10-02&free_until=2026-12-23") == ["短期"]
        assert found("most_weeks=11") == found("data=none") == ["短期"]
        assert found("data=transfer") == found("data=ethics") == ["長期"]
        assert found("data=samples") == []
        assert reader.get(f"{PLACE}?free_from=2026-10-02&free_until=2026-10-01", status=422).errors


def test_only_rounds_in_which_interest_is_possible_stand_there_unasked(app: Flask) -> None:
    """Each row says its round, and what the reader has said of it; older rounds are read when they are asked for."""
    office, admin, who = given.officer(), given.host(), student()
    later = Timetable(*(at + timedelta(days=30) for at in given.TIMES.moments.values()))
    old, new = given.plan(office, name_ja="春の回"), given.plan(office, times=later, name_ja="秋の回")
    opened(old, admin, office, title="春の募集", starts_from=date(2026, 10, 1))
    wanted = opened(new, admin, office, title="秋の募集", starts_from=date(2026, 10, 1))
    opened(new, admin, office, title="空きのない募集", starts_from=date(2026, 10, 1), places=0)
    with clock.frozen(later.opens_at), given.acting(who) as by:
        show_interest(posting=given.loaded(wanted), words="", by=by)
    with clock.frozen(given.TIMES.locks_at):
        reader = Reader(browser_of(app, who))
        page = reader.get(PLACE)
        assert titles(page) == ["空きのない募集", "秋の募集"]
        rows = {row.all("a")[0].text: row.text for body in page.main.all("tbody") for row in body.all("tr")}
        assert "関心表明済み" in rows["秋の募集"]
        assert "秋の回" in rows["秋の募集"]
        assert "関心表明済み" not in rows["空きのない募集"]
        assert "受入枠なし" in rows["空きのない募集"]
        assert titles(reader.get(f"{PLACE}?round={old}")) == ["春の募集"]
        assert len(titles(reader.get(f"{PLACE}?round=all"))) == 3
    with clock.frozen(later.locks_at):
        page = Reader(browser_of(app, who)).get(PLACE)
        assert titles(page) == []
        assert "関心を表明できる募集期は現在ありません" in page.text


def test_the_list_asks_the_same_of_one_and_of_three(app: Flask) -> None:
    office, admin = given.officer(), given.host()
    round_id = given.plan(office)
    opened(round_id, admin, office)
    with clock.frozen(given.TIMES.opens_at):
        browser = browser_of(app, student())
        counts = []
        for more in (0, 2):
            for _ in range(more):
                opened(round_id, admin, office)
            browser.get(PLACE)
            rollback()
            with count_sql() as sql:
                assert browser.get(PLACE).status_code == 200
            counts.append(len(sql))
    assert counts[0] == counts[1] <= 6


def test_only_students_read_the_postings(app: Flask) -> None:
    for who in (given.host(), given.officer(), supervisor(), person()):
        assert browser_of(app, who).get(PLACE).status_code == 403
