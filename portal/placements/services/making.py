"""Placements come of results and of taken offers, each once."""

from __future__ import annotations

from sqlalchemy import select, tuple_

from portal.core import clock
from portal.core.conditional import add_or_find
from portal.core.db import db
from portal.domain.placements.checklist import ItemKind, due_day, is_needed
from portal.internships.models import InternshipPosting, InternshipRound
from portal.jobs.services import enqueue
from portal.matching.models import MatchOutcome
from portal.placements import mail
from portal.placements.mail import PARTNERS
from portal.placements.models import Placement, PlacementItem
from portal.placements.queries.placements import any_placement
from portal.placements.services.moves import note_placement


def make_placements(season: InternshipRound) -> int:
    """One for each student whom the round has placed; how many were new. A second time none is."""
    pair = tuple_(MatchOutcome.posting_id, MatchOutcome.student_id)
    known = select(Placement.posting_id, Placement.student_id).where(Placement.round_id == season.id)
    wanted = (
        select(InternshipPosting, MatchOutcome.student_id)
        .join(InternshipPosting, InternshipPosting.id == MatchOutcome.posting_id)
        .where(MatchOutcome.round_id == season.id, pair.not_in(known))
        .order_by(MatchOutcome.id)
    )
    found = db.session.execute(wanted).all()
    return sum(_made(posting, student_id) for posting, student_id in found)


def make_placement(*, posting_id: int, student_id: int) -> bool:
    """One of a taken offer; False where it stands already."""
    return _made(db.session.get_one(InternshipPosting, posting_id), student_id)


def tell_made(placement_id: int) -> None:
    """Student and company hear what has to be done before the start."""
    mail.tell("made", any_placement(placement_id), PARTNERS, key="made")


def _made(posting: InternshipPosting, student_id: int) -> bool:
    now = clock.now()
    new = Placement(
        round_id=posting.round_id, organisation_id=posting.organisation_id, posting_id=posting.id, student_id=student_id,
        created_at=now, moved_at=now,
    )  # fmt: skip
    same = select(Placement).where(Placement.posting_id == posting.id, Placement.student_id == student_id)
    made, is_ours = add_or_find(new, lambda: db.session.scalars(same).one_or_none())
    if is_ours:
        db.session.add_all(_checklist(made, posting))
        note_placement("placement.made", made, None)
        enqueue("placements.tell_made", key=f"placement:{made.id}:made", placement_id=made.id)
    return is_ours


def _checklist(placement: Placement, posting: InternshipPosting) -> list[PlacementItem]:
    today = clock.today()
    return [
        PlacementItem(
            placement_id=placement.id,
            kind=kind,
            is_needed=is_needed(kind, posting.data_agreements, posting.has_export_control),
            due_on=due_day(kind, today, posting.starts_from),
        )
        for kind in ItemKind
    ]
