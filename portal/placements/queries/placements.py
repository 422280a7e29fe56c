"""Read placements."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import name_column
from portal.careers.queries.supervision import supervised_by
from portal.core.access import Actor
from portal.core.db import db, written
from portal.core.errors import NotFound
from portal.core.pages import PAGE_SIZE, Listing, Slice
from portal.domain.placements.placement_flow import PlacementState
from portal.internships.models import InternshipPosting
from portal.internships.policy import hosting_organisations, may_run_rounds
from portal.internships.queries.postings import title_column
from portal.placements.models import Placement
from portal.placements.queries.waiting import days_of_waiting, needs_office

MOST_OF_ONE = 200


def placement_for(person: Actor, placement_id: int) -> Placement:
    """A placement in which the person has a part: the student, the company's mentors, the supervisor; else NotFound."""
    return _one(placement_id, _seen_by(person))


def placement_for_office(person: Actor, placement_id: int) -> Placement:
    """One placement for the office's eyes; raises NotFound."""
    if not may_run_rounds(person):
        raise NotFound
    return _one(placement_id)


def any_placement(placement_id: int, *, lock: bool = False) -> Placement:
    """A placement, for jobs and for pages that have checked already."""
    return _one(placement_id, lock=lock)


def placements_of(person: Actor) -> Sequence[Placement]:
    """Those in which the person has a part, the newest first."""
    mine = select(Placement).where(_seen_by(person)).order_by(Placement.id.desc()).limit(MOST_OF_ONE)
    return db.session.scalars(mine.options(*_WHOLE)).all()


def list_placements(
    person: Actor, *, state: PlacementState | None, company_id: int | None, language: str, cursor: str | None,
    waiting: bool = False, size: int = PAGE_SIZE,
) -> Slice[Any]:  # fmt: skip
    """Placements for the office, the newest first: id, student, company, title of the posting, state, first and last day.

    `waiting`: only those that need the office.
    """
    if not may_run_rounds(person):
        raise NotFound
    listing = _listing(state, company_id is not None, waiting, language)
    given: dict[str, Any] = {"company_id": company_id} if company_id is not None else {}
    return listing.slice(cursor, size, **(given | (days_of_waiting() if waiting else {})))


@cache
def _listing(state: PlacementState | None, of_company: bool, waiting: bool, language: str) -> Listing:
    mine, bodies, people = Placement.__table__.c, Organisation.__table__.c, Person.__table__.c
    postings = InternshipPosting.__table__
    statement = (
        select(
            mine.id, people.name, name_column(language), title_column(language), type_coerce(mine.state, String),
            func.coalesce(mine.started_on, mine.starts_on), func.coalesce(mine.last_on, mine.ends_on),
        )
        .join_from(Placement.__table__, Organisation.__table__, bodies.id == mine.organisation_id)
        .join(Person.__table__, people.id == mine.student_id)
        .join(postings, postings.c.id == mine.posting_id)
    )  # fmt: skip
    if state is not None:
        statement = statement.where(mine.state.in_(written(state)))
    if waiting:
        statement = statement.where(needs_office())
    if of_company:
        statement = statement.where(mine.organisation_id == bindparam("company_id"))
    return Listing(statement, (mine.id, True))


_WHOLE = (
    joinedload(Placement.organisation),
    joinedload(Placement.posting),
    joinedload(Placement.round),
    joinedload(Placement.student),
)


def _seen_by(person: Actor) -> ColumnElement[bool]:
    parts = [Placement.student_id == person.id, Placement.organisation_id.in_(hosting_organisations(person))]
    if person.has(Role.SUPERVISOR):
        parts.append(Placement.student_id.in_(supervised_by(person)))
    return or_(*parts)


def _one(placement_id: int, *conditions: ColumnElement[bool], lock: bool = False) -> Placement:
    wanted = select(Placement).where(Placement.id == placement_id, *conditions).options(*_WHOLE)
    if lock:
        wanted = wanted.with_for_update(of=Placement)
    found = db.session.scalars(wanted.execution_options(populate_existing=lock)).one_or_none()
    if found is None:
        raise NotFound
    return found
