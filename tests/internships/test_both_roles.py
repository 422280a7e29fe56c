"""A doctoral student who works for a company, too, is a candidate there and no host: not before applying, not after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.accounts.queries import hosts_of
from portal.careers.policy import may_read_profile
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.transaction import transaction
from portal.domain.internships.ranking import Ranking
from portal.internships.models import InternshipRound
from portal.internships.policy import hosting_companies, hosting_organisations
from portal.internships.queries.interests import interest_for_company
from portal.matching.services.rankings import save_ranking
from tests.support import interests as scenes
from tests.support import internships as given
from tests.support.academics import student
from tests.support.people import actor_of, browser_of
from tests.support.reader import Reader

pytestmark = pytest.mark.database


@pytest.fixture
def working(app: Flask) -> Iterator[tuple[scenes.Scene, Person, int]]:
    """A scene, a student who is a mentor of its company, and another student's interest."""
    with clock.frozen(scenes.OPEN):
        here, who = scenes.scene(), student()
        company = here.company
        with transaction() as session:
            for role in (Role.MENTOR, Role.COMPANY_ADMIN):
                session.add(
                    Affiliation(person_id=who.id, organisation_id=company, role=role, starts_on=clock.today())
                )
        yield here, who, scenes.show(student(), here.postings[0])


def test_no_page_of_a_host_opens(app: Flask, working: tuple[scenes.Scene, Person, int]) -> None:
    here, who, _interest = working
    rounds = f"rounds/{here.round_id}/companies/{here.company}"
    reader = Reader(browser_of(app, who))
    for place in (
        f"/internships/{rounds}", f"/internships/{rounds}/applicants", f"/internships/{rounds}/interviews",
        f"/internships/postings/{here.postings[0]}", f"/matching/{rounds}/ranking", f"/matching/{rounds}/result",
    ):  # fmt: skip
        assert reader.client.get(place).status_code == 404, place
    assert "博士課程学生の役割をお持ちです" in reader.get("/internships").text


def test_no_word_as_a_host_counts(working: tuple[scenes.Scene, Person, int]) -> None:
    here, who, interest = working
    by, company = actor_of(who), here.company
    assert hosting_organisations(by) == ()
    assert hosting_companies(by) == {}
    assert not may_read_profile(by, student_id=0, shown_to={company})
    with transaction(), pytest.raises(NotFound):
        interest_for_company(by, interest)
    with given.acting(who) as acting, pytest.raises(Refused):
        season = db.session.get_one(InternshipRound, here.round_id)
        save_ranking(season=season, organisation_id=company, ranking=Ranking(), version=0, by=acting)


def test_mails_to_hosts_go_to_the_others(working: tuple[scenes.Scene, Person, int]) -> None:
    here, who, _interest = working
    company = here.company
    with transaction():
        told = [each.id for each in hosts_of(db.session.get_one(Organisation, company))]
    assert here.admin.id in told
    assert who.id not in told
