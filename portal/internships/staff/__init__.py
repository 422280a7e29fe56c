"""The career-support office's pages, one module a page family."""

from portal.internships.staff import approvals, postings, questions, rounds
from portal.internships.staff.blueprint import blueprint

__all__ = ["approvals", "blueprint", "postings", "questions", "rounds"]
