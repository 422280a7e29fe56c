"""The process is killed before any SQL statement of a run of the journal and of fees that are earned: each goes once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.billing.models import JournalEntry, JournalRun, JournalRunEntry
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.export_checks import export_problems
from portal.billing.queries.verification import document_problems
from portal.billing.services.journal import Asked, export_journal, set_layout
from portal.billing.services.revenue import earn_fees
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.documents import Period
from portal.domain.journal import Preset, preset_layout
from tests.billing.test_crashes import every, killed_at
from tests.support.billing import bill
from tests.support.people import company

pytestmark = pytest.mark.database
ALWAYS = Asked(date(2020, 1, 1), date(2099, 12, 31))
MARCH = datetime(2027, 3, 10, 3, tzinfo=UTC)
SECOND = datetime(2027, 4, 2, 3, tzinfo=UTC)


def all_fits(as_of: date | None = None) -> None:
    rollback()
    assert [*document_problems(as_of), *export_problems()] == []
    assert [each.rule for each in book_problems()] == []


def waiting() -> int:
    """Entries that no run has taken."""
    rollback()
    told = select(JournalRunEntry.entry_id)
    return db.session.scalar(select(func.count(JournalEntry.id)).where(JournalEntry.id.not_in(told))) or 0


def take_out() -> None:
    with transaction():
        export_journal(ALWAYS, by=None)


def try_each_point(app: Flask, prepare: Callable[[], None], work: Callable[[], None], ended: Callable[[bool], None]) -> int:  # fmt: skip
    """Kill at the points until the work comes through; `ended` is told whether it did. Gives how many died."""
    for died, point in enumerate(count(0, every())):
        prepare()
        killed = killed_at(app, point, work)
        ended(not killed)
        if not killed:
            return died
        work()
        ended(True)
    raise AssertionError


def test_a_run_of_the_journal_survives_a_kill_anywhere(app: Flask) -> None:
    """Killed, nothing has gone out or all of it has; then the rest goes, and a second run finds nothing."""
    with transaction():
        set_layout(layout=preset_layout(Preset.SIDE_BY_SIDE), by=None)

    def take_what_is_left() -> None:
        if waiting():
            take_out()

    def ended(came_through: bool) -> None:
        all_fits()
        assert waiting() in ((0,) if came_through else (0, 1))
        if came_through:
            with pytest.raises(Refused):
                take_out()

    assert try_each_point(app, lambda: bill(company()) and None, take_what_is_left, ended) >= 3
    rollback()
    taken = select(func.sum(JournalRun.entries), func.sum(JournalRun.debit_yen))
    entries = db.session.scalar(select(func.count(JournalEntry.id)))
    assert db.session.execute(taken).one() == (entries, entries * 1_100_000)


def test_fees_that_are_earned_survive_a_kill_anywhere(app: Flask) -> None:
    def next_years() -> None:
        with clock.frozen(MARCH):
            for _n in range(2):
                bill(company(), period=Period(date(2027, 4, 1), date(2028, 3, 31)), fiscal_year=2027)

    def earn() -> None:
        with clock.frozen(SECOND), transaction():
            earn_fees()

    def ended(came_through: bool) -> None:
        all_fits(SECOND.date() if came_through else MARCH.date())

    assert try_each_point(app, next_years, earn, ended) >= 2
