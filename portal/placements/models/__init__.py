"""Tables of placements, one module a noun."""

from portal.placements.models.placements import Placement

__all__ = ["Placement"]
