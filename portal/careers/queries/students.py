"""Doctoral students as the career-support office sees them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select

from portal.accounts.enums import ACADEMIC_ROLES, CredentialKind, InvitationState, OrganisationKind, Role
from portal.accounts.models import Affiliation, Credential, Invitation, Organisation, Person
from portal.accounts.queries import name_column
from portal.careers.models import Supervision
from portal.careers.policy import may_support_careers
from portal.core.access import Actor
from portal.core.db import any_of, ask, db, written
from portal.core.errors import NotFound
from portal.core.i18n import current_language
from portal.core.pages import Listing, Slice
from portal.core.wildcards import containing

MOST_UNIVERSITIES = 500
MOST_INVITATIONS = 100
_people, _held, _bodies = Person.__table__.c, Affiliation.__table__.c, Organisation.__table__.c
_earned, _led = Credential.__table__.c, Supervision.__table__.c


@dataclass(frozen=True, slots=True)
class Student:
    """One student; `trained_on` None: the training is not completed."""

    id: int
    name: str
    email: str
    university: str
    trained_on: date | None


def list_students(
    person: Actor, *, text: str, is_trained: bool | None, cursor: str | None, language: str
) -> Slice[Any]:
    """Rows of id, name, address, university, day of the training or None, supervisor's name or None; by kana.

    The name, its reading, the address or the university contains `text`.
    """
    _require_office(person)
    typed: dict[str, Any] = {}
    if text:
        typed = {"like": containing(text), "key_like": containing(text.casefold())}
    return _listing(language, is_trained, bool(text)).slice(cursor, **typed)


@cache
def _listing(language: str, is_trained: bool | None, is_searched: bool) -> Listing:
    statement = _students(language, _led.name)
    statement = statement.outerjoin(
        Supervision.__table__, and_(_led.student_id == _people.id, _led.ended_at.is_(None))
    )
    if is_trained is not None:
        statement = statement.where(_earned.id.is_not(None) if is_trained else _earned.id.is_(None))
    if is_searched:
        names = (_people.name, _people.name_kana, _bodies.name_ja, _bodies.name_en)
        found = [name.ilike(bindparam("like"), escape="\\") for name in names]
        statement = statement.where(or_(*found, _people.email_key.like(bindparam("key_like"), escape="\\")))
    return Listing(statement, (_people.name_kana, False), (_people.id, False), (_held.id, False))


@cache
def _students(language: str, *more: Any) -> Select[Any]:
    """Those who hold the role today, a row for each university."""
    trained = and_(
        _earned.person_id == _people.id, _earned.revoked_at.is_(None),
        _earned.kind.in_(written(CredentialKind.TRAINING)),
    )  # fmt: skip
    return (
        select(_people.id, _people.name, _people.email, name_column(language), _earned.earned_on, *more)
        .join_from(Person.__table__, Affiliation.__table__, _held.person_id == _people.id)
        .join(Organisation.__table__, _bodies.id == _held.organisation_id)
        .outerjoin(Credential.__table__, trained)
        .where(_held.role.in_(written(Role.STUDENT)), _held.ended_at.is_(None))
    )


def student_for_office(person: Actor, student_id: int) -> Student:
    """One of them; raises NotFound."""
    _require_office(person)
    found = students_by_id([student_id])
    if student_id not in found:
        raise NotFound
    return found[student_id]


def students_by_id(student_ids: Collection[int]) -> dict[int, Student]:
    """Those of `student_ids` who are students today, with the university that they joined first."""
    return _by(_people.id, student_ids)


def students_by_key(keys: Collection[str]) -> dict[str, Student]:
    """Students of today by the keys of their addresses."""
    return _by(_people.email_key, keys)


def _by(column: Any, values: Collection[Any]) -> dict[Any, Student]:
    if not values:
        return {}
    statement = (
        _students(current_language(), column).where(column.in_(any_of("wanted"))).order_by(_held.id.desc())
    )
    return {row[5]: Student(*row[:5]) for row in ask(statement, wanted=list(values))}


def universities() -> Sequence[Organisation]:
    """Where students and supervisors can belong, by kana."""
    kinds = (OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE)
    wanted = select(Organisation).where(Organisation.kind.in_(kinds))
    ordered = wanted.order_by(Organisation.name_kana, Organisation.id).limit(MOST_UNIVERSITIES)
    return db.session.scalars(ordered).all()


def open_invitations(person: Actor, language: str) -> Sequence[Any]:
    """Rows of invitation, university's name, inviter's name: offers to students and supervisors that wait, the newest first."""
    _require_office(person)
    statement = (
        select(Invitation, name_column(language), Person.name)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .join(Person, Person.id == Invitation.invited_by_id)
        .where(
            Organisation.kind.in_((OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE)),
            Invitation.state == InvitationState.PENDING,
        )
        .order_by(Invitation.id.desc())
        .limit(MOST_INVITATIONS)
    )
    return [row for row in db.session.execute(statement) if _is_academic(row[0])]


def open_invitation(person: Actor, invitation_id: int) -> tuple[Invitation, Organisation]:
    """One of them with its university; raises NotFound."""
    _require_office(person)
    statement = select(Invitation, Organisation).join(
        Organisation, Organisation.id == Invitation.organisation_id
    )
    row = db.session.execute(statement.where(Invitation.id == invitation_id)).one_or_none()
    if row is None or not _is_academic(row[0]):
        raise NotFound
    return row[0], row[1]


def _is_academic(invitation: Invitation) -> bool:
    return set(invitation.roles) <= ACADEMIC_ROLES


def _require_office(person: Actor) -> None:
    if not may_support_careers(person):
        raise NotFound
