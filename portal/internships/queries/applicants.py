"""Students as the companies read them in whose postings they show interest; never their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.careers.enums import ProfileItem
from portal.careers.queries.profiles import Disclosed, disclosed_of
from portal.careers.queries.students import students_by_id
from portal.core.db import db
from portal.core.errors import NotFound
from portal.files.models import StoredFile
from portal.internships.queries.interests import Applicant, applicants_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """One student with all their interests in a company's postings, and what they opened of their profile."""

    student_id: int
    name: str
    university: str
    interests: Sequence[Applicant]
    disclosed: Disclosed


def candidates_of(organisation_id: int, round_id: int) -> Sequence[Candidate]:
    """All applicants of a company in a round, in the order of their first interest; three statements."""
    by_student: dict[int, list[Applicant]] = {}
    for each in applicants_of(organisation_id, round_id):
        by_student.setdefault(each.student_id, []).append(each)
    students, opened = students_by_id(by_student), disclosed_of(by_student)
    return [
        Candidate(
            number,
            rows[0].name,
            students[number].university if number in students else "",
            rows,
            opened[number],
        )
        for number, rows in by_student.items()
    ]


def candidate_of(organisation_id: int, round_id: int, student_id: int) -> Candidate:
    """One of them; raises NotFound for who is no applicant of this company."""
    found = next(
        (each for each in candidates_of(organisation_id, round_id) if each.student_id == student_id), None
    )
    if found is None:
        raise NotFound
    return found


def opened_paper(candidate: Candidate, document: str) -> tuple[ProfileItem, StoredFile]:
    """The CV or the summary that the student has opened; raises NotFound."""
    item = next((item for item in candidate.disclosed.files if item.value == document), None)
    if item is None:
        raise NotFound
    return item, db.session.get_one(StoredFile, candidate.disclosed.files[item])
