"""What the office's home shows: counts, ages and the longest waiting, never a whole list.

Statements on table columns, each made ready once and answered from an index: see `is_open` and `is_owed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Date,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.billing.deposits import DepositState
from portal.billing.models import (
    BankDeposit,
    DepositStanding,
    Invoice,
    Receivable,
)
from portal.billing.queries.office import is_owed
from portal.core import clock
from portal.core.db import ask, written
from portal.core.i18n import DEFAULT
from portal.domain.application_flow import ApplicationState
from portal.membership.enums import OPEN_STATES, WindowState
from portal.membership.models import Application, ApplicationWindow, ContractTerm
from portal.membership.models.tiers import state_between
from portal.membership.queries import Places
from portal.membership.queries.queue import is_open
from portal.membership.queries.tiers import taken_places

AGES = (30, 60)  # days late at which a debt gets older in the office's eyes
_sent, _terms, _owed, _windows = (
    model.__table__.c for model in (Application, ContractTerm, Receivable, ApplicationWindow)
)
_state = type_coerce(_sent.state, String)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Applications in one state: how many, and since when the longest waits."""

    count: int = 0
    since: datetime | None = None

    @property
    def days(self) -> int:
        """Whole days in Japan that the longest has waited."""
        return 0 if self.since is None else (clock.today() - clock.day_of(self.since)).days


@dataclass(frozen=True, slots=True)
class Debt:
    """What is owed in one span of ages: not due yet, or late by so many days. `until` None: and more."""

    late_from: int | None
    late_to: int | None
    count: int = 0
    yen: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """A fiscal year's window with the room that is left."""

    fiscal_year: int
    opens_at: datetime
    closes_at: datetime
    state: WindowState
    places: Places


def waiting_by_state() -> dict[ApplicationState, Waiting]:
    """Applications that are sent in and undecided, by state."""
    return {ApplicationState(state): Waiting(count, since) for state, count, since in ask(_WAITING)}


_WAITING = (
    select(_state, func.count(), func.min(_sent.moved_at))
    .where(_state.in_(written(*OPEN_STATES)))
    .group_by(_state)
)


def longest_waiting(
    states: Sequence[ApplicationState], language: str = DEFAULT, most: int = 8
) -> Sequence[Any]:
    """Id, company, receipt number, state (its value), moment of its last move and priority of those that have waited
    longest in these states."""
    return ask(_longest_waiting(tuple(states), language), most=most)


@cache
def _longest_waiting(states: tuple[ApplicationState, ...], language: str) -> Select[Any]:
    bodies = Organisation.__table__
    not_asked = [state for state in OPEN_STATES if state not in states]
    return (
        select(
            _sent.id, name_column(language), _sent.receipt_number, _state, _sent.moved_at, _sent.is_priority
        )
        .join_from(Application.__table__, bodies, bodies.c.id == _sent.organisation_id)
        .where(is_open(), _state.not_in(written(*not_asked)))
        .order_by(_sent.moved_at, _sent.id)
        .limit(bindparam("most"))
    )


@dataclass(frozen=True, slots=True)
class Deposits:
    """Money on the bank's statement that nobody has decided about; `since`: the day of the oldest."""

    count: int = 0
    yen: int = 0
    since: date | None = None

    @property
    def days(self) -> int:
        """How long the oldest has waited."""
        return 0 if self.since is None else (clock.today() - self.since).days


def money_waiting() -> tuple[list[Debt], Deposits]:
    """What is owed altogether (not due yet, late up to 30 days, up to 60, and longer), and deposits to be decided."""
    today = clock.today()
    edges = [today, *(today - timedelta(days=age) for age in AGES)]
    found = {
        span: (count, int(yen), since)
        for span, count, yen, since in ask(_MONEY, **{f"edge_{n}": edge for n, edge in enumerate(edges)})
    }
    spans = [(None, None), (1, AGES[0]), (AGES[0] + 1, AGES[1]), (AGES[1] + 1, None)]
    debts = [Debt(*ends, *found[place][:2]) for place, ends in enumerate(spans)]
    return debts, Deposits(*found[len(spans)])


def _money() -> Any:
    """One look along the index for each span, and one for the deposits."""
    edges: list[Any] = [bindparam(f"edge_{n}", type_=_owed.due_on.type) for n in range(len(AGES) + 1)]
    spans = [(edges[0], None), *zip(edges[1:], edges, strict=False), (None, edges[-1])]
    parts = []
    for place, (first, before) in enumerate(spans):
        part = select(
            literal_column(str(place)),
            func.count(),
            func.coalesce(func.sum(_owed.outstanding_yen), 0),
            cast(null(), Date),
        ).where(is_owed())
        part = part if first is None else part.where(_owed.due_on >= first)
        parts.append(part if before is None else part.where(_owed.due_on < before))
    standing, deposit = DepositStanding.__table__, BankDeposit.__table__
    undecided = type_coerce(standing.c.state, String) == written(DepositState.OPEN)[0]
    parts.append(
        select(
            literal_column(str(len(spans))),
            func.count(),
            func.coalesce(func.sum(deposit.c.amount_yen), 0),
            func.min(standing.c.booked_on),
        )
        .join_from(standing, deposit, deposit.c.id == standing.c.deposit_id)
        .where(undecided)
    )
    return union_all(*parts)


_MONEY = _money()


def longest_overdue(language: str = DEFAULT, most: int = 5) -> Sequence[Any]:
    """Id, number, company, day due and open amount of the invoices that are late, the latest first."""
    return ask(_longest_overdue(language), today=clock.today(), most=most)


@cache
def _longest_overdue(language: str) -> Select[Any]:
    bills, bodies = Invoice.__table__, Organisation.__table__
    return (
        select(bills.c.id, bills.c.number, name_column(language), _owed.due_on, _owed.outstanding_yen)
        .join_from(Receivable.__table__, bills, bills.c.id == _owed.invoice_id)
        .join(bodies, bodies.c.id == bills.c.organisation_id)
        .where(is_owed(), _owed.due_on < bindparam("today", type_=_owed.due_on.type))
        .order_by(_owed.due_on, _owed.invoice_id)
        .limit(bindparam("most"))
    )


def members_by_year(last: int, years: int = 5) -> list[tuple[int, str, int]]:
    """(fiscal year, tier code, members: contracts paid and not cancelled) of `years` years up to `last`."""
    return [tuple(row) for row in ask(_MEMBERS, first=last - years + 1, last=last)]


_MEMBERS = (
    select(_terms.fiscal_year, _terms.tier_code, func.count())
    .where(
        _terms.fiscal_year.between(bindparam("first"), bindparam("last")),
        _terms.activated_on.is_not(None),
        _terms.cancelled_on.is_(None),
    )
    .group_by(_terms.fiscal_year, _terms.tier_code)
    .order_by(_terms.fiscal_year, _terms.tier_code)
)


def windows_with_places(most: int = 3) -> list[Window]:
    """The newest windows with their room, in one statement."""
    now, found = clock.now(), []
    for year, opens_at, closes_at, places, terms, waiting, held in ask(
        _WINDOWS, most=most, today=clock.today()
    ):
        state = state_between(opens_at, closes_at, now)
        found.append(Window(year, opens_at, closes_at, state, Places(places, terms, waiting, held)))
    return found


_WINDOWS = (
    select(
        _windows.fiscal_year,
        _windows.opens_at,
        _windows.closes_at,
        _windows.places,
        *taken_places(_windows.fiscal_year, bindparam("today", type_=Date)),
    )
    .order_by(_windows.fiscal_year.desc())
    .limit(bindparam("most"))
)
