"""Who holds which role for an organisation: the rows, and the line of those who change them."""

from __future__ import annotations

from sqlalchemy import func, select, update

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.core import clock
from portal.core.db import db


def lock(organisation: Organisation) -> None:
    """Queue behind everybody who changes the people of this organisation."""
    db.session.execute(select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())


def representative_of(organisation: Organisation) -> Person | None:
    """The one representative, if there is one."""
    statement = select(Person).join(Affiliation, Affiliation.person_id == Person.id)
    holds = (Affiliation.organisation_id == organisation.id, Affiliation.role == Role.REPRESENTATIVE)
    return db.session.scalars(statement.where(*holds, Affiliation.ended_at.is_(None))).one_or_none()


def others_with(role: Role, person: Person, organisation: Organisation) -> int:
    """How many others who can sign in hold the role."""
    statement = (
        select(func.count())
        .select_from(Affiliation)
        .join(Person, Person.id == Affiliation.person_id)
        .where(
            Affiliation.organisation_id == organisation.id,
            Affiliation.role == role,
            Affiliation.ended_at.is_(None),
            Affiliation.person_id != person.id,
            Person.is_disabled.is_(False),
        )
    )
    return int(db.session.scalar(statement) or 0)


def open_row(person_id: int, organisation_id: int, role: Role) -> Affiliation | None:
    """The standing row, if the person holds the role."""
    statement = select(Affiliation).where(
        Affiliation.person_id == person_id,
        Affiliation.organisation_id == organisation_id,
        Affiliation.role == role,
        Affiliation.ended_at.is_(None),
    )
    return db.session.scalars(statement).one_or_none()


def held_roles(person_id: int, organisation_id: int) -> set[Role]:
    """Roles that the person holds for the organisation today."""
    statement = select(Affiliation.role).where(
        Affiliation.person_id == person_id,
        Affiliation.organisation_id == organisation_id,
        Affiliation.ended_at.is_(None),
    )
    return set(db.session.scalars(statement))


def add_row(person: Person, organisation: Organisation, role: Role, **more: str) -> Affiliation:
    """From today on; the same role twice is refused by the table."""
    made = Affiliation(
        person_id=person.id, organisation_id=organisation.id, role=role, starts_on=clock.today(), **more
    )
    db.session.add(made)
    db.session.flush()
    return made


def end_rows(person_id: int, organisation_id: int, role: Role) -> int:
    """The person holds the role no more; returns how many rows ended."""
    which = (
        Affiliation.person_id == person_id,
        Affiliation.organisation_id == organisation_id,
        Affiliation.role == role,
    )
    ended = update(Affiliation).where(*which, Affiliation.ended_at.is_(None)).values(ended_at=clock.now())
    return int(db.session.execute(ended, execution_options={"synchronize_session": "fetch"}).rowcount)  # type: ignore[attr-defined]
