"""Pages of internships for companies and students, one module a page family."""

from portal.internships.routes import browsing, postings, rounds, steps
from portal.internships.routes.blueprint import blueprint

__all__ = ["blueprint", "browsing", "postings", "rounds", "steps"]
