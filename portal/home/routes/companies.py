"""The home of a company's people: what to do now, membership, papers, colleagues, meetings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.enums import ACADEMIC_ROLES, Role
from portal.billing.policy import paying_organisations
from portal.core import access, clock
from portal.core.access import Actor, actor
from portal.core.errors import NotFound
from portal.core.pages import page
from portal.home.duties import Task, in_order, membership, papers
from portal.home.duties.academics import academic_tasks
from portal.home.duties.agreements import agreement_tasks
from portal.home.duties.hosting import hosting_tasks
from portal.home.duties.people import people_tasks
from portal.home.duties.placements import placement_tasks
from portal.home.duties.rankings import ranking_tasks
from portal.home.queries import companies
from portal.home.routes.blueprint import blueprint
from portal.membership.enums import OPEN_STATES, WindowState
from portal.membership.models import Application, ApplicationWindow
from portal.membership.policy import ACTING_ROLES
from portal.membership.queries import applications_of, this_year, windows
from portal.membership.queries.renewals import asked_of, unpaid_of_halted

SHOWN_PAPERS = 5
SHOWN_PEOPLE = 6


@dataclass(frozen=True, slots=True)
class _Read:
    """Everything the page is made of, read once."""

    applications: Sequence[Application]
    windows: Sequence[ApplicationWindow]
    papers: Sequence[companies.Paper]
    offers: Sequence[companies.Offer]

    @property
    def open_windows(self) -> list[ApplicationWindow]:
        now = clock.now()
        return [w for w in reversed(self.windows) if w.state_at(now) is WindowState.OPEN]


@blueprint.get("/home")
@access.signed_in
def show_home() -> Response:
    """What to do now; one organisation at a time, chosen by `organisation` where there are several."""
    person = actor()
    names = companies.companies_of(person)
    if not names and person.is_staff:
        return redirect(url_for("home_staff.show_office"))
    if not names and person.has(*ACADEMIC_ROLES):
        return page(
            "home/show_academic.html",
            is_student=person.has(Role.STUDENT),
            tasks=_linked(academic_tasks(person)),
        )
    read = _Read(
        applications_of(person).items, windows(), companies.papers_of(person), companies.offers_of(person)
    )
    if not names:
        return _without_company(read)
    return _with_company(person, names, _chosen(names), read)


def _chosen(names: dict[int, str]) -> int:
    wanted = request.args.get("organisation", "")
    if not wanted:
        return next(iter(names))
    if not wanted.isascii() or not wanted.isdecimal() or len(wanted) > 18 or int(wanted) not in names:
        raise NotFound
    return int(wanted)


def _without_company(read: _Read) -> Response:
    by_year = {window.fiscal_year: window for window in read.windows}
    tasks = membership.application_tasks(read.applications, by_year) + papers.offer_tasks(
        read.offers,
        {(None, a.fiscal_year) for a in read.applications},
        {w.fiscal_year for w in read.open_windows},
    )
    return page(
        "home/show_start.html",
        tasks=_linked(tasks),
        under_way=[a for a in read.applications if a.state in OPEN_STATES],
        windows=read.open_windows,
        upcoming=[w for w in reversed(read.windows) if w.state_at(clock.now()) is WindowState.UPCOMING],
    )


def _with_company(person: Actor, names: dict[int, str], chosen: int, read: _Read) -> Response:
    contracts = companies.contracts_of(person)
    terms = contracts.terms
    people = companies.people_in(chosen)
    manages = chosen in person.organisations_with(Role.COMPANY_ADMIN)
    acts = chosen in person.organisations_with(Role.COMPANY_ADMIN, Role.REPRESENTATIVE)
    ours = [a for a in read.applications if a.organisation_id == chosen]
    renewals = asked_of(person)
    known = [renewal for renewal in renewals if renewal.organisation_id == chosen]
    asked = known if acts else []
    taken: set[tuple[int | None, int]] = {
        (t.organisation_id, t.fiscal_year) for ts in terms.values() for t in ts
    }
    # a quote may have been asked for before the company was here
    taken |= {(body, a.fiscal_year) for a in read.applications for body in (a.organisation_id, None)}
    tasks = [
        *membership.application_tasks(read.applications, {w.fiscal_year: w for w in read.windows}),
        *papers.invoice_tasks(read.papers, names, unpaid_of_halted(renewals)),
        *papers.offer_tasks(read.offers, taken, {w.fiscal_year for w in read.open_windows}),
        *papers.quote_tasks(read.offers),
        *membership.seat_tasks(contracts.proposed.get(chosen, []) if acts else []),
        *membership.answer_tasks(asked),
        *membership.suspended_tasks(asked),
        *(membership.renewal_task(terms[chosen], ours, read.open_windows, asked) if acts else []),
        *ranking_tasks(person, chosen),
        *hosting_tasks(person, chosen),
        *agreement_tasks(person, chosen),
        *placement_tasks(person, chosen),
        *people_tasks(people.colleagues, people.invitations, chosen, manages=manages),
    ]
    return page(
        "home/show_home.html",
        chosen=chosen,
        acts=acts,
        name=names[chosen],
        organisations=names,
        tasks=_linked(tasks),
        under_way=[a for a in ours if a.state in OPEN_STATES],
        terms=terms[chosen],
        wishes=contracts.wishes,
        renewals=membership.renewals_under_way(known, terms[chosen], this_year()),
        answerers=[c.name for c in people.colleagues if {*c.roles} & {*ACTING_ROLES}],
        can_begin=acts and not terms[chosen] and not ours,
        windows=read.open_windows,
        papers=[p for p in read.papers if p.organisation_id == chosen][:SHOWN_PAPERS],
        sees_papers=chosen in paying_organisations(person),
        colleagues=people.colleagues,
        shown_people=SHOWN_PEOPLE,
    )


def _linked(tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """Tasks in order, as the task list wants them."""
    today = clock.today()
    return [
        {
            "title": task.title,
            "detail": task.detail,
            "due": task.due,
            "days_left": task.days_left(today),
            "action": task.action,
            "url": url_for(task.endpoint, **task.values),
        }
        for task in in_order(tasks)
    ]
