"""Who may read and who may change settings. Pure."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.core.access import Actor

READING_ROLES = (Role.SECRETARIAT, Role.ADMINISTRATOR)
CHANGING_ROLES = (Role.ADMINISTRATOR,)


def may_change(person: Actor) -> bool:
    """Change settings, search the trail, try failed work again."""
    return Role.ADMINISTRATOR in person.staff_roles
