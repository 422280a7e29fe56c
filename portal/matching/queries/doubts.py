"""What speaks against chosen results, for the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts.models import Organisation, Person
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.policy import may_run_rounds
from portal.matching.models import MatchDoubt


@dataclass(frozen=True, slots=True)
class Doubted:
    """One of them with names."""

    doubt: MatchDoubt
    student: str
    posting: InternshipPosting
    company: Organisation


def doubts_for_office(person: Actor, round_id: int) -> Sequence[Doubted]:
    """Those that wait for the office; raises NotFound for everybody else."""
    if not may_run_rounds(person):
        raise NotFound
    rows = db.session.execute(
        select(MatchDoubt, Person.name, InternshipPosting, Organisation)
        .join(Person, Person.id == MatchDoubt.student_id)
        .join(InternshipPosting, InternshipPosting.id == MatchDoubt.posting_id)
        .join(Organisation, Organisation.id == InternshipPosting.organisation_id)
        .where(MatchDoubt.round_id == round_id, MatchDoubt.settled_at.is_(None))
        .order_by(MatchDoubt.id)
    )
    return [Doubted(*row) for row in rows]


def rounds_chosen() -> Sequence[int]:
    """Rounds with a result that is chosen and that nobody has been told of."""
    waiting = select(InternshipRound.id).where(
        InternshipRound.chosen_at.is_not(None), InternshipRound.cancelled_at.is_(None),
        InternshipRound.told_at.is_(None),
    )  # fmt: skip
    return db.session.scalars(waiting.order_by(InternshipRound.id)).all()
