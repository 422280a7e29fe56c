"""The office's lists of organisations and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, func, or_, select, type_coerce

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Affiliation, Organisation, Passkey, Person, TotpSecret, UserSession
from portal.accounts.queries.organisations import name_column
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.core.wildcards import containing
from portal.domain.lookalikes import LookAlike, find_look_alikes, skeleton
from portal.domain.organisation_numbers import normalise_number

MOST_COMPARED = 2000


@dataclass(frozen=True)
class Held:
    """A role that a person holds, with its organisation."""

    role: Role
    organisation: Organisation


def list_organisations(
    *, kind: OrganisationKind | None, text: str, cursor: str | None, language: str
) -> Slice[Any]:
    """Rows of id, name, kana, kind, number and head count, by kana; the name or number contains `text`."""
    typed: dict[str, Any] = {"like": containing(text)} if text else {}
    number = normalise_number(text).removeprefix("T")
    if len(number) >= 3 and number.isdigit():
        typed["number"] = f"{number}%"
    return _organisations(kind, language, frozenset(typed)).slice(cursor, **typed)


@cache
def _organisations(kind: OrganisationKind | None, language: str, typed: frozenset[str]) -> Listing:
    bodies, held = Organisation.__table__.c, Affiliation.__table__.c
    people = (
        select(func.count(held.person_id.distinct()))
        .where(held.organisation_id == bodies.id, held.ended_at.is_(None))
        .scalar_subquery()
    )
    its_kind = type_coerce(bodies.kind, String)
    statement = select(
        bodies.id, name_column(language), bodies.name_kana, its_kind, bodies.corporate_number, people
    )
    if kind is not None:
        statement = statement.where(bodies.kind == kind)
    if typed:
        names = (bodies.name_ja, bodies.name_kana, bodies.name_en)
        found = [name.ilike(bindparam("like"), escape="\\") for name in names]
        if "number" in typed:
            found.append(bodies.corporate_number.like(bindparam("number")))
        statement = statement.where(or_(*found))
    return Listing(statement, (bodies.name_kana, False), (bodies.id, False))


def find_organisation(organisation_id: int) -> Organisation:
    """The organisation of this number; raises NotFound. For the office, which may read all."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def list_people(*, text: str, cursor: str | None) -> Slice[Any]:
    """Rows of id, name, address and whether closed, by kana; the name or address contains `text`."""
    typed: dict[str, Any] = {}
    if text:
        typed = {"like": containing(text), "key_like": containing(text.casefold())}
    return _people(bool(text)).slice(cursor, **typed)


@cache
def _people(is_searched: bool) -> Listing:
    people = Person.__table__.c
    statement = select(people.id, people.name, people.email, people.is_disabled)
    if is_searched:
        statement = statement.where(
            or_(
                people.name.ilike(bindparam("like"), escape="\\"),
                people.name_kana.ilike(bindparam("like"), escape="\\"),
                people.email_key.like(bindparam("key_like"), escape="\\"),
            )
        )
    return Listing(statement, (people.name_kana, False), (people.id, False))


def roles_in_words(person_ids: Sequence[int], language: str) -> dict[int, list[tuple[str, str]]]:
    """The open roles of these people as (organisation, role) in the reader's words; one statement."""
    words = {role.value: str(role.label) for role in Role}
    found: dict[int, list[tuple[str, str]]] = {}
    for person_id, organisation, role in db.session.connection().execute(
        _open_roles(language), {"people": person_ids}
    ):
        found.setdefault(person_id, []).append((organisation, words[role]))
    return found


@cache
def _open_roles(language: str) -> Select[Any]:
    held = Affiliation.__table__.c
    return (
        select(held.person_id, name_column(language), type_coerce(held.role, String))
        .join_from(Affiliation.__table__, Organisation.__table__, Organisation.id == held.organisation_id)
        .where(held.person_id.in_(bindparam("people", expanding=True)), held.ended_at.is_(None))
        .order_by(held.id)
    )


def roles_of(person_ids: Sequence[int]) -> dict[int, list[Held]]:
    """Open roles of these people, each with its organisation; one statement."""
    statement = (
        select(Affiliation.person_id, Affiliation.role, Organisation)
        .join(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(Affiliation.person_id.in_(person_ids), Affiliation.ended_at.is_(None))
        .order_by(Affiliation.id)
    )
    found: dict[int, list[Held]] = {}
    for person_id, role, organisation in db.session.execute(statement):
        found.setdefault(person_id, []).append(Held(role, organisation))
    return found


def sign_in_facts(person_id: int) -> dict[str, Any]:
    """What the office sees of somebody's sign-in: which factors there are, open sessions, the last sign-in. No secrets."""
    alive = (
        UserSession.person_id == person_id,
        UserSession.ended_at.is_(None),
        UserSession.expires_at > clock.now(),
    )
    confirmed = (TotpSecret.person_id == person_id, TotpSecret.confirmed_at.is_not(None))
    row = db.session.execute(
        select(
            select(func.count()).select_from(TotpSecret).where(*confirmed).scalar_subquery(),
            select(func.count()).select_from(Passkey).where(Passkey.person_id == person_id).scalar_subquery(),
            select(func.count()).select_from(UserSession).where(*alive).scalar_subquery(),
            select(func.max(UserSession.created_at))
            .where(UserSession.person_id == person_id)
            .scalar_subquery(),
        )
    ).one()
    return {"has_totp": bool(row[0]), "passkeys": row[1], "sessions": row[2], "last_sign_in": row[3]}


def look_alikes_of(person: Person) -> tuple[LookAlike, ...]:
    """Addresses that a tired eye takes for this one; and letters of several alphabets in it.

    Compared are addresses of the same length give or take one, which covers pairs like rn and m.
    """
    length = len(person.email_key)
    near = select(Person.email_key).where(
        Person.id != person.id, func.length(Person.email_key).between(length - 1, length + 1)
    )
    shape = skeleton(person.email_key)
    known = db.session.scalars(near.order_by(Person.id.desc()).limit(MOST_COMPARED))
    return find_look_alikes(person.email_key, [other for other in known if skeleton(other)[:1] == shape[:1]])
