"""The office's home: what waits for me by age, members, what is unpaid, windows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.billing.policy import may_keep_books
from portal.core import access, clock
from portal.core.access import actor
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import page
from portal.domain.application_flow import ApplicationState
from portal.home import figures
from portal.home.matters.applications import application_matters, states_for
from portal.home.matters.internships import internship_matters
from portal.home.matters.money import faulty_matters, money_matters
from portal.home.queries import office
from portal.home.queries.faults import faults
from portal.home.queries.internships import running_rounds
from portal.internships.enums import STEP_LABELS
from portal.internships.models import InternshipRound
from portal.internships.policy import may_run_rounds
from portal.membership.enums import APPLICATION_LABELS
from portal.membership.policy import may_review
from portal.membership.queries import this_year

blueprint = Blueprint("home_staff", __name__, url_prefix="/staff")


@blueprint.get("")
@access.staff
def show_office() -> Response:
    """What waits for the person, the oldest first, and where the consortium stands."""
    person, year, language = actor(), this_year(), current_language()
    reviews, books = may_review(person), may_keep_books(person)
    waiting = office.waiting_by_state() if reviews else {}
    states = states_for(person)
    debts, deposits = office.money_waiting() if books else ([], office.Deposits())
    overdue = _overdue(language) if books else []
    found = faults() if books else None
    runs_rounds = may_run_rounds(person)
    matters = (
        application_matters(person, waiting)
        + money_matters(debts, deposits, overdue)
        + faulty_matters(person, found)
        + (internship_matters() if runs_rounds else [])
    )
    table = figures.member_table(office.members_by_year(year), last=year)
    return page(
        "staff/home/show_office.html",
        matters=sorted(matters, key=lambda m: (m.days is None, -(m.days or 0), not m.is_ours)),
        pending=_pending(states, language) if states else [],
        reviews=reviews,
        books=books,
        debts=[(debt, _span_words(debt)) for debt in debts],
        owed_yen=sum(debt.yen for debt in debts),
        overdue=overdue,
        table_of_members=table,
        finding=figures.finding(table, year),
        windows=office.windows_with_places(),
        rounds=_rounds() if runs_rounds else None,
    )


def _pending(states: tuple[ApplicationState, ...], language: str) -> list[tuple[Any, ...]]:
    """Id, company, receipt number, state, its word, days waiting, priority."""
    words, today = in_words(APPLICATION_LABELS), clock.today()
    return [
        (id, company, number, state, words[state], (today - clock.day_of(moved_at)).days, is_priority)
        for id, company, number, state, moved_at, is_priority in office.longest_waiting(states, language)
    ]


def _rounds() -> list[tuple[InternshipRound, str, datetime]]:
    """Each round that runs, what comes next in it and when; the soonest first."""
    found = []
    for season in running_rounds():
        ahead = ((step, at) for step, at in season.timetable.moments.items() if at > clock.now())
        step, at = next(ahead, ("ends_at", season.ends_at))
        found.append((season, str(STEP_LABELS[step]), at))
    return sorted(found, key=lambda row: row[2])


def _overdue(language: str) -> list[tuple[Any, ...]]:
    """Id, number, company, day due, open amount, days late."""
    today = clock.today()
    return [(*row, (today - row[3]).days) for row in office.longest_overdue(language)]


def _span_words(debt: office.Debt) -> str:
    if debt.late_from is None:
        return str(_("Not due yet"))
    if debt.late_to is None:
        return str(_("More than %(days)s days late", days=debt.late_from - 1))
    return str(_("%(first)s to %(last)s days late", first=debt.late_from, last=debt.late_to))
