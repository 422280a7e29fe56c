"""The way of a student's interest in a posting, and of what their supervisor says of it."""

from __future__ import annotations

from enum import StrEnum


class InterestState(StrEnum):
    """Whether the student stands behind it."""

    SHOWN = "shown"
    WITHDRAWN = "withdrawn"


class ApprovalState(StrEnum):
    """What the supervisor says. It can be changed until the lists lock; what is only asked counts as no."""

    ASKED = "asked"
    APPROVED = "approved"
    VETOED = "vetoed"
