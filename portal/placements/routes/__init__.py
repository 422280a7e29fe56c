"""Pages of placements for students, companies and supervisors, one module a page family."""

from portal.placements.routes import certificates, evaluations, hours, items, period, placements
from portal.placements.routes.blueprint import blueprint

__all__ = ["blueprint", "certificates", "evaluations", "hours", "items", "period", "placements"]
