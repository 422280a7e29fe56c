"""Students who show interest in open postings, and supervisors who decide; everything invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Person
from portal.careers.models import StudentProfile, Supervision
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile
from portal.internships.models import Approval, Interest
from portal.internships.queries.interests import interest_in
from portal.internships.services.asking import link_for
from portal.internships.services.interests import show_interest, withdraw_interest
from tests.support import internships as given

OPEN = given.TIMES.opens_at + timedelta(hours=1)  # the round is open


@dataclass(frozen=True, slots=True)
class Scene:
    """A round that opens in June 2026, a company's administrator, and numbers of open postings."""

    office: Person
    admin: Person
    round_id: int
    postings: tuple[int, ...]

    @property
    def company(self) -> int:
        """The company's number."""
        return given.company_of(self.admin)


def scene(postings: int = 1, **values: object) -> Scene:
    """A round with open postings of one company."""
    office, admin = given.officer(), given.host()
    round_id = given.plan(office)
    return Scene(
        office, admin, round_id, tuple(opened(office, admin, round_id, **values) for _ in range(postings))
    )


def opened(office: Person, admin: Person, round_id: int, **values: object) -> int:
    """A published posting; its number."""
    number = given.write(admin, round_id, **values)
    given.submit(admin, number)
    given.publish(office, number)
    return number


def show(student: Person, posting_id: int, words: str = "御社の研究に関心があります。") -> int:
    """The student shows interest; the interest's number."""
    with given.acting(student) as by:
        return show_interest(posting=given.loaded(posting_id), words=words, by=by).id


def withdraw(student: Person, interest_id: int) -> None:
    """No longer."""
    with given.acting(student) as by:
        withdraw_interest(interest=db.session.get_one(Interest, interest_id), by=by)


def stands(student: Person, posting_id: int) -> Interest:
    """The interest as it stands."""
    rollback()
    found = interest_in(posting_id, student.id)
    assert found is not None
    return found


def guided(
    student: Person, by: Person | None = None, *, email: str = "prof@example.ac.jp", name: str = "指導 教授"
) -> int:
    """The student has a supervisor: a person, or an address alone; the number of the supervision."""
    named = {"name": by.name, "email": by.email, "email_key": by.email_key, "person_id": by.id} if by else {}
    named = named or {"name": name, "email": email, "email_key": email.casefold()}
    with transaction() as session:
        made = Supervision(student_id=student.id, created_at=clock.now(), created_by_id=student.id, **named)
        session.add(made)
        session.flush()
        return made.id


def approval_of(interest_id: int) -> Approval:
    """As it stands."""
    rollback()
    return db.session.scalars(select(Approval).where(Approval.interest_id == interest_id)).one()


def secret_of(supervision_id: int, round_id: int) -> str:
    """The secret of the supervisor's link, made where there is none yet."""
    with transaction():
        return link_for(db.session.get_one(Supervision, supervision_id), round_id).secret


def write_profile(who: Person, *opened: str, research: str = "研究の内容") -> None:
    """A profile with a CV, of which some items are opened."""
    with transaction() as session:
        file = StoredFile(
            name="履歴書.pdf", media_type="application/pdf", size=4, sha256="0" * 64, confidentiality=Confidentiality.RESTRICTED,
            organisation_id=None, uploaded_by_id=who.id, created_at=clock.now(), content=b"%PDF",
        )  # fmt: skip
        session.add(file)
        session.flush()
        found = session.scalars(
            select(StudentProfile).where(StudentProfile.person_id == who.id)
        ).one_or_none()
        if found is None:
            found = StudentProfile(person_id=who.id, changed_at=clock.now())
            session.add(found)
        found.about, found.research, found.cv_id, found.opened = (
            "自己紹介です",
            research,
            file.id,
            list(opened),
        )
