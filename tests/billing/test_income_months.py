"""Income by month on the mornings and in the months where books and calendar part, and after a change of tier.

Mutants that must fail here: a fee that begins today counted as taken in before the job of the day, or still waiting on the day
after; a fee that begins later in its month waiting with less than all of it; a return of the rest of a term (a change of tier, seats
that end) spread over the months before it; any return spread over the rest; a return that was undone counted as charged.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.models import BankDeposit, Invoice
from portal.billing.queries.books.fees import fees_by_month
from portal.billing.queries.books.income import IncomeMonth, income_by_month, income_by_year
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.undoing import undo_deposit
from portal.billing.services.revenue import earn_fees
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.deferral import Month
from portal.domain.documents import Period
from portal.domain.terms import FiscalYear
from portal.membership.models import SeatArrangement
from portal.membership.services.seats.arranging import end_seats
from tests.billing.returning import give_back
from tests.support import bank, seats
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.billing import bill, fee
from tests.support.people import actor_of, browser_of, company, staff

pytestmark = pytest.mark.database
YEAR = FiscalYear(2027)
MORNING = datetime(2027, 3, 31, 15, 1, tzinfo=UTC)  # 1 April in Tokyo


def months(year: FiscalYear = YEAR) -> dict[Month, IncomeMonth]:
    """As of this moment."""
    rollback()
    return {each.month: each for each in income_by_month(year, clock.today())}


def misfits() -> list[Month]:
    return [month for year in (YEAR.previous, YEAR) for month, each in months(year).items() if not each.fits]


def of_next_year() -> Invoice:
    return bill(company(), period=Period(YEAR.starts_on, YEAR.ends_on), fiscal_year=YEAR.year)


def test_until_the_job_of_the_first_day_has_run_the_books_fit_all_the_same(app: Flask) -> None:
    clerk = staff(Role.SECRETARIAT, language="en")
    with clock.frozen(datetime(2027, 3, 10, 3, tzinfo=UTC)):
        half, *_others = (of_next_year() for _n in range(3))
        give_back(half, actor_of(clerk), 400_000)
    april = Month(2027, 4)
    with clock.frozen(MORNING):
        page = browser_of(app, clerk).get("/staff/books/income?year=2027").text
        assert "The books do not fit" not in page
        assert (months()[april].deferred_in_books_yen, months()[april].waiting_yen) == (2_600_000, 0)
        of_next_year()  # of this morning: income at once
        assert misfits() == []
        with transaction():
            earn_fees(1)
        assert months()[april].deferred_in_books_yen == 2_000_000
        assert misfits() == []
    with clock.frozen(MORNING + timedelta(days=1)):
        assert misfits() == [april]  # the job has missed a day
        with transaction():
            earn_fees()
        assert misfits() == []


@pytest.mark.parametrize("back_yen", [0, 30_000])
def test_a_fee_that_begins_later_in_its_month_waits_whole(app: Flask, back_yen: int) -> None:
    """A course on the 25th, invoiced on the 10th."""
    november, first = Month(2026, 11), date(2026, 11, 25)
    with season.on(date(2026, 11, 10)):
        course = bill(
            company(), fee(100_000), period=Period(first, FiscalYear(2026).ends_on), fiscal_year=2026
        )
        if back_yen:
            give_back(course, actor_of(staff(Role.SECRETARIAT)), back_yen)
    left = 100_000 - back_yen
    for day in (10, 24, 25, 26):
        with season.on(date(2026, 11, day)):
            if day >= 25:
                with transaction():
                    earn_fees()
            found = months(FiscalYear(2026))[november]
            assert found.fits
            assert found.deferred_in_books_yen == (left if day < 25 else 0)
            assert (found.earned_yen, found.left_yen) == (left // 5, left - left // 5)


@pytest.fixture
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def test_a_change_of_tier_gives_back_the_months_that_remain(december: None) -> None:
    """C → A on 10 December: until November a twelfth of the old price, from December on a twelfth of the new."""
    admin = given.member("C")
    with season.on(given.FIRST):
        before = months(FiscalYear(2026))
    given.upgrade(admin, "A")
    found, year = months(FiscalYear(2026)), FiscalYear(2026)
    old, new = [500_000 * n // 12 for n in range(13)], [666_666 * n // 4 for n in range(5)]
    back = [166_666 * n // 4 for n in range(5)]
    for place, month in enumerate(found):
        late = place - 8  # December is the ninth month
        wanted = old[place + 1] - old[place]
        if late >= 0:
            wanted += new[late + 1] - new[late] - (back[late + 1] - back[late])
        else:
            assert found[month].earned_yen == before[month].earned_yen
        assert found[month].earned_yen == wanted
        assert found[month].fits
    rollback()
    rows = list(fees_by_month(year, "ja"))
    assert [sum(row.months[n] for row in rows) for n in range(12)] == [
        each.earned_yen for each in found.values()
    ]
    assert found[Month(2027, 3)].left_yen == 0


def test_a_change_before_the_year_begins_gives_back_all_of_it(december: None) -> None:
    """In April the whole fee goes back: every month has the new price alone."""
    with season.on(given.FIRST):
        given.upgrade(given.member("C"), "A")
        found = months(FiscalYear(2026))
    assert {each.earned_yen for each in found.values()} <= {166_666, 166_667, 166_668}
    assert sum(each.earned_yen for each in found.values()) == 2_000_000


def test_any_other_return_mirrors_the_period_of_its_invoice(december: None) -> None:
    """A price that was too high was so for the whole year: the months that are over are caught up in December."""
    admin = given.member("C")
    give_back(any_invoice(given.invoice_of(admin).id), actor_of(staff(Role.SECRETARIAT)), 120_000)
    found = months(FiscalYear(2026))
    assert found[Month(2026, 11)].earned_yen in (41_666, 41_667)
    assert found[Month(2026, 12)].earned_yen in (41_666 - 90_000, 41_667 - 90_000)
    assert found[Month(2027, 1)].earned_yen in (31_666, 31_667)


@pytest.mark.parametrize("carried", [False, True])
def test_seats_that_end_earn_nothing_from_that_month_on(december: None, carried: bool) -> None:
    """Two seats at 600,000 yen a year, ended on 5 October: on an invoice of their own, or on that of the renewal."""
    with season.on(given.FIRST):
        admin = given.member("C")
        seats.agree(admin, seats.propose(admin, seats=2, price_yen=600_000))
    year = FiscalYear(2027 if carried else 2026)
    if carried:
        with season.on(season.OFFERS):
            season.begin()
            season.look(season.OFFERS)
            season.pay(season.renew(admin))
    with season.on(date(year.year, 10, 5)):
        with transaction():
            earn_fees()
        before = months(year)
        clerk = actor_of(staff(Role.SECRETARIAT))
        number = max(each.id for each in db.session.query(SeatArrangement))
        rollback()
        with transaction():
            end_seats(arrangement=db.session.get_one(SeatArrangement, number), reason="x", by=clerk)
        found = months(year)
        for month, each in found.items():
            seats_yen = 100_000 if month >= Month(year.year, 10) else 0
            assert each.earned_yen == before[month].earned_yen - seats_yen
            assert each.fits
        assert found[Month(year.year + 1, 3)].left_yen == 0


def test_a_return_that_is_undone_was_never_charged(app: Flask) -> None:
    clerk, november = actor_of(staff(Role.SECRETARIAT)), Month(2026, 11)
    with season.on(date(2026, 11, 10)):
        invoice = bill(company(), period=Period(date(2026, 4, 1), date(2027, 3, 31)), fiscal_year=2026)
        before = months(FiscalYear(2026))[november]
        for turn in range(2):
            bank.bring(bank.transfer(1_099_340, "ミホンセイヤク", edi=str(turn)), by=clerk)
            deposit = bank.deposits()[-1].id
            shares = [Share(invoice.id, 1_099_340, 660, 1_100_000)]
            rollback()
            with transaction():
                apply_deposit(
                    deposit=db.session.get_one(BankDeposit, deposit), shares=shares, seen=0, by=clerk, reasons="",
                    is_automatic=False,
                )  # fmt: skip
            assert months(FiscalYear(2026))[november].returned_yen == 600
            rollback()
            with transaction():
                undo_deposit(deposit=db.session.get_one(BankDeposit, deposit), reason="x", seen=1, by=clerk)
            after = months(FiscalYear(2026))[november]
            assert (after.charged_yen, after.returned_yen) == (before.charged_yen, 0)
            (of_year,) = income_by_year(clock.today())
            assert (of_year.charged_yen, of_year.returned_yen) == (1_000_000, 0)
