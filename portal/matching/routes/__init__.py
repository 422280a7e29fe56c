"""Pages of matching for students and companies, one module a page family."""

from portal.matching.routes import (
    demand,
    lists,
    offers,
    pictures,
    prearranging,
    rankings,
    readings,
    results,
    rounds,
)
from portal.matching.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "demand",
    "lists",
    "offers",
    "pictures",
    "prearranging",
    "rankings",
    "readings",
    "results",
    "rounds",
]
