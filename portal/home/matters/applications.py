"""Applications that wait for the office."""

from __future__ import annotations

from portal.core.access import Actor
from portal.core.i18n import _, ngettext
from portal.core.links import url_for
from portal.domain.application_flow import ApplicationState
from portal.home.matters import Matter
from portal.home.queries import office
from portal.membership.policy import CHECKING_ROLES, DECIDING_ROLES

TO_DECIDE = (ApplicationState.CHECKED, ApplicationState.DEFERRED)


def states_for(person: Actor) -> tuple[ApplicationState, ...]:
    """Which applications wait for this person rather than for somebody else."""
    states: tuple[ApplicationState, ...] = ()
    if not person.staff_roles.isdisjoint(CHECKING_ROLES):
        states += (ApplicationState.SUBMITTED,)
    if not person.staff_roles.isdisjoint(DECIDING_ROLES):
        states += TO_DECIDE
    return states


def application_matters(person: Actor, waiting: dict[ApplicationState, office.Waiting]) -> list[Matter]:
    mine = states_for(person)
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


def _queue(state: ApplicationState) -> str:
    return url_for("membership_staff.list_applications", state=state.value)
