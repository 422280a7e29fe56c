"""Students who show interest in open postings, and supervisors who decide; everything invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.transaction import rollback
from portal.internships.models import Interest
from portal.internships.queries.interests import interest_in
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
