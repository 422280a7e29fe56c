"""Read placements in sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, String, and_, func, select, type_coerce

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.core.db import db, written
from portal.domain.placements.figures import Fact
from portal.domain.placements.hours import WeekState
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.internships.models import InternshipPosting, InternshipRound
from portal.placements.models import Placement, PlacementDay, PlacementEvaluation, PlacementWeek

_mine, _said = Placement.__table__.c, PlacementEvaluation.__table__.c


def years_of_placements() -> Sequence[int]:
    """Fiscal years with placements, the newest first."""
    rounds = InternshipRound.__table__.c
    found = select(rounds.fiscal_year).join(Placement.__table__, _mine.round_id == rounds.id)
    return db.session.scalars(found.distinct().order_by(rounds.fiscal_year.desc())).all()


def facts_of_year(year: int, language: str) -> list[Fact]:
    """Every placement of a fiscal year's rounds; two statements for any number of them."""
    marks = _marks(year)
    nothing: tuple[Any, ...] = (None, None)
    return [
        Fact(
            PlacementState(state), company, area, int(minutes or 0), marks.get((number, Side.COMPANY), nothing)[0],
            marks.get((number, Side.COMPANY), nothing)[1], marks.get((number, Side.STUDENT), nothing)[1],
        )
        for number, state, company, area, minutes in db.session.execute(_placements(year, language))
    ]  # fmt: skip


def _placements(year: int, language: str) -> Select[Any]:
    days, weeks = PlacementDay.__table__.c, PlacementWeek.__table__.c
    confirmed = and_(weeks.id == days.week_id, weeks.state.in_(written(WeekState.CONFIRMED)))
    worked = (
        select(days.placement_id, func.sum(days.minutes).label("minutes"))
        .join(PlacementWeek.__table__, confirmed)
        .group_by(days.placement_id)
    ).subquery()
    bodies, postings = Organisation.__table__, InternshipPosting.__table__
    return (
        select(
            _mine.id,
            type_coerce(_mine.state, String),
            name_column(language),
            postings.c.area,
            worked.c.minutes,
        )
        .join_from(Placement.__table__, bodies, bodies.c.id == _mine.organisation_id)
        .join(postings, postings.c.id == _mine.posting_id)
        .join(worked, worked.c.placement_id == _mine.id, isouter=True)
        .where(_mine.round_id.in_(_rounds(year)))
        .order_by(_mine.id)
    )


def _marks(year: int) -> dict[tuple[int, Side], tuple[Any, ...]]:
    """Overall mark and marks of the newest revision that was sent, by placement and side."""
    sent = (
        select(_said.placement_id, type_coerce(_said.side, String), _said.overall, _said.marks)
        .join(Placement.__table__, _mine.id == _said.placement_id)
        .where(_said.is_sent, _mine.round_id.in_(_rounds(year)))
        .order_by(_said.revision)
    )
    return {(row[0], Side(row[1])): (row[2], row[3]) for row in db.session.execute(sent)}


def _rounds(year: int) -> Select[Any]:
    rounds = InternshipRound.__table__.c
    return select(rounds.id).where(rounds.fiscal_year == year)
