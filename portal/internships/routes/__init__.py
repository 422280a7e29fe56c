"""Pages of internships for companies, one module a page family."""

from portal.internships.routes import postings, rounds, steps
from portal.internships.routes.blueprint import blueprint

__all__ = ["blueprint", "postings", "rounds", "steps"]
