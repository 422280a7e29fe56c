"""Pages of internships for companies, students and supervisors, one module a page family."""

from portal.internships.routes import (
    agreements,
    applicants,
    approvals,
    browsing,
    company_interviews,
    interests,
    interviews,
    postings,
    questions,
    rounds,
    steps,
)
from portal.internships.routes.blueprint import blueprint

__all__ = [
    "agreements",
    "applicants",
    "approvals",
    "blueprint",
    "browsing",
    "company_interviews",
    "interests",
    "interviews",
    "postings",
    "questions",
    "rounds",
    "steps",
]
