"""Who may do what with people and organisations. Pure: only the person who asks is looked at."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.core.access import Actor

CAREER_OFFICE = frozenset({Role.CAREER_SUPPORT, Role.ADMINISTRATOR})
HOSTING_ROLES = (Role.MENTOR, Role.COMPANY_ADMIN)


def hosting_organisations(person: Actor) -> tuple[int, ...]:
    """Companies for which the person takes in interns. Whoever may be a candidate judges none: a doctoral student has no say and
    no sight as a host, in whatever round, since they could read first and apply afterwards."""
    return () if person.has(Role.STUDENT) else person.organisations_with(*HOSTING_ROLES)


def may_manage_people(person: Actor, organisation_id: int) -> bool:
    """Its own administrator; the portal's administrator everywhere (a company whose administrator has left needs one)."""
    if Role.ADMINISTRATOR in person.staff_roles:
        return True
    return organisation_id in person.organisations_with(Role.COMPANY_ADMIN)


def may_govern(person: Actor) -> bool:
    """Disable people, reset second factors, give staff roles."""
    return Role.ADMINISTRATOR in person.staff_roles


def may_support_careers(person: Actor) -> bool:
    """Look after students: invite them and their supervisors, record what they have earned."""
    return not person.staff_roles.isdisjoint(CAREER_OFFICE)
