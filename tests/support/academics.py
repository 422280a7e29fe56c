"""People of universities; everything invented."""

from __future__ import annotations

from typing import Any

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Organisation, Person
from tests.support.people import company, person


def university(**values: Any) -> Organisation:
    """A university that belongs to no company's world."""
    named = {"name": "架空大学", "name_en": "Example University", "corporate_number": None}
    return company(kind=OrganisationKind.UNIVERSITY, **(named | values))


def student(at: Organisation | None = None, **values: Any) -> Person:
    """A doctoral student."""
    return person(at=at or university(), roles=(Role.STUDENT,), **({"name_kana": "シケン タロウ"} | values))


def supervisor(at: Organisation | None = None, **values: Any) -> Person:
    """A supervisor."""
    return person(at=at or university(), roles=(Role.SUPERVISOR,), **values)
