"""Who may read an entry."""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    PARTY = "party"
    STAFF = "staff"
