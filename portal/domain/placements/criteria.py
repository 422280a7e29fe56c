"""What is evaluated at the end of an internship, on which scale, and what of it may be shown in sum."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

LEAST_CELL = 5  # fewer answers than this are not summed up: one could tell whose they are
MARKS = (5, 4, 3, 2, 1)
NOT_SEEN = 0  # there was no occasion to see it


class Criterion(StrEnum):
    """What a company says of its intern."""

    KNOWLEDGE = "knowledge"
    ANALYSIS = "analysis"
    QUESTION = "question"
    RESULT = "result"
    TEAMWORK = "teamwork"
    EXPLAINING = "explaining"
    INITIATIVE = "initiative"
    CONDUCT = "conduct"


class HostCriterion(StrEnum):
    """What a student says of the company."""

    TASK = "task"
    GUIDANCE = "guidance"
    LEARNING = "learning"
    MEANS = "means"
    FAIRNESS = "fairness"
    AGAIN = "again"


def mean_tenths(marks: Sequence[int]) -> int | None:
    """Mean of the marks that were given, in tenths, halves upwards; None without one."""
    given = [mark for mark in marks if mark != NOT_SEEN]
    if not given:
        return None
    return int(Fraction(10 * sum(given), len(given)) + Fraction(1, 2))


def whole_blocks(count: int, size: int = LEAST_CELL) -> int:
    """How many of `count` answers, the earliest first, are summed up: whole blocks of `size` alone.

    Between two readings at least `size` answers are added or none, so no difference shows a single one.
    """
    return count - count % size
