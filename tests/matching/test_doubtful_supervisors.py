"""Whose word as a supervisor the office should make sure of.

Mutants that must fail here: an address of a company that passes for its domain; a domain that merely ends alike; a site's `www.`
that is left on.
"""

from __future__ import annotations

import pytest

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.careers.queries.doubtful import Doubt, doubtful_supervisors
from portal.careers.services.supervision import choose_supervisor
from portal.core import clock
from tests.internships.test_posting_pages import reader_of
from tests.support import academics, internships
from tests.support import matching as told
from tests.support import people as given
from tests.support.sql import count_sql

pytestmark = pytest.mark.database


@pytest.fixture
def place(june: None) -> Organisation:
    return academics.university(website="https://www.example.ac.jp/ja/")


def named(who: Person, email: str) -> None:
    with internships.acting(who) as by:
        choose_supervisor(name="指導 教授", email=email, seen=None, by=by)


@pytest.mark.parametrize(
    ("email", "doubt"),
    [
        ("prof@example.ac.jp", None),
        ("prof@lab.example.ac.jp", None),
        ("prof@hub.example.go.jp", None),  # as one of its people
        ("prof@notexample.ac.jp", Doubt.DOMAIN),
        ("prof@mail.example.com", Doubt.DOMAIN),
        ("prof@example.co.jp", Doubt.DOMAIN),  # one of its people has it, but so can anybody
    ],
)
def test_an_address_is_known_by_its_domain(place: Organisation, email: str, doubt: Doubt | None) -> None:
    for address in ("one@hub.example.go.jp", "two@example.co.jp"):
        given.person(at=place, roles=(Role.COMPANY_ADMIN,), email=address)
    who = academics.student(place)
    named(who, email)
    assert [each.doubt for each in doubtful_supervisors([who.id])] == ([doubt] if doubt else [])


def test_whoever_signs_in_with_it_counts_more_than_the_domain(place: Organisation) -> None:
    professor = academics.supervisor(place, email="prof@mail.example.com")
    mentor = given.person(at=given.company(), roles=(Role.MENTOR,), email="mentor@example.ac.jp")
    fellow = academics.student(place, email="fellow@example.ac.jp")
    students = [academics.student(place) for _ in range(3)]
    for who, guide in zip(students, (professor, mentor, fellow), strict=True):
        named(who, guide.email)
    found = {each.student_id: each.doubt for each in doubtful_supervisors([who.id for who in students])}
    assert found == {students[1].id: Doubt.COMPANY, students[2].id: Doubt.STUDENT}
    with count_sql() as many:
        doubtful_supervisors([who.id for who in students])
    with count_sql() as one:
        doubtful_supervisors([students[0].id])
    assert len(many) == len(one)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_office_reads_it_before_the_lists_lock(place: Organisation, language: str) -> None:
    office, mentor = internships.officer(), internships.host()
    season = internships.plan(office)
    posting = told.offer(mentor, season)
    who = told.trained(place)
    told.apply(who, posting)
    named(who, mentor.email)
    words = "企業" if language == "ja" else "somebody at a company"
    with clock.frozen(told.RANKING):
        page = reader_of(office, language).get(f"/staff/matching/rounds/{season}/diagnosis")
    shown = page.main.text
    assert who.name in shown
    assert mentor.email in shown
    assert words in shown
