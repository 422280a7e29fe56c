"""The career-support office's pages, one module a page family."""

from portal.matching.staff import (
    attempts,
    choices,
    diagnosis,
    doubts,
    exclusions,
    follow_ups,
    limits,
    pictures,
    prearranging,
    readings,
    waivers,
    what_ifs,
)
from portal.matching.staff.blueprint import blueprint

__all__ = [
    "attempts",
    "blueprint",
    "choices",
    "diagnosis",
    "doubts",
    "exclusions",
    "follow_ups",
    "limits",
    "pictures",
    "prearranging",
    "readings",
    "waivers",
    "what_ifs",
]
