"""Supervisors whose word the office should not take unseen: whoever holds the mailbox that a student names approves by its link."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import or_, select, union

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.careers.models import Supervision
from portal.core.db import db
from portal.core.i18n import _l
from portal.domain.email_keys import encode_domain

ACADEMIC = (OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE)
GIVEN_OUT = (
    ".ac.jp",
    ".go.jp",
)  # JPRS gives these to universities and public bodies alone; anybody can have a mailbox elsewhere


Standing = tuple[OrganisationKind | None, Role | None]


class Doubt(StrEnum):
    """What speaks against an address; labels in `DOUBT_LABELS`."""

    COMPANY = "company"  # somebody of a company signs in with it
    STUDENT = "student"  # a student does, who supervises nobody
    DOMAIN = "domain"  # of no university or institute that is known here


DOUBT_LABELS = {
    Doubt.COMPANY: _l("The address of somebody at a company"),
    Doubt.STUDENT: _l("The address of a student"),
    Doubt.DOMAIN: _l("The address is of no university or institute that is known here"),
}


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A student's supervisor of today, as the student named them."""

    student_id: int
    name: str
    email: str
    doubt: Doubt


def doubtful_supervisors(student_ids: Collection[int]) -> list[Doubtful]:
    """In order of students; two statements however many there are."""
    named = Supervision.__table__.c
    who = (named.student_id, named.name, named.email, named.email_key)
    rows = db.session.execute(
        select(*who, Organisation.kind, Affiliation.role)
        .select_from(Supervision)
        .outerjoin(Person, Person.email_key == named.email_key)
        .outerjoin(Affiliation, (Affiliation.person_id == Person.id) & Affiliation.ended_at.is_(None))
        .outerjoin(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(named.student_id.in_(student_ids), named.ended_at.is_(None))
        .order_by(named.student_id)
    )
    held: dict[Any, list[Standing]] = {}
    for *supervisor, kind, role in rows:
        held.setdefault(tuple(supervisor), []).append((kind, role))
    known = _domains()
    found = ((*each[:3], _doubt(each[3], standing, known)) for each, standing in held.items())
    return [Doubtful(student, name, email, doubt) for student, name, email, doubt in found if doubt]


def _doubt(key: str, held: Collection[Standing], domains: Collection[str]) -> Doubt | None:
    """`held`: for what kinds of bodies whoever signs in with this address stands today, and as what."""
    if any(kind is OrganisationKind.COMPANY for kind, _role in held):
        return Doubt.COMPANY
    if any(kind in ACADEMIC and role is Role.SUPERVISOR for kind, role in held):
        return None
    if any(role is Role.STUDENT for _kind, role in held):
        return Doubt.STUDENT
    return None if _is_within(key.rpartition("@")[2], domains) else Doubt.DOMAIN


def _domains() -> frozenset[str]:
    """Of universities and institutes: those of their sites, and those of their people that are given out to such bodies alone."""
    sites = select(Organisation.website).where(Organisation.kind.in_(ACADEMIC), Organisation.website != "")
    keys = (
        select(Person.email_key)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .join(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(
            Organisation.kind.in_(ACADEMIC), Affiliation.ended_at.is_(None), Affiliation.role != Role.STUDENT,
            or_(*(Person.email_key.endswith(end) for end in GIVEN_OUT)),
        )
    )  # fmt: skip
    found = (_domain_of(each) for each in db.session.scalars(union(sites, keys)))
    return frozenset(each for each in found if each)


def _domain_of(text: str) -> str | None:
    """Of a key of an address, or of the address of a site without its `www.`."""
    if "/" not in text:
        return text.rpartition("@")[2] or None
    try:
        return encode_domain((urlsplit(text).hostname or "").removeprefix("www."))
    except ValueError:
        return None


def _is_within(domain: str, known: Collection[str]) -> bool:
    """The domain itself or one below it."""
    return any(domain == each or domain.endswith(f".{each}") for each in known)
