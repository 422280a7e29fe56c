"""The career-support office's pages, one module a page family."""

from portal.internships.staff import postings, rounds
from portal.internships.staff.blueprint import blueprint

__all__ = ["blueprint", "postings", "rounds"]
