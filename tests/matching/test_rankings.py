"""A company's ranking: tiers, undecided and not acceptable ones, and that no window overwrites another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.internships.ranking import Ranking
from portal.internships.models import InternshipRound
from portal.matching.models import CompanyRanking
from portal.matching.queries.lists import own_ranking
from portal.matching.services.rankings import save_ranking
from tests.support import internships as given
from tests.support import matching as told
from tests.support.matching import Scene
from tests.support.people import actor_of, browser_of, person
from tests.support.races import at_once
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = told.scene()
    with clock.frozen(told.RANKING):
        yield made


def save(who: Person, scene: Scene, ranking: Ranking, version: int) -> int:
    with given.acting(who) as by:
        season = db.session.get_one(InternshipRound, scene.round_id)
        return save_ranking(
            season=season, organisation_id=scene.company, ranking=ranking, version=version, by=by
        ).version


def kept(scene: Scene) -> tuple[list[list[int]], list[int]] | None:
    rollback()
    columns = select(CompanyRanking.tiers, CompanyRanking.unacceptable)
    found = db.session.execute(columns.filter_by(organisation_id=scene.company)).one_or_none()
    return None if found is None else (found[0], found[1])


def reader_of(who: Person, language: str = "ja") -> Reader:
    told.change(Person, who.id, language=language)
    return Reader(browser_of(current_app._get_current_object(), who))  # type: ignore[attr-defined]


def test_tiers_are_kept_and_no_window_overwrites_another(scene: Scene) -> None:
    one, two, three = (scene.applicant() for _n in range(3))
    assert save(scene.admin, scene, Ranking.of([[one.id], [two.id, three.id]], []), 0) == 1
    assert save(scene.admin, scene, Ranking.of([[two.id]], [one.id]), 1) == 2
    for version in (0, 1, 9):
        with pytest.raises(OutOfDate):
            save(scene.admin, scene, Ranking(), version)
    assert kept(scene) == ([[two.id]], [one.id])


def test_two_mentors_at_once_one_wins(app: Flask, scene: Scene) -> None:
    one, two = scene.applicant(), scene.applicant()
    by, wishes = actor_of(scene.admin), [Ranking.of([[one.id]], []), Ranking.of([[two.id]], [one.id])]

    def press(wish: Ranking, version: int) -> int:
        with transaction():
            season = db.session.get_one(InternshipRound, scene.round_id)
            made = save_ranking(
                season=season, organisation_id=scene.company, ranking=wish, version=version, by=by
            )
            return made.version

    for version in (0, 1):
        done = at_once(app, *(lambda w=wish, v=version: press(w, v) for wish in wishes))  # type: ignore[misc]
        won = [n for n, each in enumerate(done) if each == version + 1]
        assert len(won) == 1, done
        assert kept(scene) == (
            [list(tier) for tier in wishes[won[0]].tiers],
            list(wishes[won[0]].unacceptable),
        )
        assert isinstance(done[1 - won[0]], OutOfDate), done


def test_only_applicants_and_each_once(scene: Scene) -> None:
    one, other = scene.applicant(), told.trained(scene.place)
    for wrong in (
        Ranking.of([[one.id, one.id]], []),
        Ranking.of([[one.id]], [one.id]),
        Ranking.of([[other.id]], []),
        Ranking.of([], [other.id]),
        Ranking.of([list(range(1, 1_000_001))], []),
    ):
        with pytest.raises(Refused):
            save(scene.admin, scene, wrong, 0)
    assert kept(scene) is None


def test_only_its_own_people_while_ranking_is_open(scene: Scene) -> None:
    one, rival = scene.applicant(), given.host()
    for other in (rival, scene.office, one):
        with pytest.raises(Refused):
            save(other, scene, Ranking(), 0)
        rollback()
        with pytest.raises(NotFound):
            own_ranking(actor_of(other), scene.round_id, scene.company)
    for at in (given.TIMES.interviews_at, given.TIMES.locks_at):
        with clock.frozen(at), pytest.raises(OutOfDate):
            save(scene.admin, scene, Ranking(), 0)


def test_the_trail_names_nobody(scene: Scene) -> None:
    one = scene.applicant()
    colleague = person(at=db.session.get_one(Organisation, scene.company), roles=(Role.MENTOR,))
    save(scene.admin, scene, Ranking.of([[one.id]], []), 0)
    save(scene.admin, scene, Ranking(), 1)
    save(colleague, scene, Ranking.of([], [one.id]), 2)
    rollback()
    columns = select(AuditEntry.actor_id, AuditEntry.changes, AuditEntry.note)
    said = db.session.execute(columns.filter_by(verb="ranking.saved").order_by(AuditEntry.id)).all()
    assert said == [(scene.admin.id, {}, ""), (colleague.id, {}, "")]


def press(mentor: Reader, page: Page, student: Person, step: str, status: int = 200) -> Page:
    return mentor.submit(told.step_form(page, student=student.id), button=f"step={step}", status=status)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_without_a_script(scene: Scene, language: str) -> None:
    one, two, three = (scene.applicant(name=f"学生 {n}") for n in "甲乙丙")
    fourth = told.trained(scene.place, name="学生 丁")
    told.apply(fourth, scene.posting, ApprovalState.VETOED)
    mentor = reader_of(scene.admin, language)
    first = mentor.get(f"/matching/rounds/{scene.round_id}/companies/{scene.company}/ranking")
    assert ("4名が未定" if language == "ja" else "4 applicants are undecided") in first.text
    page = press(mentor, press(mentor, first, one, "last"), two, "last")
    page = press(mentor, page, two, "up")
    assert kept(scene) == ([[two.id], [one.id]], [])
    page = press(mentor, page, one, "tie")
    page = press(mentor, page, fourth, "refuse")
    assert kept(scene) == ([[two.id, one.id]], [fourth.id])
    press(mentor, page, three, "last")
    assert kept(scene) == ([[two.id, one.id], [three.id]], [fourth.id])
    press(mentor, first, three, "last", status=409)


def test_dropped_between_beside_and_by_hand(app: Flask, scene: Scene) -> None:
    one, two, three = (scene.applicant() for _n in range(3))
    save(scene.admin, scene, Ranking.of([[one.id], [two.id]], [three.id]), 0)
    browser, here = (
        browser_of(app, scene.admin),
        f"/matching/rounds/{scene.round_id}/companies/{scene.company}/ranking",
    )
    token = told.token(browser, here)

    def post(status: int, **sent: object) -> None:
        assert browser.post(here, data=sent | {"csrf_token": token}).status_code == status, sent

    post(303, student=three.id, beside=two.id, version=1)
    assert kept(scene) == ([[one.id], [two.id, three.id]], [])
    post(303, student=two.id, gap=0, version=2)
    assert kept(scene) == ([[two.id], [one.id], [three.id]], [])
    post(409, student=two.id, gap=0, version=2)
    post(409, rest="y", version=2)
    post(422, student="x", step="up", version=3)
    post(422, student=one.id, version=3)
    post(422, student=one.id, step="jump", version=3)
    post(422, version=3, step="up")
    post(422, student=4_000_000_001, step="last", version=3)
    assert kept(scene) == ([[two.id], [one.id], [three.id]], [])
    with transaction():
        db.session.query(Affiliation).filter_by(person_id=scene.admin.id).delete()
    assert browser.get(here).status_code in (302, 403, 404)


def test_as_many_statements_for_many_applicants(app: Flask, scene: Scene) -> None:
    here, asked = f"/matching/rounds/{scene.round_id}/companies/{scene.company}/ranking", []
    browser, people = browser_of(app, scene.admin), [scene.applicant()]
    for version in range(2):
        save(scene.admin, scene, Ranking.of([[who.id for who in people]], []), version)
        rollback()
        with count_sql() as sql:
            assert browser.get(here).status_code == 200
        asked.append(len(sql))
        people += [scene.applicant() for _n in range(3)]
    assert asked[0] == asked[1] <= 8, asked
