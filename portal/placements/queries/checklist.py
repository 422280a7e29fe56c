"""Read a placement's checklist, and what each side may see of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.placements.checklist import PARTIES, REGISTERED, ItemKind
from portal.domain.placements.placement_flow import Side
from portal.internships.models import InternshipAgreement
from portal.internships.queries.agreements import agreements_over
from portal.placements.models import Placement, PlacementItem, PlacementPaper

_ORDER = {kind: place for place, kind in enumerate(ItemKind)}


def items_of(placement_id: int) -> Sequence[PlacementItem]:
    """The whole checklist in its order."""
    mine = select(PlacementItem).where(PlacementItem.placement_id == placement_id)
    return sorted(db.session.scalars(mine), key=lambda item: _ORDER[item.kind])


def settled_on(items: Collection[PlacementItem]) -> date | None:
    """The day on which the last of them was done or waived; None where none had to be."""
    return max((clock.day_of(item.done_at) for item in items if item.done_at), default=None)


def item_of(item_id: int) -> PlacementItem:
    """One item; who may see it is asked of its placement. Raises NotFound."""
    found = db.session.get(PlacementItem, item_id)
    if found is None:
        raise NotFound
    return found


def registered_for(
    placement: Placement, item: PlacementItem, side: Side | None
) -> Sequence[InternshipAgreement]:
    """Agreements of the company's register that are the item's paper and hold over the whole period, for company and office.

    The period that was agreed upon, before that the posting's.
    """
    first, last = placement.starts_on, placement.last_on or placement.ends_on
    if first is None or last is None:
        first, last = placement.posting.starts_from, placement.posting.ends_by
    kind = REGISTERED.get(item.kind)
    if kind is None or first is None or last is None or side not in (Side.COMPANY, Side.OFFICE):
        return []
    return agreements_over(placement.organisation_id, kind, first, last)


def papers_of(items: Collection[PlacementItem], side: Side | None) -> dict[int, list[PlacementPaper]]:
    """Documents by item, of those items whose papers belong to `side`; a supervisor (None) sees none."""
    mine = [item.id for item in items if side in PARTIES[item.kind]]
    found: dict[int, list[PlacementPaper]] = {}
    wanted = select(PlacementPaper).where(
        PlacementPaper.item_id.in_(mine), PlacementPaper.removed_at.is_(None)
    )
    for paper in db.session.scalars(
        wanted.options(joinedload(PlacementPaper.file)).order_by(PlacementPaper.id)
    ):
        found.setdefault(paper.item_id, []).append(paper)
    return found


def paper_of(paper_id: int) -> tuple[PlacementPaper, PlacementItem]:
    """A document that stands, with its item; raises NotFound."""
    wanted = select(PlacementPaper, PlacementItem).join(
        PlacementItem, PlacementItem.id == PlacementPaper.item_id
    )
    found = db.session.execute(
        wanted.where(PlacementPaper.id == paper_id, PlacementPaper.removed_at.is_(None)).options(
            joinedload(PlacementPaper.file)
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]
