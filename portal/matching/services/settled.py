"""Whether a student has a place already that all four sides agreed upon, and whether it counts as things stand."""

from __future__ import annotations

from portal.internships.models import InternshipRound
from portal.matching.queries.lists import is_settled
from portal.matching.services.gates import gate_of


def place_counts(season: InternshipRound, student_id: int) -> bool | None:
    """None without such a place. False: it is kept out of the match, for example because the posting or its company is."""
    return student_id in gate_of(season).fixed if is_settled(season.id, student_id) else None
