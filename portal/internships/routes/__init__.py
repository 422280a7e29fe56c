"""Pages of internships for companies and students, one module a page family."""

from portal.internships.routes import approvals, browsing, interests, postings, rounds, steps
from portal.internships.routes.blueprint import blueprint

__all__ = ["approvals", "blueprint", "browsing", "interests", "postings", "rounds", "steps"]
