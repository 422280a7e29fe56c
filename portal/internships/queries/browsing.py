"""Postings as students find them: published, in a round that runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import String, bindparam, select, type_coerce
from sqlalchemy.orm import joinedload

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.core.access import Actor
from portal.core.db import any_of, ask, db, written
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.domain.internships.interest_flow import InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import READABLE, Stage
from portal.internships.models import Interest, InternshipPosting, InternshipRound
from portal.internships.queries.postings import title_column
from portal.internships.queries.rounds import newest_rounds
from portal.internships.queries.wishes import Wish, conditions

SHOWN = tuple(stage for stage in READABLE if stage is not Stage.CLOSED)


def rounds_for_students() -> Sequence[InternshipRound]:
    """Rounds in which students look, meet, rank or read results, the newest first."""
    return [each for each in newest_rounds() if each.stage in SHOWN]


def find_postings(
    person: Actor, wish: Wish, *, rounds: Sequence[InternshipRound], language: str, cursor: str | None
) -> Slice[Any]:
    """Rows of id, title, company, area, prefecture, remote, first and last day, weeks, pay unit, pay, round, places; the newest
    first; one statement."""
    if not person.has(Role.STUDENT):
        raise NotFound
    typed: dict[str, Any] = {"rounds": [each.id for each in rounds]}
    return _listing(wish.shape(), language).slice(cursor, **typed, **wish.typed())


def shown_by(student_id: int, rounds: Sequence[InternshipRound]) -> set[int]:
    """The postings of these rounds in which the student's interest stands."""
    return {row[0] for row in ask(_shown(), student=student_id, rounds=[each.id for each in rounds])}


def posting_for_student(person: Actor, posting_id: int) -> InternshipPosting:
    """A posting that students may read; raises NotFound."""
    wanted = select(InternshipPosting).where(
        InternshipPosting.id == posting_id, InternshipPosting.state == PostingState.PUBLISHED
    )
    loaded = wanted.options(joinedload(InternshipPosting.organisation), joinedload(InternshipPosting.round))
    found = db.session.scalars(loaded).one_or_none() if person.has(Role.STUDENT) else None
    if found is None or found.round.stage not in SHOWN:
        raise NotFound
    return found


@cache
def _shown() -> Any:
    mine = Interest.__table__.c
    stands = mine.state.in_(written(InterestState.SHOWN))
    return select(mine.posting_id).where(
        mine.student_id == bindparam("student"), mine.round_id.in_(any_of("rounds")), stands
    )


@lru_cache(maxsize=256)
def _listing(wish: Wish, language: str) -> Listing:
    postings, bodies = InternshipPosting.__table__.c, Organisation.__table__.c
    statement = (
        select(
            postings.id, title_column(language), name_column(language), postings.area, postings.prefecture,
            type_coerce(postings.remote, String), postings.starts_from, postings.ends_by, postings.weeks,
            type_coerce(postings.pay_unit, String), postings.pay_yen, postings.round_id, postings.places,
        )
        .join_from(InternshipPosting.__table__, Organisation.__table__, bodies.id == postings.organisation_id)
        .where(postings.round_id.in_(any_of("rounds")), postings.state.in_(written(PostingState.PUBLISHED)), *conditions(wish))
    )  # fmt: skip
    return Listing(statement, (postings.moved_at, True), (postings.id, True))
