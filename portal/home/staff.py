"""The office's home: what waits for me by age, members, what is unpaid, windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.billing.policy import may_keep_books
from portal.core import access, clock
from portal.core.access import Actor, actor
from portal.core.formats import yen
from portal.core.i18n import _, current_language, in_words, ngettext
from portal.core.links import url_for
from portal.core.pages import page
from portal.domain.application_flow import ApplicationState
from portal.home import figures
from portal.home.hands import ASKED, BROKEN
from portal.home.interests import questions_in_hand, unsupervised_students
from portal.home.matches import runs_in_hand
from portal.home.placements import placements_in_hand
from portal.home.queries import office
from portal.home.queries.faults import Faults, faults
from portal.home.queries.internships import postings_waiting
from portal.internships.policy import may_run_rounds
from portal.membership.enums import APPLICATION_LABELS
from portal.membership.policy import CHECKING_ROLES, DECIDING_ROLES, may_review
from portal.membership.queries import this_year

blueprint = Blueprint("home_staff", __name__, url_prefix="/staff")
TO_DECIDE = (ApplicationState.CHECKED, ApplicationState.DEFERRED)


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of work that waits: how much of it, how long the oldest has waited, where it is done."""

    title: str
    days: int | None
    action: str
    url: str
    is_ours: bool = True  # False: somebody outside has the next step


@blueprint.get("")
@access.staff
def show_office() -> Response:
    """What waits for the person, the oldest first, and where the consortium stands."""
    person, year, language = actor(), this_year(), current_language()
    reviews, books = may_review(person), may_keep_books(person)
    waiting = office.waiting_by_state() if reviews else {}
    states = _states_for(person)
    debts, deposits = office.money_waiting() if books else ([], office.Deposits())
    overdue = _overdue(language) if books else []
    found = faults() if books else None
    matters = (
        _application_matters(person, waiting)
        + _money_matters(debts, deposits, overdue)
        + _faulty(person, found)
        + (_posting_matters(postings_waiting()) if may_run_rounds(person) else [])
        + (_placement_matters(placements_in_hand()) if may_run_rounds(person) else [])
        + (_run_matters(runs_in_hand()) if may_run_rounds(person) else [])
        + (_interest_matters() if may_run_rounds(person) else [])
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
    )


def _pending(states: tuple[ApplicationState, ...], language: str) -> list[tuple[Any, ...]]:
    """Id, company, receipt number, state, its word, days waiting, priority."""
    words, today = in_words(APPLICATION_LABELS), clock.today()
    return [
        (id, company, number, state, words[state], (today - clock.day_of(moved_at)).days, is_priority)
        for id, company, number, state, moved_at, is_priority in office.longest_waiting(states, language)
    ]


def _overdue(language: str) -> list[tuple[Any, ...]]:
    """Id, number, company, day due, open amount, days late."""
    today = clock.today()
    return [(*row, (today - row[3]).days) for row in office.longest_overdue(language)]


def _states_for(person: Actor) -> tuple[ApplicationState, ...]:
    """Which applications wait for this person rather than for somebody else."""
    states: tuple[ApplicationState, ...] = ()
    if not person.staff_roles.isdisjoint(CHECKING_ROLES):
        states += (ApplicationState.SUBMITTED,)
    if not person.staff_roles.isdisjoint(DECIDING_ROLES):
        states += TO_DECIDE
    return states


def _application_matters(person: Actor, waiting: dict[ApplicationState, office.Waiting]) -> list[Matter]:
    mine = _states_for(person)
    to_check = waiting.get(ApplicationState.SUBMITTED, office.Waiting())
    returned = waiting.get(ApplicationState.RETURNED, office.Waiting())
    to_decide = [waiting[state] for state in TO_DECIDE if state in waiting]
    found = []
    if to_check.count and ApplicationState.SUBMITTED in mine:
        title = ngettext("%(num)d application to check", "%(num)d applications to check", to_check.count)
        found.append(Matter(title, to_check.days, _("Check"), _queue(ApplicationState.SUBMITTED)))
    if to_decide and ApplicationState.CHECKED in mine:
        count = sum(each.count for each in to_decide)
        title = ngettext("%(num)d application to decide", "%(num)d applications to decide", count)
        days = max(each.days for each in to_decide)
        found.append(Matter(title, days, _("Decide"), _queue(ApplicationState.CHECKED)))
    if returned.count:
        title = ngettext(
            "%(num)d application is with its company for correction",
            "%(num)d applications are with their companies for correction",
            returned.count,
        )
        found.append(Matter(title, returned.days, _("See"), _queue(ApplicationState.RETURNED), is_ours=False))
    return found


def _money_matters(
    debts: list[office.Debt], deposits: office.Deposits, overdue: list[tuple[Any, ...]]
) -> list[Matter]:
    found = []
    if deposits.count:
        title = ngettext(
            "%(num)d deposit to be decided: %(amount)s",
            "%(num)d deposits to be decided: %(amount)s",
            deposits.count,
            amount=yen(deposits.yen),
        )
        found.append(Matter(title, deposits.days, _("Match"), url_for("billing_staff.list_deposits")))
    late = sum(debt.count for debt in debts if debt.late_from is not None)
    if late:
        title = ngettext("%(num)d invoice is overdue", "%(num)d invoices are overdue", late)
        found.append(Matter(title, overdue[0][-1], _("See"), _invoices("overdue")))
    owed = sum(debt.count for debt in debts)
    if owed:
        title = ngettext(
            "Record bank transfers: %(num)d invoice is open",
            "Record bank transfers: %(num)d invoices are open",
            owed,
        )
        found.append(Matter(title, None, _("Record"), _invoices("unpaid")))
    return found


def _posting_matters(waiting: office.Waiting) -> list[Matter]:
    if not waiting.count:
        return []
    title = ngettext(
        "%(num)d internship posting to review", "%(num)d internship postings to review", waiting.count
    )
    return [Matter(title, waiting.days, _("Read"), url_for("internships_staff.list_rounds"))]


def _interest_matters() -> list[Matter]:
    questions, alone, found = questions_in_hand(), unsupervised_students(), []
    if questions.count:
        title = ngettext(
            "%(num)d question or answer to forward",
            "%(num)d questions or answers to forward",
            questions.count,
        )
        where = url_for("internships_staff.list_questions")
        found.append(Matter(title, questions.days, _("Read"), where))
    if alone.count:
        title = ngettext(
            "%(num)d student has named no supervisor, and interest waits",
            "%(num)d students have named no supervisor, and interest waits",
            alone.count,
        )
        where = url_for("internships_staff.list_rounds")
        found.append(Matter(title, alone.days, _("See"), where, is_ours=False))
    return found


def _run_matters(waiting: office.Waiting) -> list[Matter]:
    if not waiting.count:
        return []
    title = ngettext(
        "%(num)d round is locked and waits for its result",
        "%(num)d rounds are locked and wait for their results",
        waiting.count,
    )
    return [Matter(title, waiting.days, _("Run the match"), url_for("internships_staff.list_rounds"))]


def _placement_matters(waiting: office.Waiting) -> list[Matter]:
    if not waiting.count:
        return []
    title = ngettext(
        "%(num)d internship needs the office", "%(num)d internships need the office", waiting.count
    )
    where = url_for("placements_staff.list_placements", state="waiting")
    return [Matter(title, waiting.days, _("See"), where)]


def _faulty(person: Actor, found: Faults | None) -> list[Matter]:
    """What broke or was asked for and waits for a hand, each with its one button."""
    if found is None:
        return []
    matters = []
    for hand in ASKED + (BROKEN if Role.ADMINISTRATOR in person.staff_roles else ()):
        waiting: office.Waiting = getattr(found, hand.waiting)
        if waiting.count:
            days = waiting.days if waiting.since else None
            matters.append(Matter(hand.words(waiting.count), days, str(hand.action), url_for(hand.endpoint)))
    return matters


def _queue(state: ApplicationState) -> str:
    return url_for("membership_staff.list_applications", state=state.value)


def _invoices(chip: str) -> str:
    return url_for("billing_staff.list_invoices", show=chip)


def _span_words(debt: office.Debt) -> str:
    if debt.late_from is None:
        return str(_("Not due yet"))
    if debt.late_to is None:
        return str(_("More than %(days)s days late", days=debt.late_from - 1))
    return str(_("%(first)s to %(last)s days late", first=debt.late_from, last=debt.late_to))
