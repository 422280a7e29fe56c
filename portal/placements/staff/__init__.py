"""The career-support office's pages of placements, one module a page family."""

from portal.placements.staff import certificates, endings, evaluations, figures, hours, items, placements
from portal.placements.staff.blueprint import blueprint

__all__ = ["blueprint", "certificates", "endings", "evaluations", "figures", "hours", "items", "placements"]
