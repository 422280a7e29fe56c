"""Money against its plan and the stages of a campaign, as the pictures of the books say them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.core import clock
from portal.domain.deferral import Month
from portal.domain.terms import FiscalYear
from portal.membership import pictures
from portal.membership.pictures import PlanMonth
from portal.membership.queries.expected import expected_by_month
from tests.support import renewals as season
from tests.support.people import browser_of, staff
from tests.support.sql import count_sql

MARCH, NEXT = Month(2027, 3), FiscalYear(2026)


@pytest.fixture(autouse=True)
def day_of_offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house()
        yield


@pytest.mark.database
def test_renewals_are_expected_until_they_are_answered() -> None:
    first, second = season.member("A"), season.member("A")
    season.begin()
    with count_sql() as sql:
        due = expected_by_month(NEXT)
    assert len(sql) == 1, str(sql)
    season.look(season.OFFERS)
    price = (season.renewal_of(first).price, season.renewal_of(second).price)
    assert all(price)
    totals = [each["total_yen"] for each in price if each]
    assert due == expected_by_month(NEXT) == {MARCH: sum(totals)}
    season.renew(first)
    assert expected_by_month(NEXT) == {MARCH: totals[1]}
    assert expected_by_month(FiscalYear(2027)) == {}


def test_the_page_tells_how_far_the_renewals_are(app: Flask) -> None:
    first, _second = season.member("A"), season.member("A")
    season.begin()
    season.look(season.OFFERS)
    season.pay(season.renew(first))
    page = browser_of(app, staff(Role.ADMINISTRATOR, language="en")).get("/staff/books/pictures?year=2026")
    words = page.get_data(as_text=True)
    assert "1 of 2 members have renewed; paid: 1" in words
    assert words.count('<figure class="drawing drawing-beside"') == 2  # nothing is owed
    assert f"{clock.today().day} Dec 2026" in words


def test_findings_say_what_is_true_of_little_and_of_much(app: Flask) -> None:
    this = Month.of(clock.today())
    months = [PlanMonth(this.later(n), 100 if n <= 0 else 0, 150, 50) for n in (-1, 0, 1)]
    assert pictures.finding_of_cash(months, clock.today()).endswith("50%です")
    assert "600" in pictures.finding_of_cash(months, this.later(-2).first_day)
    nothing = [PlanMonth(this, 7, 0, 0)]
    assert "¥7" in pictures.finding_of_cash(nothing, clock.today())
