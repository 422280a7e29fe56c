"""Find people."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.accounts.policy import HOSTING_ROLES
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.email_keys import email_key
from portal.notifications.services import Recipient


def find_person(person_id: int) -> Person:
    """The person of this number; raises NotFound."""
    found = db.session.get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def person_by_email(email: str) -> Person | None:
    """Whose address this is, by its key form; None for nobody and for what is no address."""
    key = email_key(email)
    return db.session.scalars(select(Person).where(Person.email_key == key)).one_or_none() if key else None


def people_of(organisation: Organisation, *roles: Role) -> list[Person]:
    """People who hold any of `roles` (none given: any role) for it today, each once, the longest-standing first."""
    statement = (
        select(Person)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(
            Affiliation.organisation_id == organisation.id,
            Affiliation.ended_at.is_(None),
            Person.is_disabled.is_(False),
        )
        .order_by(Affiliation.id)
    )
    if roles:
        statement = statement.where(Affiliation.role.in_(roles))
    return list(db.session.scalars(statement).unique())


def hosts_of(organisation: Organisation) -> list[Person]:
    """Who takes in interns for it (`policy.hosting_organisations`): its mentors and administrators who are no doctoral students."""
    people = people_of(organisation, *HOSTING_ROLES)
    standing = (Affiliation.role == Role.STUDENT, Affiliation.ended_at.is_(None))
    ours = Affiliation.person_id.in_([person.id for person in people])
    students = set(db.session.scalars(select(Affiliation.person_id).where(ours, *standing)))
    return [person for person in people if person.id not in students]


def names_at(organisation_id: int, person_ids: set[int]) -> dict[int, str]:
    """Names by number of those among `person_ids` who belong to it or did once: what was done stays theirs."""
    if not person_ids:
        return {}
    ever = select(Affiliation.person_id).where(Affiliation.organisation_id == organisation_id)
    found = select(Person.id, Person.name).where(Person.id.in_(person_ids), Person.id.in_(ever))
    return {row.id: row.name for row in db.session.execute(found)}


def staff_with(*roles: Role) -> list[Person]:
    """People of the consortium's office who hold any of `roles` today, each once."""
    statement = (
        select(Person)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(Affiliation.role.in_(roles), Affiliation.ended_at.is_(None), Person.is_disabled.is_(False))
        .order_by(Affiliation.id)
    )
    return list(db.session.scalars(statement).unique())


def recipient_for(person: Person, organisation: Organisation | None = None) -> Recipient:
    """The person as the reader of a mail, addressed as of `organisation` when one is given."""
    return Recipient(
        email=person.email,
        name=person.name,
        organisation=organisation.name(person.language) if organisation else "",
        language=person.language,
        person_id=person.id,
    )
