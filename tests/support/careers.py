"""Students of a university, the career-support office, and what they do; everything invented."""

from __future__ import annotations

from datetime import UTC, date, datetime

from portal.accounts.enums import CredentialKind, Role
from portal.accounts.models import Person
from portal.accounts.services.credentials import grant_credential
from portal.core.db import db
from tests.support.academics import student
from tests.support.internships import acting
from tests.support.people import staff

JUNE = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
DAY_OF_TRAINING = date(2026, 3, 20)


def officer(**values: object) -> Person:
    """Somebody of the career-support office."""
    return staff(Role.CAREER_SUPPORT, **values)


def trained(by: Person, who: Person | None = None) -> Person:
    """A student who completed the training."""
    who = who or student()
    with acting(by) as actor:
        grant_credential(
            person=db.session.get_one(Person, who.id),
            kind=CredentialKind.TRAINING,
            earned_on=DAY_OF_TRAINING,
            by=actor,
        )
    return who
