"""Applications, renewals and extra seats that wait for somebody. Pure: rows in, tasks out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from portal.core.clock import OFFICE_ZONE
from portal.core.formats import fiscal_year
from portal.core.i18n import _, current_language, ngettext
from portal.domain.application_flow import ApplicationState
from portal.domain.renewal_flow import LATE, RenewalState
from portal.domain.terms import TermState
from portal.home.duties import Task
from portal.home.queries.companies import ProposedSeats
from portal.membership.models import Application, ApplicationWindow, ContractTerm
from portal.membership.queries.renewals import Asked

PAID = (TermState.ACTIVE, TermState.UPCOMING)


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


def suspended_tasks(renewals: Iterable[Asked]) -> list[Task]:
    """Renewals that nobody answered in time, as long as the office can still take them up."""
    return [
        Task(
            _("The renewal for %(year)s is suspended", year=fiscal_year(renewal.fiscal_year)),
            _("See the renewal"),
            "membership.show_renewal",
            {"renewal_id": renewal.id},
            detail=_(
                "There was no answer in time. If your company would like to go on, please write to the secretariat."
            ),
            due=renewal.pay_until,
            is_first=True,
        )
        for renewal in renewals
        if renewal.state is RenewalState.SUSPENDED and not renewal.is_agreed
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


def renewals_under_way(known: Iterable[Asked], terms: Sequence[ContractTerm], year: int) -> list[Asked]:
    """Those for a coming year, and for the present one what is not settled yet: late, suspended, lapsed without another contract."""
    members = {term.fiscal_year for term in terms if term.state in PAID}
    unsettled = (RenewalState.OFFERED, *LATE, RenewalState.LAPSED)
    return [
        each
        for each in known
        if each.fiscal_year > year
        or (each.fiscal_year == year and each.state in unsettled and year not in members)
    ]


def _last_day(until: datetime) -> date:
    return until.astimezone(OFFICE_ZONE).date()


def _name_of(application: Application) -> str:
    language = current_language()
    if application.organisation is not None:
        return application.organisation.name(language)
    return application.name(language) or _("Company not named yet")
