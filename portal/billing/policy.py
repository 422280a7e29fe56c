"""Who may do what with money."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.core.access import Actor

PAYING_ROLES = (Role.BILLING, Role.COMPANY_ADMIN, Role.REPRESENTATIVE)
BOOKKEEPING_ROLES = (Role.SECRETARIAT, Role.ADMINISTRATOR)


def paying_organisations(person: Actor) -> tuple[int, ...]:
    """Organisations whose documents the person sees and may pay."""
    return person.organisations_with(*PAYING_ROLES)


def may_keep_books(person: Actor) -> bool:
    """Record transfers, undo them, change the issuer's data."""
    return person.has(*BOOKKEEPING_ROLES)
