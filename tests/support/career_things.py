"""What a student and a supervisor of the world have, as addresses name it."""

from __future__ import annotations

from portal.accounts.models import Person
from tests.support import careers as given
from tests.support.marks import Thing


def career_things(academics: dict[str, Person], officer: Person) -> dict[str, Thing]:
    """The student completed the training."""
    student = given.trained(officer, academics["student"])
    return {"student_id": student.id, "document": "cv"}
