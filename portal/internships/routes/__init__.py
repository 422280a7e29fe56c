"""Pages of internships for companies and students, one module a page family."""

from portal.internships.routes import browsing, interests, postings, rounds, steps
from portal.internships.routes.blueprint import blueprint

__all__ = ["blueprint", "browsing", "interests", "postings", "rounds", "steps"]
