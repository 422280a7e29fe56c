"""The form of a round: faults in the order of the page, each with its moment; a time may be typed wide."""

from __future__ import annotations

import pytest

from portal.core.db import db
from portal.internships.models import InternshipRound
from tests.internships.test_posting_pages import reader_of
from tests.support import internships as given

pytestmark = pytest.mark.database
NEW = "/staff/internships/rounds/new"
MOMENTS = ("opens", "interviews", "ranking", "locks", "publishes", "ends")


def test_faults_stand_in_the_order_of_the_page_and_name_their_moment(june: None) -> None:
    office = reader_of(given.officer())
    page = office.submit(
        office.get(NEW).form("/new"), status=422, opens_time="25:00", locks_time="x", name_ja=""
    )
    summary = next(each for each in page.root.walk() if "error-summary" in (each["class"] or ""))
    links = [link["href"] for link in summary.all("a")]
    assert links.index("#name_ja") < links.index("#opens_on") < links.index("#locks_time")
    said = [link.text for link in summary.all("a") if link["href"] in ("#opens_time", "#locks_time")]
    assert len(set(said)) == 2


def test_a_wide_time_is_a_time(june: None) -> None:
    office = reader_of(given.officer())
    days = {f"{each}_on": f"2026-07-{n + 1:02d}" for n, each in enumerate(MOMENTS)}
    said = {
        "name_ja": "夏季",
        "name_en": "Summer",
        "fiscal_year": "2026",
        "longest_list": "5",
        "opens_time": "０９：３０",
    }
    office.submit(office.get(NEW).form("/new"), **days, **said)
    assert db.session.query(InternshipRound).filter_by(name_en="Summer").one().opens_at.minute == 30
