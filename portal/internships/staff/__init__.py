"""The career-support office's pages, one module a page family."""

from portal.internships.staff import agreements, approvals, postings, questions, rounds
from portal.internships.staff.blueprint import blueprint

__all__ = ["agreements", "approvals", "blueprint", "postings", "questions", "rounds"]
