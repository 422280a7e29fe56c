"""What a posting has to say before students may see it.

A stay lasts two months or longer as course work for credit, and is normally paid; the posting is a job description
(programme outline of the consortium: duties, required knowledge and skills, period, place, pay, places, rights, confidentiality).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

LEAST_WEEKS = 8  # two months
MOST_WEEKS = 52
NEEDED = (
    "title", "duties", "knowledge", "skills", "area", "mentor", "prefecture", "workplace", "remote", "language", "starts_from",
    "ends_by", "weeks", "days_a_week", "pay_unit", "rights", "confidentiality",
)  # fmt: skip


class PostingFault(StrEnum):
    """What is wrong at a field."""

    MISSING = "missing"
    TOO_SHORT = "too_short"
    WINDOW_TOO_SHORT = "window_too_short"
    ENDS_BEFORE_START = "ends_before_start"
    STARTS_BEFORE_RESULT = "starts_before_result"
    PAY_MISSING = "pay_missing"
    PAY_WITHOUT_UNIT = "pay_without_unit"
    DATA_UNNAMED = "data_unnamed"
    LEAST_ABOVE_PLACES = "least_above_places"


def posting_faults(posting: Mapping[str, Any], published_on: date) -> dict[str, PostingFault]:
    """The first fault of each field; empty when students may see it. `published_on`: the day of the round's results."""
    found = {
        field: PostingFault.MISSING for field in NEEDED if posting[field] is None or posting[field] == ""
    }
    for fault in (_of_period(posting, published_on), _of_pay(posting), _of_numbers(posting)):
        for field, reason in fault.items():
            found.setdefault(field, reason)
    return found


def _of_period(posting: Mapping[str, Any], published_on: date) -> dict[str, PostingFault]:
    start, end, weeks = posting["starts_from"], posting["ends_by"], posting["weeks"]
    found = {}
    if weeks is not None and weeks < LEAST_WEEKS:
        found["weeks"] = PostingFault.TOO_SHORT
    if start is not None and start <= published_on:
        found["starts_from"] = PostingFault.STARTS_BEFORE_RESULT
    if start is not None and end is not None:
        if end <= start:
            found["ends_by"] = PostingFault.ENDS_BEFORE_START
        elif weeks is not None and (end - start).days + 1 < 7 * weeks:
            found["ends_by"] = PostingFault.WINDOW_TOO_SHORT
    return found


def _of_pay(posting: Mapping[str, Any]) -> dict[str, PostingFault]:
    unit, amount = posting["pay_unit"], posting["pay_yen"]
    if unit in (None, ""):
        return {}
    if unit == "unpaid":
        return {"pay_yen": PostingFault.PAY_WITHOUT_UNIT} if amount else {}
    return {} if amount else {"pay_yen": PostingFault.PAY_MISSING}


def _of_numbers(posting: Mapping[str, Any]) -> dict[str, PostingFault]:
    found = {}
    if posting["least_places"] > posting["places"]:
        found["least_places"] = PostingFault.LEAST_ABOVE_PLACES
    if posting["data_agreements"] and not posting["data_used"]:
        found["data_used"] = PostingFault.DATA_UNNAMED
    return found
