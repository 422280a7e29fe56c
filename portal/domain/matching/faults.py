"""What the file of a market can have wrong beside what any file can."""

from __future__ import annotations

from enum import StrEnum


class MarketFault(StrEnum):
    """Kinds of faults; `detail` of a fault is named beside each."""

    UNKNOWN_STUDENT = "unknown_student"  # the id
    UNKNOWN_POSTING = "unknown_posting"  # the id
    UNKNOWN_COMPANY = "unknown_company"  # the id
    EMPTY_TIER = "empty_tier"
    FIXED_TWICE = "fixed_twice"  # the student
    FIXED_VETOED = "fixed_vetoed"
    FIXED_OVER_CAPACITY = "fixed_over_capacity"  # the path of the capacity
    CAPPED_TWICE = "capped_twice"  # the other cap
    BAD_SECRET = "bad_secret"  # noqa: S105 - the name of a fault
