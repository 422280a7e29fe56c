"""News from the rounds: what takes away the ground of a placement that was arranged beforehand ends it, a posting that is not wanted any
more leaves the list, and a minute that is moved has its job."""

from __future__ import annotations

from typing import Any

from portal.core.access import Actor
from portal.internships import signals
from portal.internships.models import Interest, InternshipPosting, InternshipRound
from portal.matching.enums import Side
from portal.matching.models import Prearrangement
from portal.matching.services.choosing import ask_for_publication, take_choice_back
from portal.matching.services.endings import end_pairs
from portal.matching.services.lists import take_off


@signals.interest_withdrawn.connect
def interest_was_withdrawn(interest: Interest, *, by: int | None, **more: Any) -> None:
    """The student no longer wants it."""
    take_off(interest)
    end_pairs(*_between(interest), side=Side.STUDENT, by=by)


@signals.pair_vetoed.connect
def pair_was_vetoed(interest: Interest, *, by: int | None, **more: Any) -> None:
    """The supervisor rules it out."""
    end_pairs(*_between(interest), side=Side.SUPERVISOR, by=by)


@signals.posting_withdrawn.connect
def posting_was_withdrawn(posting: InternshipPosting, *, by: int | None, **more: Any) -> None:
    """The company no longer offers it."""
    end_pairs(Prearrangement.posting_id == posting.id, side=Side.COMPANY, by=by)


@signals.calling_off.connect
def round_is_called_off(season: InternshipRound, *, by: Actor, **more: Any) -> None:
    """A result that is chosen is chosen no more, and its places are free for the rest of the chain."""
    if season.chosen_at is not None:
        take_choice_back(season=season, by=by)


@signals.timetable_moved.connect
def timetable_was_moved(season: InternshipRound, **more: Any) -> None:
    """A chosen result is published at its new minute, not only by the next sweep."""
    if season.chosen_at is not None:
        ask_for_publication(season)


def _between(interest: Interest) -> tuple[Any, Any]:
    pair = Prearrangement
    return pair.student_id == interest.student_id, pair.posting_id == interest.posting_id
