"""Read half-time checks and evaluations, each by those alone who may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.placements.criteria import HostCriterion, mean_tenths, whole_blocks
from portal.domain.placements.periods import EVALUATE_WITHIN
from portal.domain.placements.placement_flow import OVER, PlacementState, Side
from portal.placements.models import Placement, PlacementCheck, PlacementEvaluation

FINAL = (PlacementState.EVALUATED, PlacementState.CLOSED)


def checks_of(placement_id: int) -> dict[Side, PlacementCheck]:
    """Both sides' answers at half-time, as far as they are in."""
    mine = select(PlacementCheck).where(PlacementCheck.placement_id == placement_id)
    return {check.side: check for check in db.session.scalars(mine)}


def check_of(check_id: int) -> PlacementCheck:
    """One answer, for the office. Raises NotFound."""
    found = db.session.get(PlacementCheck, check_id)
    if found is None:
        raise NotFound
    return found


def evaluation_of(
    placement_id: int, side: Side, *, is_sent: bool | None = None
) -> PlacementEvaluation | None:
    """The newest revision of a side, sent or not."""
    mine = select(PlacementEvaluation).where(
        PlacementEvaluation.placement_id == placement_id, PlacementEvaluation.side == side
    )
    if is_sent is not None:
        mine = mine.where(PlacementEvaluation.is_sent.is_(is_sent))
    return db.session.scalars(mine.order_by(PlacementEvaluation.revision.desc()).limit(1)).one_or_none()


def sent_by(placement_id: int) -> frozenset[Side]:
    """The sides whose evaluation is in."""
    mine = PlacementEvaluation.__table__.c
    found = select(mine.side).where(mine.placement_id == placement_id, mine.is_sent).distinct()
    return frozenset(Side(side) for side in db.session.scalars(found))


def is_open(placement: Placement) -> bool:
    """Whether the sides may read each other: both are in, or none can come any more. Who can still write reads nothing."""
    return placement.state in OVER or sent_by(placement.id) >= {Side.STUDENT, Side.COMPANY}


def is_overdue(placement: Placement) -> bool:
    """Whether the time to evaluate is over."""
    return placement.last_day is not None and clock.today() > placement.last_day + EVALUATE_WITHIN


def readable_by(placement: Placement, side: Side | None) -> dict[Side, PlacementEvaluation]:
    """What a side reads: its own when it was sent; the other's once both are open, a student's where the student agreed."""
    found = {each: evaluation_of(placement.id, each, is_sent=True) for each in (Side.STUDENT, Side.COMPANY)}
    seen = {each: row for each, row in found.items() if row is not None}
    if side is Side.OFFICE:
        return seen
    shown = is_open(placement)

    def may(author: Side, row: PlacementEvaluation) -> bool:
        if author is side:
            return True
        return side in found and shown and (author is Side.COMPANY or row.is_open_to_host)

    return {author: row for author, row in seen.items() if may(author, row)}


@dataclass(frozen=True, slots=True)
class HostSums:
    """What interns said of a company in sum: means in tenths by criterion, over `count` answers."""

    count: int
    means: dict[HostCriterion, int | None]


def host_sums(organisation_id: int) -> HostSums | None:
    """Answers that the company does not read one by one, in whole blocks of five in the order in which they became final.

    None below five. Final states never change, so a block never changes either.
    """
    wanted = (
        select(PlacementEvaluation.marks)
        .join(Placement, Placement.id == PlacementEvaluation.placement_id)
        .where(
            PlacementEvaluation.organisation_id == organisation_id, PlacementEvaluation.side == Side.STUDENT,
            PlacementEvaluation.is_sent, PlacementEvaluation.is_open_to_host.is_(False), Placement.state.in_(FINAL),
        )
        .order_by(Placement.moved_at, Placement.id)
    )  # fmt: skip
    answers: Sequence[dict[str, int]] = db.session.scalars(wanted).all()
    count = whole_blocks(len(answers))
    if not count:
        return None
    shown = answers[:count]
    return HostSums(
        count, {each: mean_tenths([marks.get(each, 0) for marks in shown]) for each in HostCriterion}
    )
