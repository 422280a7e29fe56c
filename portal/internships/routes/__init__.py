"""Pages of internships for companies and students, one module a page family."""

from portal.internships.routes import applicants, approvals, browsing, interests, postings, rounds, steps
from portal.internships.routes.blueprint import blueprint

__all__ = ["applicants", "approvals", "blueprint", "browsing", "interests", "postings", "rounds", "steps"]
