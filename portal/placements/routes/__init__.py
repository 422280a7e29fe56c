"""Pages of placements for students, companies and supervisors, one module a page family."""

from portal.placements.routes import evaluations, hours, items, period, placements
from portal.placements.routes.blueprint import blueprint

__all__ = ["blueprint", "evaluations", "hours", "items", "period", "placements"]
