"""What happened when: every deed with its moment, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from portal.accounts.enums import Role
from portal.cli.demo import bank, changes, deeds, house, renewals
from portal.cli.demo import firms as f
from portal.cli.demo.deeds import Cast
from portal.cli.demo.events import Event, at
from portal.cli.demo.firms import Firm
from portal.cli.demo.internships.story import internships
from portal.domain.terms import FiscalYear

LONGEST_STORY_DAYS = 150  # the current window has been open for at least as long


def story(cast: Cast, today: date) -> list[Event]:
    """Everything, the earliest first; of the same moment in the order of telling."""
    year = FiscalYear.of(today).year
    told = [
        *_beginnings(cast, today, year),
        *_past(cast, year),
        *_members(cast, today, year),
        *_now(cast, today, year),
        *_renewals(cast, today, year),
        *internships(cast, today, year),
    ]
    return sorted(told, key=lambda event: event.at)


def opening_day(today: date, year: int) -> date:
    """The first day of the current window: 1 February, or earlier where the story needs it."""
    return min(date(year, 2, 1), today - timedelta(days=LONGEST_STORY_DAYS))


def _beginnings(cast: Cast, today: date, year: int) -> Iterator[Event]:
    founded = date(year - house.PAST_YEARS, 1, 10)
    yield Event(at(founded, 9), partial(house.found_house, year, founded))
    yield Event(at(founded, 10), lambda: cast.office.update(house.staff_office()))
    yield Event(at(founded, 11), partial(house.open_windows, year, today, opening_day(today, year)))
    renewed = opening_day(today, year) - timedelta(days=20)
    yield Event(at(renewed, 10), partial(house.renew_rules, year, renewed))


def _joins(cast: Cast, firm: Firm, year: int, first: date) -> Iterator[Event]:
    """A company's straight way to membership within four weeks."""
    yield Event(at(first, 10, firm.serial), partial(deeds.begin, cast, firm, year))
    yield Event(at(first, 15, firm.serial), partial(deeds.send_in, cast, firm, year))
    yield Event(at(first + timedelta(days=3), 11, firm.serial), partial(deeds.check, cast, firm, year))
    yield Event(at(first + timedelta(days=9), 16, firm.serial), partial(deeds.approve, cast, firm, year))
    yield Event(at(first + timedelta(days=25), 14, firm.serial), partial(deeds.pay, cast, firm, year))


def _past(cast: Cast, year: int) -> Iterator[Event]:
    for firm in (f.PHARMA, f.FORMER):
        yield from _joins(cast, firm, year - 2, date(year - 2, 2, 3 + firm.serial))
    for firm in (f.PHARMA, f.MEDICAL_IT, f.GLOBAL, f.FORMER, f.TARDY, f.SUSPENDED):
        yield from _joins(cast, firm, year - 1, date(year - 1, 2, 3 + firm.serial))


def _members(cast: Cast, today: date, year: int) -> Iterator[Event]:
    opens = opening_day(today, year)
    for firm in (f.PHARMA, f.MEDICAL_IT, f.GLOBAL, f.VENTURE, f.LEAVING, f.WAITING, f.RISING):
        yield from _joins(cast, firm, year, opens + timedelta(days=1 + firm.serial))


def _now(cast: Cast, today: date, year: int) -> Iterator[Event]:
    """What is under way at every stage today."""

    def ago(days: int, hour: int, act: Callable[..., object], firm: Firm, **more: object) -> Event:
        return Event(
            at(today - timedelta(days=days), hour, firm.serial), partial(act, cast, firm, year, **more)
        )

    yield from _approved(ago, f.LATE, 82, 75)
    yield from _approved(ago, f.PARTIAL, 48, 40)
    yield ago(6, 14, deeds.pay, f.PARTIAL, yen=300_000)
    yield from _approved(ago, f.DIAGNOSTICS, 17, 10)
    for firm, days in ((f.CHEMISTRY, 8), (f.GENOME, 3), (f.DEVICES, 9), (f.INSURANCE, 12)):
        yield ago(days, 10, deeds.begin, firm)
        yield ago(days, 14, deeds.send_in, firm)
    yield ago(2, 11, deeds.send_back, f.DEVICES)
    yield ago(4, 11, deeds.check, f.INSURANCE)
    yield ago(33, 10, deeds.begin, f.FOOD)
    yield ago(33, 12, deeds.send_in, f.FOOD)
    yield ago(28, 13, deeds.check, f.FOOD)
    yield ago(20, 16, deeds.decline, f.FOOD)
    yield ago(5, 10, deeds.begin, f.OLD_VENTURE, pages=2)
    yield ago(6, 9, deeds.ask_for_quote, f.BEGINNER)
    yield ago(1, 10, deeds.begin, f.BEGINNER, pages=1)
    yield ago(4, 14, changes.ask_for_tier, f.RISING, code="B")
    yield Event(at(today - timedelta(days=1), 12), house.welcome_newcomer)
    yield Event(at(today - timedelta(days=1), 9), partial(bank.bring_statement, cast, year, today))
    invite = partial(deeds.invite, f.PHARMA, "shinjin", "試行 新", Role.PARTICIPANT, Role.WORKING_GROUPS)
    yield Event(at(today - timedelta(days=3), 15), invite)


def _renewals(cast: Cast, today: date, year: int) -> Iterator[Event]:
    """The campaign for the next year runs: offers went out fifty days ago, answers are due in forty."""

    def ago(days: int, hour: int, act: Callable[..., object], *what: object, minute: int = 0) -> Event:
        return Event(at(today - timedelta(days=days), hour, minute), partial(act, cast, *what))

    def day(days: int) -> date:
        return today + timedelta(days=days)

    yield ago(55, 9, renewals.begin, year + 1, day(-renewals.OFFERED), day(renewals.ANSWERS))
    for days in (renewals.OFFERED, renewals.REMINDED):
        yield ago(days, 9, renewals.look)
    yield ago(46, 11, renewals.renew, f.MEDICAL_IT, year + 1)
    yield ago(30, 14, renewals.pay, f.MEDICAL_IT, year + 1)
    yield ago(35, 16, renewals.decline, f.LEAVING, year + 1)
    yield ago(24, 10, renewals.renew, f.GLOBAL, year + 1, "A")
    late, board = day(renewals.ANSWERS + 30), "取締役会の開催後に回答するとの連絡（電話）"
    yield ago(10, 13, renewals.give_time, f.WAITING, year + 1, late, board)
    yield from _late_renewals(ago, day, year)


def _late_renewals(ago: Callable[..., Event], day: Callable[[int], date], year: int) -> Iterator[Event]:
    """The campaign for this year is over: one has lapsed unpaid, one is suspended unpaid, one still owes its answer.

    Each got as much time as leaves it at its place today, whatever day of the year that is.
    """
    begun = renewals.PAST_OFFERED + 1
    yield ago(begun, 9, renewals.begin, year, day(-renewals.PAST_OFFERED), day(-renewals.PAST_ANSWERS))
    for days in range(renewals.PAST_OFFERED, 0, -7):
        yield ago(days, 9, renewals.look, minute=30)
    yield ago(130, 11, renewals.renew, f.FORMER, year)
    yield ago(112, 11, renewals.renew, f.SUSPENDED, year)
    yield ago(
        95, 10, renewals.give_time, f.TARDY, year, day(-10), "社内の稟議に時間がかかるとの連絡（メール）"
    )
    yield ago(60, 10, renewals.give_time, f.SUSPENDED, year, day(-40), "支払いを待ってほしいとの連絡（電話）")


def _approved(ago: Callable[..., Event], firm: Firm, began: int, decided: int) -> Iterator[Event]:
    """As far as the invoice."""
    yield ago(began, 10, deeds.begin, firm)
    yield ago(began, 15, deeds.send_in, firm)
    yield ago(began - 3, 11, deeds.check, firm)
    yield ago(decided, 16, deeds.approve, firm)
