"""News from the match: a published result and a taken offer make placements."""

from __future__ import annotations

from typing import Any

from portal.internships.models import InternshipRound
from portal.matching import signals
from portal.placements.services import making


@signals.result_published.connect
def result_was_published(season: InternshipRound, **more: Any) -> None:
    """Everybody knows the result."""
    making.make_placements(season)
