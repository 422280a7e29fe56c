"""Profiles: the student's own, and what of them is opened to companies."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from portal.careers.enums import FILES, TEXTS, ProfileItem
from portal.careers.models import StudentProfile
from portal.core import clock
from portal.core.db import db
from portal.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What a student lets companies read. `texts` in the order of the page, without what is empty; files by their numbers."""

    student_id: int
    texts: Mapping[ProfileItem, str] = field(default_factory=dict)
    free_from: date | None = None
    free_until: date | None = None
    most_weeks: int | None = None
    files: Mapping[ProfileItem, int] = field(default_factory=dict)

    @property
    def cv_id(self) -> int | None:
        return self.files.get(ProfileItem.CV)

    @property
    def research_summary_id(self) -> int | None:
        return self.files.get(ProfileItem.RESEARCH_SUMMARY)


def profile_of(student_id: int) -> StudentProfile:
    """The student's profile; an empty one, not kept yet, where nothing was written."""
    found = standing_profile(student_id)
    return found or StudentProfile(
        person_id=student_id, opened=[], version=1, editor="", changed_at=clock.now(), about="", research_field="",
        research="", skills="", languages="", publications="", wishes="",
    )  # fmt: skip


def standing_profile(student_id: int) -> StudentProfile | None:
    """The row, where there is one."""
    return db.session.scalars(
        select(StudentProfile).where(StudentProfile.person_id == student_id)
    ).one_or_none()


def free_days_of(student_id: int) -> tuple[date | None, date | None]:
    """First and last day on which the student can come by the profile, opened to companies or not: for their own eyes."""
    found = standing_profile(student_id)
    return (found.free_from, found.free_until) if found else (None, None)


def disclosed_of(student_ids: Collection[int]) -> dict[int, Disclosed]:
    """What each of them has opened, and nothing else; nothing for those who wrote nothing. One statement."""
    found = {number: Disclosed(number) for number in student_ids}
    if found:
        wanted = select(StudentProfile).where(StudentProfile.person_id.in_(found))
        found |= {profile.person_id: opened_part(profile) for profile in db.session.scalars(wanted)}
    return found


def opened_part(profile: StudentProfile) -> Disclosed:
    """What companies read of a profile."""
    return part_of(profile, {ProfileItem(item) for item in profile.opened})


def part_of(profile: StudentProfile, items: Collection[ProfileItem]) -> Disclosed:
    """These items of a profile."""
    texts = {item: text for item in TEXTS if item in items and (text := getattr(profile, item.value))}
    files = {
        item: file for item, column in FILES.items() if item in items and (file := getattr(profile, column))
    }
    if ProfileItem.PERIOD not in items:
        return Disclosed(profile.person_id, texts, files=files)
    period = (profile.free_from, profile.free_until, profile.most_weeks)
    return Disclosed(profile.person_id, texts, *period, files=files)


def opened_file(student_id: int, item: ProfileItem) -> int | None:
    """The number of the CV or research summary, where the student has opened it; for whoever `may_read_profile`."""
    return disclosed_of([student_id])[student_id].files.get(item)


def file_of(profile: StudentProfile, item: ProfileItem) -> StoredFile | None:
    """The CV or research summary itself, opened or not: for the student and the office."""
    number = getattr(profile, FILES[item])
    return db.session.get(StoredFile, number) if number else None


def file_names(profile: StudentProfile) -> dict[ProfileItem, tuple[str, int]]:
    """Name and size of the files that are there; one statement."""
    numbers = {getattr(profile, column): item for item, column in FILES.items() if getattr(profile, column)}
    if not numbers:
        return {}
    rows = select(StoredFile.id, StoredFile.name, StoredFile.size).where(StoredFile.id.in_(numbers))
    return {numbers[row.id]: (row.name, row.size) for row in db.session.execute(rows)}


def missing_items(profile: StudentProfile) -> list[ProfileItem]:
    """What a complete profile has and this one has not: everything but publications, which not everybody has."""
    found = [
        item for item in TEXTS if item is not ProfileItem.PUBLICATIONS and not getattr(profile, item.value)
    ]
    if profile.free_from is None or profile.free_until is None:
        found.append(ProfileItem.PERIOD)
    return found + [item for item, column in FILES.items() if getattr(profile, column) is None]
