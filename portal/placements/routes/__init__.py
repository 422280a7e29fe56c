"""Pages of placements for students, companies and supervisors, one module a page family."""

from portal.placements.routes import hours, items, period, placements
from portal.placements.routes.blueprint import blueprint

__all__ = ["blueprint", "hours", "items", "period", "placements"]
