"""Placements of the two companies as addresses name them: the visiting student's at A, somebody else's at B."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from portal.accounts.models import Person
from portal.core import clock
from portal.core.transaction import transaction
from portal.domain.internships.posting_flow import PostingState
from portal.domain.placements.criteria import Criterion
from portal.domain.placements.periods import monday_of
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.files.kinds import FileKind, Inspected
from portal.files.services import Examined, keep_upload
from portal.internships.models import InternshipPosting
from portal.placements.models import (
    Placement,
    PlacementCheck,
    PlacementEvaluation,
    PlacementItem,
    PlacementPaper,
    PlacementWeek,
)
from portal.placements.queries.placements import any_placement
from portal.placements.services.certificates import issue_papers
from portal.placements.services.making import make_placement
from tests.support import internships as given
from tests.support.academics import student
from tests.support.marks import Side as Company
from tests.support.marks import Thing
from tests.support.people import actor_of
from tests.support.uploads import pdf

FIRST = date(2026, 9, 1)
RUNNING = ("show_hours", "edit_week", "save_hours", "stop_placement", "edit_check")
ENDED = ("edit_evaluation", "show_evaluations", "close_placement", "request_correction")


EVALUATED = ("show_papers", "issue_papers")


def placement_things(
    sides: Sequence[Company], scholars: Mapping[str, Person], round_id: int, officer: Person
) -> None:
    """One placement a stage in each company's postings."""
    for side, whose in zip(sides, (scholars["student"], student(name="受入 other")), strict=True):
        side.things |= _preparing(side, whose, round_id) | _running(side, whose, round_id)
        side.things |= _ended(side, whose, round_id) | _evaluated(side, whose, round_id, officer)


def _preparing(side: Company, whose: Person, round_id: int) -> dict[str, Thing]:
    placement_id = _made(_posting(side, round_id, "preparing"), whose.id)
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


def _running(side: Company, whose: Person, round_id: int) -> dict[str, Thing]:
    last = clock.today() + timedelta(days=40)
    placement_id = _made(
        _posting(side, round_id, "running"), whose.id, state=PlacementState.RUNNING, starts_on=FIRST, ends_on=last
    )  # fmt: skip
    with transaction() as session:
        week = PlacementWeek(placement_id=placement_id, monday=monday_of(FIRST), changed_at=clock.now())
        check = PlacementCheck(
            placement_id=placement_id, side=Side.STUDENT, progress=2, support=2, has_concern=True, concern="相談があります",
            answered_at=clock.now(), answered_by_id=whose.id,
        )  # fmt: skip
        session.add_all([week, check])
        session.flush()
        return {"week_id": week.id, "check_id": check.id} | _at(RUNNING, placement_id)


def _ended(side: Company, whose: Person, round_id: int) -> dict[str, Thing]:
    last = clock.today() - timedelta(days=2)
    placement_id = _made(
        _posting(side, round_id, "ended"), whose.id, state=PlacementState.ENDED, starts_on=FIRST, ends_on=last
    )  # fmt: skip
    return _at(ENDED, placement_id)


def _evaluated(side: Company, whose: Person, round_id: int, officer: Person) -> dict[str, Thing]:
    last = clock.today() - timedelta(days=9)
    placement_id = _made(
        _posting(side, round_id, "evaluated"), whose.id, state=PlacementState.EVALUATED, starts_on=FIRST, ends_on=last
    )  # fmt: skip
    with transaction() as session:
        session.add(
            PlacementEvaluation(
                placement_id=placement_id, organisation_id=side.organisation_id, side=Side.COMPANY,
                marks={each.value: 4 for each in Criterion}, overall=4, words=f"{side.mark.word}の所見", interviewed_on=last,
                interviewer="部長", changed_at=clock.now(), changed_by_id=side.people["mentor"].id, is_sent=True,
                sent_at=clock.now(),
            )
        )  # fmt: skip
    by = actor_of(officer)
    with transaction():
        sheet, _certificate = issue_papers(
            placement=any_placement(placement_id), by=by, despite_open_weeks=True
        )
        return {"certificate_id": sheet.id} | _at(EVALUATED, placement_id)


def _at(pages: Sequence[str], placement_id: int) -> dict[str, Thing]:
    rooms = ("placements", "placements_staff")
    return {f"{room}.{page}:placement_id": placement_id for room in rooms for page in pages}


def _posting(side: Company, round_id: int, stage: str) -> int:
    """A posting that is no longer offered to others."""
    said = given.SAID | {"title": f"{side.mark.word}での受入", "title_en": f"Placement at {side.mark.latin}"}
    with transaction() as session:
        made = InternshipPosting(
            round_id=round_id, organisation_id=side.organisation_id, state=PostingState.WITHDRAWN,
            once_key=f"world:{side.mark.latin}:{stage}", created_by_id=side.people["company_admin"].id, created_at=clock.now(),
            moved_at=clock.now(), **said,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id


def _made(posting_id: int, student_id: int, **values: Any) -> int:
    with transaction() as session:
        make_placement(posting_id=posting_id, student_id=student_id)
        made = session.query(Placement).filter_by(posting_id=posting_id, student_id=student_id).one()
        for name, value in values.items():
            setattr(made, name, value)
        return made.id
