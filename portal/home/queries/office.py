"""What the office's home shows: counts, ages and the longest waiting, never a whole list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select

from portal.accounts.models import Organisation
from portal.billing.enums import OWED, ReceivableState
from portal.billing.models import Invoice, ProviderDifference, Receivable
from portal.core import clock
from portal.core.db import db
from portal.domain.application_flow import ApplicationState
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.membership.enums import OPEN_STATES
from portal.membership.models import Application, ApplicationWindow, ContractTerm
from portal.membership.queries import Places

MAIL_JOB = "notifications.deliver"
AGES = (30, 60)  # days late at which a debt gets older in the office's eyes


@dataclass(frozen=True, slots=True)
class Waiting:
    """Applications in one state: how many, and since when the longest waits."""

    count: int = 0
    since: datetime | None = None

    @property
    def days(self) -> int:
        """Whole days in Japan that the longest has waited."""
        if self.since is None:
            return 0
        return (clock.today() - self.since.astimezone(clock.OFFICE_ZONE).date()).days


@dataclass(frozen=True, slots=True)
class Pending:
    """One application that waits for the office."""

    id: int
    receipt_number: str | None
    company_ja: str
    company_en: str
    state: ApplicationState
    moved_at: datetime
    is_priority: bool

    def company(self, language: str) -> str:
        return self.company_en if language == "en" and self.company_en else self.company_ja

    @property
    def days(self) -> int:
        return (clock.today() - self.moved_at.astimezone(clock.OFFICE_ZONE).date()).days


@dataclass(frozen=True, slots=True)
class Debt:
    """What is owed in one span of ages: not due yet, or late by so many days. `until` None: and more."""

    late_from: int | None
    late_to: int | None
    count: int = 0
    yen: int = 0


@dataclass(frozen=True, slots=True)
class Overdue:
    """An invoice that is late."""

    id: int
    number: str
    company_ja: str
    company_en: str
    due_on: date
    outstanding_yen: int
    state: ReceivableState

    def company(self, language: str) -> str:
        return self.company_en if language == "en" and self.company_en else self.company_ja

    @property
    def days_late(self) -> int:
        return (clock.today() - self.due_on).days


@dataclass(frozen=True, slots=True)
class Faults:
    """What broke and waits for a hand."""

    differences: int
    difference_since: datetime | None
    mails: int
    mail_since: datetime | None
    jobs: int
    job_since: datetime | None


@dataclass(frozen=True, slots=True)
class Window:
    """A fiscal year's window with the room that is left."""

    window: ApplicationWindow
    places: Places


def waiting_by_state() -> dict[ApplicationState, Waiting]:
    """Applications that are sent in and undecided, by state."""
    rows = (
        select(Application.state, func.count(), func.min(Application.moved_at))
        .where(Application.state.in_(OPEN_STATES), Application.revision > 0)
        .group_by(Application.state)
    )
    return {row[0]: Waiting(row[1], row[2]) for row in db.session.execute(rows)}


def longest_waiting(states: Sequence[ApplicationState], most: int = 8) -> list[Pending]:
    """The applications that have waited longest in these states."""
    rows = (
        select(
            Application.id, Application.receipt_number, Organisation.name_ja, Organisation.name_en, Application.state,
            Application.moved_at, Application.is_priority,
        )
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.state.in_(states), Application.revision > 0)
        .order_by(Application.moved_at, Application.id)
        .limit(most)
    )  # fmt: skip
    return [Pending(*row) for row in db.session.execute(rows)]


def debts_by_age() -> list[Debt]:
    """What is owed altogether: not due yet, late up to 30 days, up to 60, and longer."""
    today = clock.today()
    edges = [today, *(today - timedelta(days=age) for age in AGES)]
    span = case(*((Receivable.due_on >= edge, place) for place, edge in enumerate(edges)), else_=len(edges))
    rows = (
        select(span, func.count(), func.sum(Receivable.outstanding_yen))
        .where(Receivable.state.in_(OWED))
        .group_by(span)
    )
    found = {row[0]: (row[1], int(row[2])) for row in db.session.execute(rows)}
    spans = [(None, None), (1, AGES[0]), (AGES[0] + 1, AGES[1]), (AGES[1] + 1, None)]
    return [Debt(*ends, *found.get(place, (0, 0))) for place, ends in enumerate(spans)]


def longest_overdue(most: int = 5) -> list[Overdue]:
    """The invoices that are late, the latest first."""
    rows = (
        select(
            Invoice.id, Invoice.number, Organisation.name_ja, Organisation.name_en, Receivable.due_on,
            Receivable.outstanding_yen, Receivable.state,
        )
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .where(Receivable.state.in_(OWED), Receivable.due_on < clock.today())
        .order_by(Receivable.due_on, Invoice.id)
        .limit(most)
    )  # fmt: skip
    return [Overdue(*row) for row in db.session.execute(rows)]


def faults() -> Faults:
    """Differences from the provider that nobody resolved, and jobs that gave up; mails apart."""
    open_ones = ProviderDifference.resolved_at.is_(None)
    mail, other = Job.name == MAIL_JOB, Job.name != MAIL_JOB
    failed = Job.state == JobState.FAILED
    parts = [
        select(func.count(ProviderDifference.id)).where(open_ones),
        select(func.min(ProviderDifference.found_at)).where(open_ones),
        select(func.count(Job.id)).where(failed, mail),
        select(func.min(Job.created_at)).where(failed, mail),
        select(func.count(Job.id)).where(failed, other),
        select(func.min(Job.created_at)).where(failed, other),
    ]
    return Faults(*db.session.execute(select(*(part.scalar_subquery() for part in parts))).one())


def members_by_year(last: int, years: int = 5) -> list[tuple[int, str, int]]:
    """(fiscal year, tier code, members: contracts paid and not cancelled) of `years` years up to `last`."""
    rows = (
        select(ContractTerm.fiscal_year, ContractTerm.tier_code, func.count())
        .where(
            ContractTerm.fiscal_year.between(last - years + 1, last),
            ContractTerm.activated_on.is_not(None),
            ContractTerm.cancelled_on.is_(None),
        )
        .group_by(ContractTerm.fiscal_year, ContractTerm.tier_code)
        .order_by(ContractTerm.fiscal_year, ContractTerm.tier_code)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(rows)]


def windows_with_places(most: int = 3) -> list[Window]:
    """The newest windows with their room, in one statement."""
    year = ApplicationWindow.fiscal_year
    terms = select(func.count(ContractTerm.id)).where(
        ContractTerm.fiscal_year == year, ContractTerm.cancelled_on.is_(None)
    )
    waiting = select(func.count(Application.id)).where(
        Application.fiscal_year == year, Application.state.in_(OPEN_STATES)
    )
    rows = select(
        ApplicationWindow,
        terms.correlate(ApplicationWindow).scalar_subquery(),
        waiting.correlate(ApplicationWindow).scalar_subquery(),
    )
    ordered = rows.order_by(year.desc()).limit(most)
    return [Window(row[0], Places(row[0].places, row[1], row[2])) for row in db.session.execute(ordered)]
