"""News from the match: a published result and a taken offer make placements."""

from __future__ import annotations

from typing import Any

from portal.internships.models import InternshipRound
from portal.matching import signals
from portal.matching.models import RollingOffer
from portal.placements.services import making


@signals.result_published.connect
def result_was_published(season: InternshipRound, **more: Any) -> None:
    """Everybody knows the result."""
    making.make_placements(season)


@signals.offer_taken.connect
def offer_was_taken(offer: RollingOffer, **more: Any) -> None:
    """A student takes a place that the match had left open."""
    making.make_placement(posting_id=offer.posting_id, student_id=offer.student_id)
