"""Who may do what with profiles, consultations and notes. Pure: the person and the row, nothing else."""

from __future__ import annotations

from collections.abc import Collection

from portal.accounts.enums import Role
from portal.accounts.policy import CAREER_OFFICE, HOSTING_ROLES, hosting_organisations, may_support_careers
from portal.core.access import Actor

OFFICE_ROLES = CAREER_OFFICE
__all__ = ["HOSTING_ROLES", "OFFICE_ROLES", "may_read_notes", "may_read_profile", "may_support_careers"]


def may_read_profile(person: Actor, *, student_id: int, shown_to: Collection[int]) -> bool:
    """What a student has opened: the student, the office, and who takes interns for a company among `shown_to`.

    `shown_to`: numbers of the companies in whose postings the student shows interest.
    """
    if person.id == student_id or may_support_careers(person):
        return True
    return not set(hosting_organisations(person)).isdisjoint(shown_to)


def may_read_notes(person: Actor) -> bool:
    """Notes on careers are read and written by career support alone, not by administrators."""
    return Role.CAREER_SUPPORT in person.staff_roles
