"""Nothing typed into a posting is lost: its page saves by itself, says what a sending needs, and takes places back."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.core.transaction import transaction
from portal.domain.internships.posting_rules import NEEDED
from portal.internships.queries.rounds import places_of
from tests.support import internships as given
from tests.support.people import browser_of
from tests.support.reader import Reader

pytestmark = pytest.mark.database


def test_the_page_saves_by_itself(app: Flask) -> None:
    admin = given.host()
    number = given.write(admin, given.plan(given.officer()))
    browser = browser_of(app, admin)
    reader, place = Reader(browser), f"/internships/postings/{number}"
    page, elsewhere = reader.get(f"{place}/edit"), reader.get(f"{place}/edit")
    form = page.form("/edit")
    assert form.element["data-autosave"] == f"{place}/draft"
    values = form.values().to_dict()
    kept = browser.post(f"{place}/draft", data=values | {"title": "途中の題名", "duties": "まだ半分"})
    assert kept.status_code == 200
    assert given.now(number).title == "途中の題名"
    again = browser.post(f"{place}/draft", data=values | {"title": "次", "version": kept.json["version"]})
    assert again.status_code == 200
    late = browser.post(f"{place}/draft", data=elsewhere.form("/edit").values().to_dict())
    assert late.status_code == 409
    wrong = browser.post(f"{place}/draft", data=values | {"weeks": "99", "version": again.json["version"]})
    assert (wrong.status_code, wrong.json["field"]) == (422, "weeks")
    assert given.now(number).title == "次"


def test_what_sending_needs_is_marked(app: Flask) -> None:
    admin = given.host()
    number = given.write(admin, given.plan(given.officer()), title="")
    page = Reader(browser_of(app, admin)).get(f"/internships/postings/{number}/edit")
    assert page.source.count("提出時に必須") == len(NEEDED)
    assert "任意" not in page.main.text
    assert "最少催行人数" not in page.text


def test_a_company_can_go_back_to_as_many_as_its_postings_offer(app: Flask) -> None:
    admin, office = given.host(), given.officer()
    round_id, company = given.plan(office), given.company_of(admin)
    number = given.write(admin, round_id, places=1)
    given.submit(admin, number)
    given.publish(office, number)
    reader, place = Reader(browser_of(app, admin)), f"/internships/rounds/{round_id}/companies/{company}"
    page = reader.submit(reader.get(place).form("/places"), total="9")
    assert "合計1名" in page.text
    assert "これを超える人数" in page.text
    with transaction():
        host = places_of(round_id, company)
        assert host is not None
        assert host.places == 9
    reader.submit(page.form("/places"), total="")
    with transaction():
        assert places_of(round_id, company) is None
