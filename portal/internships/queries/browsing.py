"""Postings as students find them: published, in a round that runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.core.access import Actor
from portal.core.db import any_of, db, written
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.core.wildcards import containing
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import READABLE, Stage
from portal.internships.enums import PayUnit, RemoteWork, WorkingLanguage
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.queries.postings import title_column
from portal.internships.queries.rounds import newest_rounds

SHOWN = tuple(stage for stage in READABLE if stage is not Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a student looks for; empty values do not filter."""

    area: str = ""
    prefecture: str = ""
    remote: RemoteWork | None = None
    language: WorkingLanguage | None = None
    is_paid: bool = False
    hub_id: int | None = None
    text: str = ""


def rounds_for_students() -> Sequence[InternshipRound]:
    """Rounds in which students look, meet, rank or read results, the newest first."""
    return [each for each in newest_rounds() if each.stage in SHOWN]


def find_postings(
    person: Actor, wish: Wish, *, rounds: Sequence[InternshipRound], language: str, cursor: str | None
) -> Slice[Any]:
    """Rows of id, title, company, area, prefecture, remote, weeks, pay unit, pay; the newest first; one statement."""
    if not person.has(Role.STUDENT):
        raise NotFound
    typed: dict[str, Any] = {"rounds": [each.id for each in rounds]}
    if wish.text:
        typed["like"] = containing(wish.text)
    return _listing(_kept(wish), language).slice(cursor, **typed)


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


def _kept(wish: Wish) -> Wish:
    """The wish without its words: these are bound, so that statements are made once a filter."""
    return Wish(
        wish.area,
        wish.prefecture,
        wish.remote,
        wish.language,
        wish.is_paid,
        wish.hub_id,
        "?" if wish.text else "",
    )


@lru_cache(maxsize=256)
def _listing(wish: Wish, language: str) -> Listing:
    postings, bodies = InternshipPosting.__table__.c, Organisation.__table__.c
    statement = (
        select(
            postings.id, title_column(language), name_column(language), postings.area, postings.prefecture,
            type_coerce(postings.remote, String), postings.weeks, type_coerce(postings.pay_unit, String), postings.pay_yen,
        )
        .join_from(InternshipPosting.__table__, Organisation.__table__, bodies.id == postings.organisation_id)
        .where(postings.round_id.in_(any_of("rounds")), postings.state.in_(written(PostingState.PUBLISHED)), *_fits(wish))
    )  # fmt: skip
    return Listing(statement, (postings.moved_at, True), (postings.id, True))


def _fits(wish: Wish) -> list[ColumnElement[bool]]:
    postings = InternshipPosting.__table__.c
    found: list[ColumnElement[bool]] = []
    for column in ("area", "prefecture", "remote", "hub_id"):
        if value := getattr(wish, column):
            found.append(postings[column] == value)
    if wish.language is not None:
        found.append(postings.language.in_([wish.language, WorkingLanguage.EITHER]))
    if wish.is_paid:
        found.append(postings.pay_unit != PayUnit.UNPAID)
    if wish.text:
        names = (postings.title, postings.title_en, postings.duties, postings.skills)
        found.append(or_(*(name.ilike(bindparam("like"), escape="\\") for name in names)))
    return found
