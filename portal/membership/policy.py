"""Who may do what with an application. Pure: the person and the row, nothing else.

Company administrators and the representative act for their company; whoever began a draft, and those it was shared with
(`shared`), act for it as well. Once the company is settled, who began it does so only while belonging to the company. The
office checks; the committee decides, or the secretariat writes its decision down. Nobody reviews an application of a company
that they belong to, or one that they had a hand in (`hands`: the numbers of all who had, see `queries.hands_on`).
"""

from __future__ import annotations

from collections.abc import Collection

from portal.accounts.enums import Role
from portal.core.access import Actor
from portal.domain.application_flow import ApplicationState, Mover, allowed_next, may_decide
from portal.membership.models import Application

ACTING_ROLES = (Role.COMPANY_ADMIN, Role.REPRESENTATIVE)
CHECKING_ROLES = frozenset({Role.SECRETARIAT})
DECIDING_ROLES = frozenset({Role.STEERING_COMMITTEE, Role.SECRETARIAT})
RENEWAL_ROLES = frozenset({Role.SECRETARIAT, Role.ADMINISTRATOR})
REVIEWING_ROLES = CHECKING_ROLES | DECIDING_ROLES | {Role.ADMINISTRATOR}


def acts_for(person: Actor, application: Application, *, shared: bool = False) -> bool:
    """Reads and works on the application as an applicant."""
    if shared:
        return True
    body = application.organisation_id
    if application.started_by_id == person.id and (body is None or body in person.organisation_ids):
        return True
    return body in person.organisations_with(*ACTING_ROLES)


def may_edit(person: Actor, application: Application, *, shared: bool = False) -> bool:
    """Change what it says: a draft, or one that came back."""
    return application.state.is_editable and acts_for(person, application, shared=shared)


def may_withdraw(person: Actor, application: Application, *, shared: bool = False) -> bool:
    """Take it back before it is decided."""
    can = ApplicationState.WITHDRAWN in allowed_next(application.state, Mover.APPLICANT)
    return can and acts_for(person, application, shared=shared)


def may_change_order(application: Application) -> bool:
    """Give another purchase order number: sent in, and the invoice not issued yet."""
    return not application.state.is_editable and not application.state.is_final


def may_keep_renewals(person: Actor, organisation_id: int) -> bool:
    """Act on a company's renewal for the office: nobody does for a company that they belong to."""
    keeps = not person.staff_roles.isdisjoint(RENEWAL_ROLES)
    return keeps and organisation_id not in person.organisation_ids


def may_review(person: Actor) -> bool:
    """Read applications of all companies."""
    return not person.staff_roles.isdisjoint(REVIEWING_ROLES)


def is_party(person: Actor, application: Application, hands: Collection[int]) -> bool:
    """Belongs to the company, or had a hand in the application: cannot judge it."""
    return person.id in hands or application.organisation_id in person.organisation_ids


def may_check(person: Actor, application: Application, hands: Collection[int]) -> bool:
    """Check it now."""
    can = ApplicationState.CHECKED in allowed_next(application.state, Mover.CHECKER)
    return (
        can and _is_office(person, application, hands) and not person.staff_roles.isdisjoint(CHECKING_ROLES)
    )


def may_return(person: Actor, application: Application, hands: Collection[int]) -> bool:
    """Send it back for correction now: the secretariat, and the committee once it has been checked."""
    can = ApplicationState.RETURNED in allowed_next(application.state, mover_of(person))
    acts = not person.staff_roles.isdisjoint(CHECKING_ROLES | DECIDING_ROLES)
    return can and acts and _is_office(person, application, hands)


def may_decide_on(person: Actor, application: Application, hands: Collection[int]) -> bool:
    """Decide now: the committee's turn, and somebody else has checked."""
    can = ApplicationState.APPROVED in allowed_next(application.state, Mover.DECIDER)
    if not can or not _is_office(person, application, hands) or person.staff_roles.isdisjoint(DECIDING_ROLES):
        return False
    return may_decide(application.checked_by_id, person.id).is_allowed


def mover_of(person: Actor) -> Mover:
    """In which capacity somebody of the office sends an application back."""
    return Mover.CHECKER if not person.staff_roles.isdisjoint(CHECKING_ROLES) else Mover.DECIDER


def _is_office(person: Actor, application: Application, hands: Collection[int]) -> bool:
    return may_review(person) and not is_party(person, application, hands)
