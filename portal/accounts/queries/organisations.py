"""Find organisations and those who look after their people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import _

MANAGERS = (Role.COMPANY_ADMIN, Role.ADMINISTRATOR)


def name_column(language: str) -> Any:
    """`Organisation.name` as a column of a list."""
    names = Organisation.__table__.c
    return func.coalesce(func.nullif(names.name_en, ""), names.name_ja) if language == "en" else names.name_ja


def organisation_for(person: Actor, organisation_id: int) -> Organisation:
    """An organisation whose people page `person` may open; raises NotFound for all others."""
    if organisation_id not in person.organisation_ids and Role.ADMINISTRATOR not in person.staff_roles:
        raise NotFound
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def organisation_by_number(corporate_number: str) -> Organisation | None:
    """The organisation that has this corporate number (13 digits)."""
    by_number = select(Organisation).where(Organisation.corporate_number == corporate_number)
    return db.session.scalars(by_number).one_or_none()


def company_called(words: str) -> Organisation | None:
    """By corporate number, or by its whole name where only one has it."""
    found = organisation_by_number(words)
    if found is not None:
        return found
    named = select(Organisation).where((Organisation.name_ja == words) | (Organisation.name_en == words))
    same = db.session.scalars(named.limit(2)).all()
    return same[0] if len(same) == 1 else None


def managers_of(organisation_id: int) -> list[Person]:
    """Those who look after an organisation's people: whom to ask."""
    statement = (
        select(Person)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(
            Affiliation.organisation_id == organisation_id,
            Affiliation.role.in_(MANAGERS),
            Affiliation.ended_at.is_(None),
            Person.is_disabled.is_(False),
        )
        .order_by(Affiliation.id)
    )
    return list(db.session.scalars(statement))


def names_of_managers(organisation_id: int) -> str:
    """Their names in one line; empty when there is nobody."""
    return str(_(", ")).join(person.name for person in managers_of(organisation_id))
