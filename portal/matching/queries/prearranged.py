"""Placements that are being arranged, or were, before the match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.careers.queries.supervision import students_of, supervised_by
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.policy import hosting_organisations, may_run_rounds
from portal.matching.enums import Side
from portal.matching.models import Prearrangement


@dataclass(frozen=True, slots=True)
class Arranged:
    """One of them with what its readers need."""

    pair: Prearrangement
    student: Person
    posting: InternshipPosting
    company: Organisation
    season: InternshipRound

    @property
    def ended_by(self) -> object:
        """In whose name it ended; empty while it stands."""
        return Side(self.pair.ended_by).label if self.pair.ended_by else ""

    @property
    def said(self) -> dict[Side, bool]:
        """Who has agreed."""
        pair = self.pair
        moments = (pair.student_at, pair.company_at, pair.supervisor_at, pair.office_at)
        return {side: at is not None for side, at in zip(Side, moments, strict=True)}


def arranged_for_office(person: Actor, round_id: int) -> Sequence[Arranged]:
    """A round's, the newest first; raises NotFound for everybody else."""
    if not may_run_rounds(person):
        raise NotFound
    return _arranged(Prearrangement.round_id == round_id)


def arranged_with(person: Actor) -> Sequence[Arranged]:
    """Those in which the person has a say as student, host or supervisor, the newest first."""
    return _arranged(_concerns(person))


def unanswered_by(person: Actor) -> Sequence[Arranged]:
    """Those that wait for the person's own word, while the lists of the round are open."""
    if not person.has(Role.STUDENT, Role.SUPERVISOR):
        return []
    open_ones = (Prearrangement.ended_at.is_(None), InternshipRound.locks_at > clock.now())
    mine = (Prearrangement.student_id == person.id) & Prearrangement.student_at.is_(None)
    guided = Prearrangement.student_id.in_(supervised_by(person)) & Prearrangement.supervisor_at.is_(None)
    return _arranged(*open_ones, InternshipRound.cancelled_at.is_(None), mine | guided)


def arranged_for(person: Actor, pair_id: int) -> Arranged:
    """One in which the person has a say; raises NotFound."""
    seen = Prearrangement.id == pair_id
    found = _arranged(seen) if may_run_rounds(person) else _arranged(seen, _concerns(person))
    if not found:
        raise NotFound
    return found[0]


def arranged_by_link(student_id: int, round_id: int) -> Sequence[Arranged]:
    """Those of one student in one round, for the supervisor with the link."""
    return _arranged(Prearrangement.student_id == student_id, Prearrangement.round_id == round_id)


def sides_of(person: Actor, arranged: Arranged) -> tuple[Side, ...]:
    """For whom the person may speak."""
    guided = {each.student_id for each in students_of(person)}
    speaks = {
        Side.STUDENT: arranged.student.id == person.id,
        Side.COMPANY: arranged.company.id in hosting_organisations(person),
        Side.SUPERVISOR: arranged.student.id in guided and arranged.student.id != person.id,
        Side.OFFICE: may_run_rounds(person) and arranged.company.id not in person.organisation_ids,
    }
    return tuple(side for side, may in speaks.items() if may)


def pair_of(round_id: int, student_id: int, posting_id: int) -> Prearrangement | None:
    """The row of this student and posting."""
    return db.session.scalars(
        select(Prearrangement).filter_by(round_id=round_id, student_id=student_id, posting_id=posting_id)
    ).one_or_none()


def settled_with(round_id: int, organisation_id: int) -> dict[int, str]:
    """Students with a place at the company that all four agreed upon: names by number; one statement."""
    theirs = select(InternshipPosting.id).where(InternshipPosting.organisation_id == organisation_id)
    statement = select(Prearrangement, Person.name).join(Person, Person.id == Prearrangement.student_id)
    here = statement.where(Prearrangement.round_id == round_id, Prearrangement.posting_id.in_(theirs))
    return {pair.student_id: name for pair, name in db.session.execute(here) if pair.is_fixed}


def settled_in(round_id: int) -> tuple[set[int], dict[int, int], dict[int, int]]:
    """Students with a fixed place in a round; how many seats are fixed by posting, and by company."""
    complete = (
        Prearrangement.student_at.is_not(None), Prearrangement.company_at.is_not(None),
        Prearrangement.supervisor_at.is_not(None), Prearrangement.office_at.is_not(None), Prearrangement.ended_at.is_(None),
    )  # fmt: skip
    statement = (
        select(Prearrangement.student_id, Prearrangement.posting_id, InternshipPosting.organisation_id)
        .join(InternshipPosting, InternshipPosting.id == Prearrangement.posting_id)
        .where(Prearrangement.round_id == round_id, *complete)
    )
    students: set[int] = set()
    seats: dict[int, int] = {}
    places: dict[int, int] = {}
    for student, posting, company in db.session.execute(statement):
        students.add(student)
        seats[posting] = seats.get(posting, 0) + 1
        places[company] = places.get(company, 0) + 1
    return students, seats, places


def count_open(round_id: int) -> int:
    """How many still wait for somebody's word."""
    waits = (
        Prearrangement.student_at.is_(None) | Prearrangement.company_at.is_(None)
        | Prearrangement.supervisor_at.is_(None) | Prearrangement.office_at.is_(None)
    )  # fmt: skip
    here = (Prearrangement.round_id == round_id, Prearrangement.ended_at.is_(None), waits)
    return int(db.session.scalar(select(func.count()).select_from(Prearrangement).where(*here)) or 0)


def _concerns(person: Actor) -> ColumnElement[bool]:
    guided = [each.student_id for each in students_of(person)]
    hosted = InternshipPosting.organisation_id.in_(hosting_organisations(person))
    return (Prearrangement.student_id == person.id) | hosted | Prearrangement.student_id.in_(guided)


def _arranged(*conditions: ColumnElement[bool]) -> Sequence[Arranged]:
    statement = (
        select(Prearrangement, Person, InternshipPosting, Organisation, InternshipRound)
        .join(Person, Person.id == Prearrangement.student_id)
        .join(InternshipPosting, InternshipPosting.id == Prearrangement.posting_id)
        .join(Organisation, Organisation.id == InternshipPosting.organisation_id)
        .join(InternshipRound, InternshipRound.id == Prearrangement.round_id)
        .where(*conditions)
        .order_by(Prearrangement.id.desc())
        .limit(300)
    )
    return [Arranged(*row) for row in db.session.execute(statement)]
