"""What the office sets: who is kept apart, who is held back, limits; read by the office alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.accounts.queries import person_by_email
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipPosting
from portal.internships.policy import may_run_rounds
from portal.matching.models import Exclusion, HostHold, MatchCap

Row = TypeVar("Row")
MOST = 500  # of each register on one page


@dataclass(frozen=True, slots=True)
class Apart:
    """A row of the register of exclusions."""

    exclusion: Exclusion
    student: str
    company: Organisation
    by: str


def exclusions_for_office(person: Actor) -> Sequence[Apart]:
    """The register, what stands first, then the newest; raises NotFound for everybody else."""
    _require(person)
    author = aliased(Person)
    statement = (
        select(Exclusion, Person.name, Organisation, author.name)
        .join(Person, Person.id == Exclusion.student_id)
        .join(Organisation, Organisation.id == Exclusion.organisation_id)
        .join(author, author.id == Exclusion.created_by_id)
        .order_by(Exclusion.lifted_at.is_not(None), Exclusion.id.desc())
    )
    return [Apart(*row) for row in db.session.execute(statement.limit(MOST))]


def exclusion_for_office(person: Actor, exclusion_id: int) -> Exclusion:
    """One of them; raises NotFound."""
    _require(person)
    return _found(db.session.get(Exclusion, exclusion_id))


def are_apart(student_id: int, organisation_id: int) -> bool:
    """Whether an exclusion stands between the two."""
    pair = (Exclusion.student_id == student_id, Exclusion.organisation_id == organisation_id)
    standing = select(Exclusion.id).where(*pair, Exclusion.lifted_at.is_(None))
    return db.session.scalar(standing.limit(1)) is not None


def student_with(email: str) -> Person | None:
    """The student of today who has this mail address."""
    found = person_by_email(email)
    role = select(Affiliation.id).where(
        Affiliation.person_id == (found.id if found else 0), Affiliation.role == Role.STUDENT, Affiliation.ended_at.is_(None)
    )  # fmt: skip
    return found if found is not None and db.session.scalar(role.limit(1)) is not None else None


def hosts_of(round_id: int) -> Sequence[Organisation]:
    """Companies with postings that students see or saw, by name."""
    shown = select(InternshipPosting.organisation_id).where(
        InternshipPosting.round_id == round_id, InternshipPosting.state == PostingState.PUBLISHED
    )
    ordered = (
        select(Organisation)
        .where(Organisation.id.in_(shown))
        .order_by(Organisation.name_kana, Organisation.id)
    )
    return db.session.scalars(ordered).all()


def open_postings_of(round_id: int, language: str) -> list[tuple[str, str]]:
    """A round's postings that students see, as choices: number, company and title."""
    statement = (
        select(InternshipPosting, Organisation)
        .join(Organisation, Organisation.id == InternshipPosting.organisation_id)
        .where(InternshipPosting.round_id == round_id, InternshipPosting.state == PostingState.PUBLISHED)
        .order_by(Organisation.name_kana, InternshipPosting.id)
    )
    rows = db.session.execute(statement)
    return [(str(row[0].id), f"{row[1].name(language)}: {row[0].name(language)}") for row in rows]


def caps_in(person: Actor, round_id: int) -> Sequence[MatchCap]:
    """A round's limits by kind and name."""
    _require(person)
    mine = select(MatchCap).where(MatchCap.round_id == round_id)
    return db.session.scalars(mine.order_by(MatchCap.kind, MatchCap.name)).all()


def cap_for_office(person: Actor, cap_id: int) -> MatchCap:
    """One of them; raises NotFound."""
    _require(person)
    return _found(db.session.get(MatchCap, cap_id))


def holds_in(person: Actor, round_id: int) -> Sequence[tuple[HostHold, Organisation]]:
    """Companies that are held back, the earliest first."""
    _require(person)
    statement = (
        select(HostHold, Organisation)
        .join(Organisation, Organisation.id == HostHold.organisation_id)
        .where(HostHold.round_id == round_id, HostHold.lifted_at.is_(None))
        .order_by(HostHold.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def hold_for_office(person: Actor, hold_id: int) -> HostHold:
    """One of them; raises NotFound."""
    _require(person)
    return _found(db.session.get(HostHold, hold_id))


def _require(person: Actor) -> None:
    if not may_run_rounds(person):
        raise NotFound


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
