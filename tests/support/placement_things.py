"""Placements of the two companies as addresses name them: the visiting student's at A, somebody else's at B."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.accounts.models import Person
from portal.core import clock
from portal.core.transaction import transaction
from portal.domain.placements.placement_flow import Side
from portal.files.kinds import FileKind, Inspected
from portal.files.services import Examined, keep_upload
from portal.placements.models import Placement, PlacementItem, PlacementPaper
from portal.placements.services.making import make_placement
from tests.support.academics import student
from tests.support.marks import Side as Company
from tests.support.marks import Thing
from tests.support.people import actor_of
from tests.support.uploads import pdf


def placement_things(sides: Sequence[Company], scholars: Mapping[str, Person]) -> None:
    """One placement a stage in each company's open posting."""
    for side, whose in zip(sides, (scholars["student"], student(name="受入 other")), strict=True):
        side.things |= _preparing(side, whose)


def _preparing(side: Company, whose: Person) -> dict[str, Thing]:
    placement_id = _made(int(side.things["internships.show_offer:posting_id"]), whose.id)
    by = actor_of(side.people["company_admin"])
    with transaction() as session:
        item = session.query(PlacementItem).filter_by(placement_id=placement_id, kind="nda").one()
        kept = keep_upload(
            Examined(pdf(), Inspected("契約書.pdf", FileKind.PDF)), by=by, organisation_id=None
        )
        paper = PlacementPaper(
            item_id=item.id, file_id=kept.id, added_at=clock.now(), added_by_id=by.id, side=Side.COMPANY
        )
        session.add(paper)
        session.flush()
        return {"placement_id": placement_id, "item_id": item.id, "document_id": paper.id}


def _made(posting_id: int, student_id: int, **values: Any) -> int:
    with transaction() as session:
        make_placement(posting_id=posting_id, student_id=student_id)
        made = session.query(Placement).filter_by(posting_id=posting_id, student_id=student_id).one()
        for name, value in values.items():
            setattr(made, name, value)
        return made.id
