"""The office's lists of organisations and people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Affiliation, Organisation, Passkey, Person, TotpSecret, UserSession
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Slice, keyset
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
    bodies = Organisation.__table__.c
    name = (
        func.coalesce(func.nullif(bodies.name_en, ""), bodies.name_ja) if language == "en" else bodies.name_ja
    )
    people = (
        select(func.count(Affiliation.person_id.distinct()))
        .where(Affiliation.organisation_id == bodies.id, Affiliation.ended_at.is_(None))
        .scalar_subquery()
    )
    statement = select(bodies.id, name, bodies.name_kana, bodies.kind, bodies.corporate_number, people)
    if kind is not None:
        statement = statement.where(bodies.kind == kind)
    if text:
        statement = _named(statement, text)
    return keyset(statement, (bodies.name_kana, False), (bodies.id, False), cursor=cursor, plain=True)


def find_organisation(organisation_id: int) -> Organisation:
    """The organisation of this number; raises NotFound. For the office, which may read all."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def list_people(*, text: str, cursor: str | None) -> Slice[Any]:
    """Rows of id, name, address and whether closed, by kana; the name or address contains `text`."""
    people = Person.__table__.c
    statement = select(people.id, people.name, people.email, people.is_disabled)
    if text:
        like = f"%{_escaped(text)}%"
        statement = statement.where(
            or_(
                Person.name.ilike(like, escape="\\"),
                Person.name_kana.ilike(like, escape="\\"),
                Person.email_key.like(f"%{_escaped(text.casefold())}%", escape="\\"),
            )
        )
    return keyset(statement, (people.name_kana, False), (people.id, False), cursor=cursor, plain=True)


def roles_in_words(person_ids: Sequence[int], language: str) -> dict[int, list[tuple[str, str]]]:
    """The open roles of these people as (organisation, role) in the reader's words; one statement."""
    bodies, held = Organisation.__table__.c, Affiliation.__table__.c
    name = (
        func.coalesce(func.nullif(bodies.name_en, ""), bodies.name_ja) if language == "en" else bodies.name_ja
    )
    statement = (
        select(held.person_id, name, held.role)
        .join_from(Affiliation.__table__, Organisation.__table__, bodies.id == held.organisation_id)
        .where(held.person_id.in_(person_ids), held.ended_at.is_(None))
        .order_by(held.id)
    )
    words = {role: str(role.label) for role in Role}
    found: dict[int, list[tuple[str, str]]] = {}
    for person_id, organisation, role in db.session.connection().execute(statement):
        found.setdefault(person_id, []).append((organisation, words[role]))
    return found


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


def _named(statement: Select[Any], text: str) -> Select[Any]:
    like = f"%{_escaped(text)}%"
    found: list[Any] = [
        Organisation.name_ja.ilike(like, escape="\\"),
        Organisation.name_kana.ilike(like, escape="\\"),
        Organisation.name_en.ilike(like, escape="\\"),
    ]
    number = normalise_number(text)
    if len(number) >= 3 and number.removeprefix("T").isdigit():
        found.append(Organisation.corporate_number.startswith(number.removeprefix("T")))
    return statement.where(or_(*found))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
