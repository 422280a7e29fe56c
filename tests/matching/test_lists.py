"""A student's list: what may stand on it, when, and that no window overwrites another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit.models import AuditEntry
from portal.careers.models import StudentProfile
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.interview_flow import InterviewState
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import Interest, InternshipPosting, InternshipRound, Interview
from portal.internships.services.interests import show_interest, withdraw_interest
from portal.matching.models import PreferenceList
from portal.matching.services.diagnosis import diagnose
from portal.matching.services.lists import save_list
from tests.support import internships as given
from tests.support import matching as told
from tests.support.matching import Scene
from tests.support.people import actor_of, browser_of
from tests.support.races import at_once
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = told.scene()
    with clock.frozen(told.RANKING):
        yield made


def save(who: Person, scene: Scene, postings: Sequence[int], version: int) -> int:
    """Saved; the new version."""
    with given.acting(who) as by:
        season = db.session.get_one(InternshipRound, scene.round_id)
        return save_list(season=season, postings=postings, version=version, by=by).version


def kept(who: Person) -> list[int] | None:
    rollback()
    return db.session.scalars(select(PreferenceList.postings).filter_by(student_id=who.id)).one_or_none()


def reader_of(who: Person, language: str = "ja") -> Reader:
    told.change(Person, who.id, language=language)
    return Reader(browser_of(current_app._get_current_object(), who))  # type: ignore[attr-defined]


def test_saved_step_by_step(scene: Scene) -> None:
    one, second = scene.applicant(), told.offer(scene.admin, scene.round_id)
    told.apply(one, second)
    assert save(one, scene, [scene.posting], 0) == 1
    assert save(one, scene, [second, scene.posting], 1) == 2
    assert save(one, scene, [], 2) == 3
    assert kept(one) == []
    assert save(one, scene, [second], 3) == 4


@pytest.mark.parametrize("version", [0, 2, 99])
def test_an_old_window_overwrites_nothing(scene: Scene, version: int) -> None:
    one = scene.applicant()
    save(one, scene, [scene.posting], 0)
    with pytest.raises(OutOfDate):
        save(one, scene, [], version)
    assert kept(one) == [scene.posting]


def test_two_windows_at_once_one_wins(app: Flask, scene: Scene) -> None:
    one, second = scene.applicant(), told.offer(scene.admin, scene.round_id)
    told.apply(one, second)
    by, wishes = actor_of(one), [[scene.posting, second], [second, scene.posting]]

    def press(wish: list[int], version: int) -> int:
        with transaction():
            season = db.session.get_one(InternshipRound, scene.round_id)
            return save_list(season=season, postings=wish, version=version, by=by).version

    for version in (0, 1):
        done = at_once(app, *(lambda w=wish, v=version: press(w, v) for wish in wishes))  # type: ignore[misc]
        won = [n for n, each in enumerate(done) if each == version + 1]
        assert len(won) == 1, done
        assert kept(one) == wishes[won[0]]
        assert isinstance(done[1 - won[0]], OutOfDate), done


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (given.TIMES.ranking_at - timedelta(seconds=1), False),
        (given.TIMES.ranking_at, True),
        (given.TIMES.locks_at - timedelta(seconds=1), True),
        (given.TIMES.locks_at, False),
    ],
)
def test_only_while_ranking_is_open(scene: Scene, at: object, is_open: bool) -> None:
    one = scene.applicant()
    with clock.frozen(at):  # type: ignore[arg-type]
        if is_open:
            save(one, scene, [scene.posting], 0)
        else:
            with pytest.raises(OutOfDate):
                save(one, scene, [scene.posting], 0)
    assert (kept(one) is not None) is is_open


def _twice(scene: Scene) -> list[int]:
    return [scene.posting, scene.posting]


def _unknown(scene: Scene) -> list[int]:
    return [scene.posting, 4_000_000_001]


def _not_wanted(scene: Scene) -> list[int]:
    return [told.offer(scene.admin, scene.round_id)]


def _another_round(scene: Scene) -> list[int]:
    return [told.offer(scene.admin, given.plan(scene.office, times=given.ahead()))]


def _a_million(scene: Scene) -> list[int]:
    return list(range(1, 1_000_001))


def _eleven(scene: Scene) -> list[int]:
    return [scene.posting, *(told.offer(scene.admin, scene.round_id) for _n in range(10))]


@pytest.mark.parametrize("wish", [_twice, _unknown, _not_wanted, _another_round, _a_million, _eleven])
def test_what_cannot_be_ranked_is_refused_whole(scene: Scene, wish: Callable[[Scene], list[int]]) -> None:
    one, postings = scene.applicant(), wish(scene)
    with pytest.raises(Refused) as refused:
        save(one, scene, postings, 0)
    assert refused.value.status == 422
    assert kept(one) is None


def test_what_is_withdrawn_may_stay_and_cannot_be_added(scene: Scene) -> None:
    one, other = scene.applicant(), scene.applicant()
    save(one, scene, [scene.posting], 0)
    told.change(InternshipPosting, scene.posting, state=PostingState.WITHDRAWN)
    assert save(one, scene, [scene.posting], 1) == 2
    with pytest.raises(Refused):
        save(other, scene, [scene.posting], 0)


def test_nobody_but_students(scene: Scene) -> None:
    with pytest.raises(Refused):
        save(scene.admin, scene, [], 0)


def test_the_trail_says_that_it_was_saved_and_nothing_else(scene: Scene) -> None:
    one = scene.applicant()
    version = 0
    for minutes in (0, 1, 2, 40):
        with clock.frozen(told.RANKING + timedelta(minutes=minutes)):
            version = save(one, scene, [scene.posting], version)
    rollback()
    said = db.session.execute(
        select(AuditEntry.changes, AuditEntry.note).filter_by(verb="preferences.saved")
    ).all()
    assert said == [({}, ""), ({}, "")]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_without_a_script(scene: Scene, language: str) -> None:
    one, second = scene.applicant(), told.offer(scene.admin, scene.round_id)
    told.apply(one, second)
    told.apply(one, told.offer(scene.admin, scene.round_id), ApprovalState.VETOED)
    told.apply(one, told.offer(scene.admin, scene.round_id), ApprovalState.ASKED)
    student, here = reader_of(one, language), f"/matching/rounds/{scene.round_id}/list"
    assert here in [link["href"] for link in student.get("/matching/rounds").root.all("a")]
    empty = student.get(here)
    page = press(student, empty, scene.posting, "last")
    assert ("1件だけ" if language == "ja" else "Only one posting") in page.text
    page = press(student, page, second, "last")
    page = press(student, page, second, "up")
    assert kept(one) == [second, scene.posting]
    time = f"{told.RANKING.astimezone(clock.OFFICE_ZONE):%H:%M}"
    assert time in page.text
    stale = press(student, empty, second, "last", status=409)
    assert kept(one) == [second, scene.posting]
    page = press(student, stale, second, "remove")
    assert kept(one) == [scene.posting]
    with clock.frozen(given.TIMES.locks_at):
        late = browser_of(current_app._get_current_object(), one)  # type: ignore[attr-defined]
        sent = {"csrf_token": told.token(late, here), "posting": str(second), "step": "last", "version": "4"}
        assert late.post(here, data=sent).status_code == 409
        assert 'name="step"' not in late.get(here).get_data(as_text=True)
    assert kept(one) == [scene.posting]


def press(student: Reader, page: Page, posting: int, step: str, status: int = 200) -> Page:
    """One button of one entry."""
    return student.submit(told.step_form(page, posting=posting), button=f"step={step}", status=status)


def test_what_is_sent_by_hand_is_answered(app: Flask, scene: Scene) -> None:
    one = scene.applicant()
    browser, here = browser_of(app, one), f"/matching/rounds/{scene.round_id}/list"
    token = told.token(browser, here)
    for sent in ({}, {"posting": "x", "step": "up", "version": "0"}, {"posting": "1", "step": "jump", "version": "0"},
                 {"posting": "1", "step": "last"}, {"posting": "9" * 30, "step": "last", "version": "0"},
                 {"posting": "4000000001", "step": "last", "version": "0"}, {"posting": "1", "place": "-1", "version": "0"}):  # fmt: skip
        assert browser.post(here, data=sent | {"csrf_token": token}).status_code == 422, sent
    assert kept(one) is None


def test_interest_taken_back_leaves_the_page(scene: Scene) -> None:
    one = told.trained(scene.place)
    number = told.apply(one, scene.posting)
    save(one, scene, [scene.posting], 0)
    told.change(Interest, number, state=InterestState.WITHDRAWN)
    assert "募集" in reader_of(one).get(f"/matching/rounds/{scene.round_id}/list").text
    assert save(one, scene, [], 1) == 2


def test_interest_taken_back_leaves_the_other_entries_to_be_moved(scene: Scene) -> None:
    one = told.trained(scene.place)
    posts = [scene.posting, *(told.offer(given.host(), scene.round_id) for _ in range(2))]
    numbers = [told.apply(one, each) for each in posts]
    save(one, scene, posts, 0)
    told.change(Interest, numbers[1], state=InterestState.WITHDRAWN)
    student, here = reader_of(one), f"/matching/rounds/{scene.round_id}/list"
    press(student, student.get(here), posts[2], "up")
    assert kept(one) == [posts[2], posts[0]]
    press(student, student.get(here), posts[0], "first")
    press(student, student.get(here), posts[2], "remove")
    assert kept(one) == [posts[0]]


def test_who_takes_an_interest_back_takes_the_posting_off_the_list(scene: Scene) -> None:
    one = told.trained(scene.place)
    posts = [scene.posting, told.offer(given.host(), scene.round_id)]
    numbers = [told.apply(one, each) for each in posts]
    save(one, scene, posts, 0)
    student = reader_of(one)
    old = student.get(f"/matching/rounds/{scene.round_id}/list")
    with given.acting(one) as by:
        withdraw_interest(interest=db.session.get_one(Interest, numbers[0]), by=by)
    assert kept(one) == [posts[1]]
    press(student, old, posts[1], "first", status=409)
    with given.acting(one) as by:
        posting = db.session.get_one(InternshipPosting, posts[0])
        show_interest(posting=posting, words="", by=by)
    rollback()
    assert kept(one) == [posts[1]]  # not at its old place


def test_as_many_statements_for_a_long_list(app: Flask, scene: Scene) -> None:
    one, here = scene.applicant(), f"/matching/rounds/{scene.round_id}/list"
    browser, asked, version, postings = browser_of(app, one), [], 0, [scene.posting]
    for _n in range(2):
        version = save(one, scene, postings, version)
        rollback()
        with count_sql() as sql:
            assert browser.get(here).status_code == 200
        asked.append(len(sql))
        for _m in range(3):
            postings.append(told.offer(scene.admin, scene.round_id))
            told.apply(one, postings[-1])
    assert asked[0] == asked[1] <= 8, asked


def met(who: Person, posting_id: int, state: InterviewState) -> None:
    """An interview that stands so."""
    with transaction() as session:
        wanted = session.scalars(select(Interest).filter_by(posting_id=posting_id, student_id=who.id)).one()
        session.add(
            Interview(
                round_id=wanted.round_id, organisation_id=wanted.organisation_id, posting_id=posting_id, interest_id=wanted.id,
                student_id=who.id, state=state, days=3, invited_by_id=who.id, invited_at=clock.now(), moved_at=clock.now(),
                answer_by=clock.now(),
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("here", "elsewhere", "is_warned"),
    [
        (None, None, True),  # interviews have begun, and nobody has invited the student
        (InterviewState.HELD, None, False),
        (InterviewState.AGREED, InterviewState.HELD, False),
        (InterviewState.DECLINED, None, True),
        (InterviewState.INVITED, None, False),
        (None, InterviewState.HELD, True),
    ],
)
def test_a_company_that_has_not_met_the_student_is_said_to_be_unlikely(
    scene: Scene, here: InterviewState | None, elsewhere: InterviewState | None, is_warned: bool
) -> None:
    one, other = scene.applicant(), told.offer(given.host(), scene.round_id)
    told.apply(one, other)
    for posting, state in ((scene.posting, here), (other, elsewhere)):
        if state is not None:
            met(one, posting, state)
    save(one, scene, [scene.posting], 0)
    text = reader_of(one, "en").get(f"/matching/rounds/{scene.round_id}/list").text
    assert ("seldom rank" in text.split("Not on your list")[0]) is is_warned


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_stay_outside_the_own_days_is_warned_of(scene: Scene, language: str) -> None:
    one, here = scene.applicant(), f"/matching/rounds/{scene.round_id}/list"
    offer, words = (
        f"/internships/browse/{scene.posting}",
        "参加できる時期に" if language == "ja" else "as your profile says",
    )
    save(one, scene, [scene.posting], 0)
    days = {"free_from": date(2027, 5, 10), "free_until": date(2027, 7, 20)}
    for page in (here, offer):
        assert words not in reader_of(one, language).get(page).main.text
    with transaction() as session:
        session.add(StudentProfile(person_id=one.id, changed_at=clock.now(), **days))
    for page in (here, offer):
        assert words in reader_of(one, language).get(page).main.text
    assert diagnose(told.season(scene.round_id), actor_of(scene.office)).outside == 1


def test_what_the_pages_promise_on_who_reads_a_list_is_true(scene: Scene) -> None:
    """The other side never; the office only for a reason, which stands behind the link."""
    who = scene.applicant()
    for reader, place in ((who, "list"), (scene.admin, f"companies/{scene.company}/ranking")):
        page = reader_of(reader).get(f"/matching/rounds/{scene.round_id}/{place}")
        assert "事務局にも表示されません" not in page.text
        assert "理由を記録した場合に限られ" in page.text
        assert page.link("順位の閲覧記録").endswith("/matching/readings")


def test_a_posting_without_places_is_warned_of(scene: Scene) -> None:
    who = scene.applicant()
    told.change(InternshipPosting, scene.posting, places=0)
    page = reader_of(who).get(f"/matching/rounds/{scene.round_id}/list")
    assert "受入人数は0名" in page.text
