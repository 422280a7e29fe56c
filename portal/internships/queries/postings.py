"""Read postings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, case, func, select, type_coerce
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db, written
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.policy import hosting_organisations, may_run_rounds

MOST_OF_ONE = 100  # postings of one company in one round


def posting_for_company(person: Actor, posting_id: int) -> InternshipPosting:
    """A posting of a company for which the person offers internships; raises NotFound for all others."""
    return _one(posting_id, InternshipPosting.organisation_id.in_(hosting_organisations(person)))


def posting_for_office(person: Actor, posting_id: int) -> InternshipPosting:
    """A posting that a company has sent in at least once; raises NotFound. What is only drafted is the company's own."""
    if not may_run_rounds(person):
        raise NotFound
    return _one(posting_id, _sent_in())


def postings_of(round_id: int, organisation_id: int) -> Sequence[InternshipPosting]:
    """A company's postings in a round, in the order in which they were begun."""
    mine = (InternshipPosting.round_id == round_id, InternshipPosting.organisation_id == organisation_id)
    ordered = select(InternshipPosting).where(*mine).order_by(InternshipPosting.id)
    return db.session.scalars(ordered.limit(MOST_OF_ONE)).all()


def counts_of(organisation_ids: Sequence[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """How many postings these companies have (without withdrawn ones), and how many of them students see, by round and company."""
    mine = InternshipPosting.__table__.c
    seen = func.sum(case((mine.state.in_(written(PostingState.PUBLISHED)), 1), else_=0))
    counted = (
        select(mine.round_id, mine.organisation_id, func.count(), seen)
        .where(mine.organisation_id.in_(organisation_ids), mine.state.not_in(written(PostingState.WITHDRAWN)))
        .group_by(mine.round_id, mine.organisation_id)
    )
    return {(row[0], row[1]): (row[2], int(row[3])) for row in db.session.execute(counted)}


def counts_in(round_id: int) -> dict[PostingState, int]:
    """A round's postings by state."""
    mine = InternshipPosting.__table__.c
    counted = select(mine.state, func.count()).where(mine.round_id == round_id).group_by(mine.state)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def hosts_in(round_id: int) -> Sequence[int]:
    """Numbers of the companies with postings in a round that were not withdrawn."""
    mine = InternshipPosting.__table__.c
    theirs = (mine.round_id == round_id, mine.state.not_in(written(PostingState.WITHDRAWN)))
    return db.session.scalars(
        select(mine.organisation_id).where(*theirs).distinct().order_by(mine.organisation_id)
    ).all()


def list_postings(
    person: Actor, *, round_id: int, state: PostingState | None, language: str, cursor: str | None
) -> Slice[Any]:
    """A round's postings for the office: id, title, company, state, places, moment of the last step; the oldest step first."""
    if not may_run_rounds(person):
        raise NotFound
    return _listing(state, language).slice(cursor, round_id=round_id)


@cache
def _listing(state: PostingState | None, language: str) -> Listing:
    postings, bodies = InternshipPosting.__table__.c, Organisation.__table__.c
    statement = (
        select(
            postings.id, title_column(language), name_column(language), type_coerce(postings.state, String), postings.places,
            postings.moved_at,
        )
        .join_from(InternshipPosting.__table__, Organisation.__table__, bodies.id == postings.organisation_id)
        .where(postings.round_id == bindparam("round_id"))
    )  # fmt: skip
    if state is None:
        statement = statement.where(_sent_in())
    else:
        statement = statement.where(postings.state.in_(written(state)))
    return Listing(statement, (postings.moved_at, False), (postings.id, False))


def title_column(language: str) -> Any:
    """`InternshipPosting.name` as a column of a list."""
    mine = InternshipPosting.__table__.c
    return func.coalesce(func.nullif(mine.title_en, ""), mine.title) if language == "en" else mine.title


def open_postings() -> Sequence[int]:
    """Numbers of postings that are not published although the lists of their round are locked, or the round called off."""
    over = (InternshipRound.locks_at <= clock.now()) | InternshipRound.cancelled_at.is_not(None)
    waiting = (PostingState.DRAFT, PostingState.SUBMITTED, PostingState.RETURNED)
    which = select(InternshipPosting.id).join(
        InternshipRound, InternshipRound.id == InternshipPosting.round_id
    )
    return db.session.scalars(
        which.where(over, InternshipPosting.state.in_(waiting)).order_by(InternshipPosting.id)
    ).all()


def _sent_in() -> ColumnElement[bool]:
    own = (PostingState.DRAFT, PostingState.LAPSED)
    return InternshipPosting.__table__.c.state.not_in(written(*own))


def _one(posting_id: int, *conditions: ColumnElement[bool]) -> InternshipPosting:
    wanted = select(InternshipPosting).where(InternshipPosting.id == posting_id, *conditions)
    loaded = wanted.options(joinedload(InternshipPosting.organisation), joinedload(InternshipPosting.round))
    found = db.session.scalars(loaded).one_or_none()
    if found is None:
        raise NotFound
    return found
