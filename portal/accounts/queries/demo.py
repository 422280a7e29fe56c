"""The invented people of the demonstration, for signing in with one click."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.core.db import db
from portal.core.i18n import current_language

OF_EACH_ROLE = 3
MOST_ROWS = 600
# Each person stands under the first of these that they hold.
ORDER = (
    Role.ADMINISTRATOR, Role.SECRETARIAT, Role.STEERING_COMMITTEE, Role.CAREER_SUPPORT, Role.HUB_COORDINATOR,
    Role.COMPANY_ADMIN, Role.REPRESENTATIVE, Role.BILLING, Role.TRAINING, Role.LIAISON, Role.WORKING_GROUPS,
    Role.PARTICIPANT,
)  # fmt: skip


@dataclass
class Invented:
    """One person on the sign-in page."""

    id: int
    name: str
    organisation: str
    roles: set[Role] = field(default_factory=set)


def demo_people() -> list[tuple[Any, list[Invented]]]:
    """Pairs of (label of a role, up to three people who hold it)."""
    statement = (
        select(Person.id, Person.name, Organisation, Affiliation.role)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .join(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(Affiliation.ended_at.is_(None), Person.is_disabled.is_(False))
        .order_by(Affiliation.id)
    )
    people: dict[int, Invented] = {}
    for person_id, name, organisation, role in db.session.execute(statement.limit(MOST_ROWS)):
        known = people.setdefault(person_id, Invented(person_id, name, organisation.name(current_language())))
        known.roles.add(role)
    by_role = defaultdict(list)
    for person in people.values():
        by_role[min(person.roles, key=ORDER.index)].append(person)
    return [(role.label, by_role[role][:OF_EACH_ROLE]) for role in ORDER if by_role[role]]
