"""States of placements, with their words."""

from __future__ import annotations

from portal.core.i18n import _l
from portal.domain.placements.placement_flow import PlacementState

PLACEMENT_LABELS = {
    PlacementState.PREPARING: _l("In preparation"),
    PlacementState.RUNNING: _l("Internship under way"),
    PlacementState.ENDED: _l("Ended, evaluations due"),
    PlacementState.EVALUATED: _l("Evaluated"),
    PlacementState.CANCELLED: _l("Cancelled"),
}
