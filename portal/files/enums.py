"""How confidential a file is."""

from __future__ import annotations

from enum import StrEnum


class Confidentiality(StrEnum):
    """Who may open a file besides staff: everybody, its organisation, or only the persons a feature names."""

    PUBLIC = "public"
    ORGANISATION = "organisation"
    RESTRICTED = "restricted"
