"""What somebody has to do now, in the order of the days by which it is due. Pure: rows in, tasks out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.accounts.enums import Role
from portal.core.clock import OFFICE_ZONE
from portal.core.formats import fiscal_year, yen
from portal.core.i18n import _, current_language, ngettext
from portal.domain.application_flow import ApplicationState
from portal.domain.renewal_flow import RenewalState
from portal.domain.terms import TermState
from portal.home.queries.companies import Colleague, Offer, Paper, ProposedSeats
from portal.membership.models import Application, ApplicationWindow, ContractTerm
from portal.membership.queries.renewals import Asked

PAID = (TermState.ACTIVE, TermState.UPCOMING)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do with its one button. `due` None: nothing runs out; `first` ones stand on top all the same."""

    title: str
    action: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    detail: str = ""
    due: date | None = None
    is_first: bool = False

    def days_left(self, today: date) -> int | None:
        """Whole days until it is due, negative when late."""
        return None if self.due is None else (self.due - today).days


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """What is overdue or has come back first, then by due date, then what has none."""
    return sorted(tasks, key=lambda task: (not task.is_first, task.due or date.max))


def application_tasks(
    applications: Iterable[Application], windows: Mapping[int, ApplicationWindow]
) -> list[Task]:
    """Drafts to finish and applications that came back."""
    found = []
    for application in applications:
        values = {"application_id": application.id}
        year, name = fiscal_year(application.fiscal_year), _name_of(application)
        if application.state is ApplicationState.RETURNED:
            title = _("Correct the application for %(year)s", year=year)
            found.append(
                Task(title, _("Correct"), "membership.show_application", values, detail=name, is_first=True)
            )
        elif application.state is ApplicationState.DRAFT:
            window = windows.get(application.fiscal_year)
            title = _("Finish the application for %(year)s", year=year)
            found.append(
                Task(
                    title,
                    _("Continue"),
                    "membership.show_application",
                    values,
                    detail=name,
                    due=_last_day(window.closes_at) if window else None,
                )  # fmt: skip
            )
    return found


def invoice_tasks(papers: Iterable[Paper], names: Mapping[int, str]) -> list[Task]:
    """Invoices on which something is owed."""
    return [
        Task(
            _("Pay invoice %(number)s: %(amount)s", number=paper.number, amount=yen(paper.outstanding_yen)),
            _("Pay"),
            "billing.show_invoice",
            {"invoice_id": paper.id},
            detail=_joined(paper.subject(current_language()), names.get(paper.organisation_id)),
            due=paper.due_on,
        )
        for paper in papers
        if paper.is_owed
    ]


def offer_tasks(
    offers: Iterable[Offer], taken_years: set[tuple[int | None, int]], open_years: set[int]
) -> list[Task]:
    """The newest quote of each year for which nothing has been applied for yet, while applications are taken."""
    found: dict[tuple[int | None, int], Task] = {}
    for offer in offers:
        key = (offer.organisation_id, offer.fiscal_year)
        if offer.is_sent or offer.fiscal_year not in open_years or key in taken_years:
            continue
        task = Task(
            _("Quote %(number)s holds for a limited time", number=offer.number),
            _("Apply"),
            "membership.start_application",
            detail=_joined(fiscal_year(offer.fiscal_year), yen(offer.total_yen)),
            due=offer.valid_until,
        )
        found.setdefault(key, task)
    return list(found.values())


def quote_tasks(offers: Iterable[Offer]) -> list[Task]:
    """Quotes of the office that wait for an order."""
    return [
        Task(
            _("Answer quote %(number)s: %(amount)s", number=offer.number, amount=yen(offer.total_yen)),
            _("See the quote"),
            "billing.show_quote",
            {"quote_id": offer.id},
            due=offer.valid_until,
        )
        for offer in offers
        if offer.is_sent
    ]


def seat_tasks(proposed: Iterable[ProposedSeats]) -> list[Task]:
    """Offers of extra seats that wait for the company."""
    return [
        Task(
            ngettext(
                "Answer the offer of %(num)d extra seat",
                "Answer the offer of %(num)d extra seats",
                offer.seats,
            ),
            _("See the offer"),
            "membership.show_seats",
            {"seats_id": offer.id},
            due=offer.answer_by,
        )
        for offer in proposed
    ]


def answer_tasks(renewals: Iterable[Asked]) -> list[Task]:
    """Offers to renew that wait for an answer."""
    return [
        Task(
            _("Renew the membership for %(year)s", year=fiscal_year(renewal.fiscal_year)),
            _("See the offer"),
            "membership.show_renewal",
            {"renewal_id": renewal.id},
            detail=_("The deadline has passed; you can still answer.")
            if renewal.state is RenewalState.GRACE
            else _("As a member of this year you go first."),
            due=renewal.last_day,
            is_first=renewal.state is RenewalState.GRACE,
        )
        for renewal in renewals
        if renewal.is_open
    ]


def renewal_task(
    terms: Sequence[ContractTerm],
    applications: Iterable[Application],
    windows: Iterable[ApplicationWindow],
    renewals: Iterable[Asked] = (),
) -> list[Task]:
    """A member of this year that has not applied for the next, once that is possible, and is not asked to renew instead."""
    years = {term.fiscal_year for term in terms} | {
        a.fiscal_year for a in applications if not a.state.is_final
    }
    years |= {renewal.fiscal_year for renewal in renewals}
    members = {term.fiscal_year for term in terms if term.state in PAID}
    found = []
    for window in windows:
        if window.fiscal_year in years or window.fiscal_year - 1 not in members:
            continue
        until = window.priority_until or window.closes_at
        detail = _("As a member of this year you go first.") if window.priority_until else ""
        title = _("Apply for %(year)s", year=fiscal_year(window.fiscal_year))
        found.append(
            Task(title, _("Apply"), "membership.start_application", detail=detail, due=_last_day(until))
        )
    return found


def people_tasks(
    colleagues: Sequence[Colleague],
    invitations: tuple[int, date] | None,
    organisation_id: int,
    *,
    manages: bool,
) -> list[Task]:
    """Roles that nobody holds, and invitations nobody has answered: for those who look after the people."""
    if not manages:
        return []
    values = {"organisation_id": organisation_id}
    found = []
    if not any(Role.BILLING in colleague.roles for colleague in colleagues):
        found.append(
            Task(
                _("Name a billing contact"),
                _("Choose"),
                "accounts.list_organisation_people",
                values,
                detail=_("Invoices and receipts go to this person."),
            )  # fmt: skip
        )
    if invitations:
        count, until = invitations
        title = ngettext("%(num)d invitation is unanswered", "%(num)d invitations are unanswered", count)
        found.append(
            Task(
                title,
                _("See"),
                "accounts.list_organisation_people",
                values,
                detail=_("You can send it again or withdraw it."),
                due=until,
            )  # fmt: skip
        )
    return found


def _last_day(until: datetime) -> date:
    return until.astimezone(OFFICE_ZONE).date()


def _name_of(application: Application) -> str:
    language = current_language()
    if application.organisation is not None:
        return application.organisation.name(language)
    return application.name(language) or _("Company not named yet")


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
