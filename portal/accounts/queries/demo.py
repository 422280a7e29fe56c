"""The invented people of the demonstration, for signing in with one click."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.accounts.queries.demo_hints import HINTS
from portal.core.db import db
from portal.core.i18n import _, current_language
from portal.domain.romanisation import in_latin_letters

MOST_ROWS = 600
# Each person stands under the first of these that they hold.
ORDER = (
    Role.ADMINISTRATOR, Role.SECRETARIAT, Role.STEERING_COMMITTEE, Role.CAREER_SUPPORT, Role.HUB_COORDINATOR,
    Role.COMPANY_ADMIN, Role.REPRESENTATIVE, Role.BILLING, Role.TRAINING, Role.LIAISON, Role.WORKING_GROUPS,
    Role.MENTOR, Role.PARTICIPANT, Role.STUDENT, Role.SUPERVISOR,
)  # fmt: skip


@dataclass
class Invented:
    """One person on the sign-in page; `hint` says what for."""

    id: int
    name: str
    organisation: str
    hint: Any = ""
    roles: set[Role] = field(default_factory=set)


def demo_people() -> list[tuple[Any, list[Invented]]]:
    """Pairs of (label of a role, the people who hold it), and at the end who belongs nowhere yet."""
    statement = (
        select(Person, Organisation, Affiliation.role)
        .outerjoin(Affiliation, and_(Affiliation.person_id == Person.id, Affiliation.ended_at.is_(None)))
        .outerjoin(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(Person.is_disabled.is_(False))
        .order_by(Affiliation.id, Person.id)
    )
    people: dict[int, Invented] = {}
    for person, organisation, role in db.session.execute(statement.limit(MOST_ROWS)):
        known = people.setdefault(person.id, _invented(person, organisation))
        known.roles |= {role} if role else set()
    by_role = defaultdict(list)
    for known in people.values():
        by_role[min(known.roles, key=ORDER.index, default=None)].append(known)
    listed: list[tuple[Any, list[Invented]]] = [
        (role.label, by_role[role]) for role in ORDER if by_role[role]
    ]
    return [*listed, (_("Belongs to no company yet"), by_role[None])] if by_role[None] else listed


def _invented(person: Person, organisation: Organisation | None) -> Invented:
    """In the reader's language: names in Latin letters for those who read English."""
    language = current_language()
    latin = in_latin_letters(person.name_kana) if language == "en" and not person.name.isascii() else ""
    where = organisation.name(language) if organisation else ""
    return Invented(person.id, latin or person.name, where, HINTS.get(person.email, ""))
