"""Who may do what with people and organisations. Pure: only the person who asks is looked at."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.core.access import Actor

CAREER_OFFICE = frozenset({Role.CAREER_SUPPORT, Role.ADMINISTRATOR})


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
