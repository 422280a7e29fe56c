"""An organisation's people with their roles, and its invitations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Invitation, Organisation, Person
from portal.core.db import db
from portal.core.errors import NotFound

MOST_MEMBERS = 500
MOST_INVITATIONS = 100


@dataclass
class Member:
    """One person of an organisation; `roles` in the order of the enum."""

    person: Person
    roles: list[Role] = field(default_factory=list)
    department: str = ""
    title: str = ""


def members_of(organisation_id: int) -> list[Member]:
    """People with open roles, by kana and name; one statement."""
    statement = (
        select(Person, Affiliation)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(Affiliation.organisation_id == organisation_id, Affiliation.ended_at.is_(None))
        .order_by(Person.name_kana, Person.name, Person.id)
        .limit(MOST_MEMBERS)
    )
    found: dict[int, Member] = {}
    for person, affiliation in db.session.execute(statement):
        member = found.setdefault(person.id, Member(person))
        member.roles.append(affiliation.role)
        member.department = member.department or affiliation.department
        member.title = member.title or affiliation.title
    order = list(Role)
    for member in found.values():
        member.roles.sort(key=order.index)
    return list(found.values())


def member_of(organisation_id: int, person_id: int) -> Member:
    """One of them; raises NotFound for everybody else."""
    statement = (
        select(Person, Affiliation)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(
            Affiliation.organisation_id == organisation_id,
            Affiliation.person_id == person_id,
            Affiliation.ended_at.is_(None),
        )
    )
    rows = db.session.execute(statement).all()
    if not rows:
        raise NotFound
    return Member(rows[0][0], [affiliation.role for _, affiliation in rows])


def invitations_of(organisation_id: int) -> Sequence[tuple[Invitation, str]]:
    """Pairs of (invitation, name of who sent it), the newest first."""
    statement = (
        select(Invitation, Person.name)
        .join(Person, Person.id == Invitation.invited_by_id)
        .where(Invitation.organisation_id == organisation_id)
        .order_by(Invitation.id.desc())
        .limit(MOST_INVITATIONS)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def invitation_of(organisation: Organisation, invitation_id: int) -> Invitation:
    """One of the organisation's invitations; raises NotFound."""
    statement = select(Invitation).where(
        Invitation.id == invitation_id, Invitation.organisation_id == organisation.id
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found
