"""Read rounds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.internships.timetable import READABLE, WRITING
from portal.internships.models import InternshipHost, InternshipRound
from portal.internships.policy import may_run_rounds

MOST_ROUNDS = 60  # a dozen years of them


def rounds_for_office(person: Actor) -> Sequence[InternshipRound]:
    """All rounds, the newest first; raises NotFound for everybody else."""
    if not may_run_rounds(person):
        raise NotFound
    return newest_rounds()


def round_for_office(person: Actor, round_id: int) -> InternshipRound:
    """One round for the office's eyes; raises NotFound."""
    found = db.session.get(InternshipRound, round_id) if may_run_rounds(person) else None
    if found is None:
        raise NotFound
    return found


def rounds_for_companies() -> Sequence[InternshipRound]:
    """Rounds that companies write for or read, the newest first. What is planned is announced; what was cancelled is not."""
    return [each for each in newest_rounds() if each.stage in (*WRITING, *READABLE)]


def round_for_company(round_id: int) -> InternshipRound:
    """One of them; raises NotFound."""
    found = db.session.get(InternshipRound, round_id)
    if found is None or found.stage not in (*WRITING, *READABLE):
        raise NotFound
    return found


def places_of(round_id: int, organisation_id: int) -> InternshipHost | None:
    """How many students a company takes in all, where it has said so."""
    mine = (InternshipHost.round_id == round_id, InternshipHost.organisation_id == organisation_id)
    return db.session.scalars(select(InternshipHost).where(*mine)).one_or_none()


def newest_rounds() -> Sequence[InternshipRound]:
    """The newest first."""
    newest = select(InternshipRound).order_by(InternshipRound.fiscal_year.desc(), InternshipRound.id.desc())
    return db.session.scalars(newest.limit(MOST_ROUNDS)).all()
