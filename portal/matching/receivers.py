"""News from the rounds: what takes away the ground of a placement that was arranged beforehand ends it."""

from __future__ import annotations

from typing import Any

from portal.internships import signals
from portal.internships.models import Interest, InternshipPosting
from portal.matching.enums import Side
from portal.matching.models import Prearrangement
from portal.matching.services.endings import end_pairs


@signals.interest_withdrawn.connect
def interest_was_withdrawn(interest: Interest, *, by: int | None, **more: Any) -> None:
    """The student no longer wants it."""
    end_pairs(*_between(interest), side=Side.STUDENT, by=by)


@signals.pair_vetoed.connect
def pair_was_vetoed(interest: Interest, *, by: int | None, **more: Any) -> None:
    """The supervisor rules it out."""
    end_pairs(*_between(interest), side=Side.SUPERVISOR, by=by)


@signals.posting_withdrawn.connect
def posting_was_withdrawn(posting: InternshipPosting, *, by: int | None, **more: Any) -> None:
    """The company no longer offers it."""
    end_pairs(Prearrangement.posting_id == posting.id, side=Side.COMPANY, by=by)


def _between(interest: Interest) -> tuple[Any, Any]:
    pair = Prearrangement
    return pair.student_id == interest.student_id, pair.posting_id == interest.posting_id
