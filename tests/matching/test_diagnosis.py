"""Before the lists lock: what the office is told, who is reminded, and what demand tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import Approval, InternshipPosting, InternshipRound
from portal.matching.enums import LeftReason
from portal.matching.models import DemandSignal, HostHold
from portal.matching.services.demand import hide_demand, publish_demand, show_demand
from portal.matching.services.diagnosis import Diagnosis, diagnose
from portal.matching.services.markets import market_of
from portal.matching.services.reminding import remind_rankers, step_due
from portal.notifications.models import Message
from tests.support import internships as given
from tests.support import matching as told
from tests.support.matching import Scene
from tests.support.people import actor_of, browser_of
from tests.support.races import at_once
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
LOCK = given.TIMES.locks_at


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = told.scene()
    with clock.frozen(told.RANKING):
        yield made


def found(scene: Scene) -> Diagnosis:
    by = actor_of(scene.office)
    return diagnose(told.season(scene.round_id), by)


def reader_of(who: Person, language: str = "ja") -> Reader:
    told.change(Person, who.id, language=language)
    return Reader(browser_of(current_app._get_current_object(), who))  # type: ignore[attr-defined]


def test_what_is_missing(scene: Scene) -> None:
    listed, listless, untrained = scene.student(), scene.applicant(), scene.applicant(is_trained=False)
    asked = told.trained(scene.place)
    told.apply(asked, scene.posting, ApprovalState.ASKED)
    told.lists(asked, scene.round_id, scene.posting)
    lonely = told.offer(given.host(), scene.round_id)
    told.apply(listed, lonely, ApprovalState.VETOED)
    told.ranks(scene.admin, scene.round_id, [listed], unacceptable=[asked])
    seen = found(scene)
    assert seen.interested == {listed.id, listless.id, untrained.id, asked.id}
    assert seen.listless == [listless.id, untrained.id]
    assert (seen.single, seen.unapproved) == (2, 1)
    assert seen.undecided[scene.company] == 2
    assert seen.unreachable == [lonely]
    assert seen.stopped == {f"s{untrained.id}": LeftReason.TRAINING_MISSING}


def test_places_and_fixed_pairs_count(scene: Scene) -> None:
    one = scene.applicant()
    assert (found(scene).unreachable, found(scene).listless) == ([], [one.id])
    told.change(InternshipPosting, scene.posting, places=0)
    assert found(scene).unreachable == [scene.posting]
    told.agreed(one, scene.posting)
    assert found(scene).listless == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_asks_the_same_of_few_and_of_many(app: Flask, scene: Scene, language: str) -> None:
    scene.student(), scene.applicant(is_trained=False)
    here, office, asked = (
        f"/staff/matching/rounds/{scene.round_id}/diagnosis",
        reader_of(scene.office, language),
        [],
    )
    for _n in range(2):
        rollback()
        with count_sql() as sql:
            office.get(here)
        asked.append(len(sql))
        told.apply(scene.student(), told.offer(given.host(), scene.round_id), ApprovalState.VETOED)
        scene.applicant(is_trained=False)
    assert asked[0] == asked[1] <= 27, asked


def mails() -> list[tuple[str, str]]:
    rollback()
    ours = select(Message.event, Message.address).where(Message.event.startswith("matching/rank_"))
    return sorted((row[0], row[1]) for row in db.session.execute(ours))


def test_who_has_saved_nothing_is_reminded_twice(scene: Scene) -> None:
    one, _listed = scene.applicant(), scene.student()
    settled = scene.applicant()
    told.agreed(settled, scene.posting)
    expected = [("matching/rank_company", scene.admin.email), ("matching/rank_student", one.email)]
    remind_rankers()
    assert mails() == []
    for days, times in ((3, 1), (2, 1), (1, 2), (0.1, 2)):
        with clock.frozen(LOCK - timedelta(days=days) + timedelta(minutes=1)):
            remind_rankers()
            remind_rankers()
        assert mails() == sorted(expected * times), days
    with clock.frozen(LOCK):
        remind_rankers()
    assert len(mails()) == 4


def test_a_late_reminder_is_one(scene: Scene) -> None:
    scene.applicant()
    with clock.frozen(LOCK - timedelta(hours=5)):
        remind_rankers()
    assert len(mails()) == 2


def test_who_has_saved_is_left_in_peace(scene: Scene) -> None:
    one = scene.applicant()
    told.lists(one, scene.round_id)
    told.ranks(scene.admin, scene.round_id)
    with clock.frozen(LOCK - timedelta(hours=5)):
        remind_rankers()
    assert mails() == []


@pytest.mark.parametrize(
    ("now", "step"),
    [
        (datetime(2026, 7, 17, 23, 59, tzinfo=clock.OFFICE_ZONE), None),
        (datetime(2026, 7, 18, 9, 0, tzinfo=clock.OFFICE_ZONE), 3),
        (datetime(2026, 7, 19, 3, 0, tzinfo=clock.OFFICE_ZONE), None),
        (datetime(2026, 7, 20, 9, 0, tzinfo=clock.OFFICE_ZONE), 1),
        (datetime(2026, 7, 21, 3, 0, tzinfo=clock.OFFICE_ZONE), 1),
    ],
)
def test_by_day_unless_it_presses(now: datetime, step: int | None) -> None:
    assert step_due(datetime(2026, 7, 21, 9, 0, tzinfo=clock.OFFICE_ZONE), now) == step


def tell(scene: Scene, by: Person | None = None) -> int:
    with given.acting(by or scene.office) as actor:
        season = db.session.get_one(InternshipRound, scene.round_id)
        return publish_demand(season=season, by=actor).id


def test_demand_hides_small_numbers_and_is_told_once(app: Flask, scene: Scene) -> None:
    rare = told.offer(scene.admin, scene.round_id)
    people = [scene.student() for _n in range(5)]
    for _n in range(5):
        scene.applicant()  # without a list: the company cannot say who of its applicants the five are
    other = told.trained(scene.place)
    told.apply(other, rare)
    told.lists(other, scene.round_id, rare)
    with pytest.raises(Refused):
        tell(scene, scene.admin)
    with clock.frozen(given.TIMES.interviews_at), pytest.raises(OutOfDate):
        tell(scene)
    number = tell(scene)
    rollback()
    signal = db.session.get_one(DemandSignal, number)
    assert {row["posting"]: (row["listed"], row["first"]) for row in signal.figures} == {
        scene.posting: (5, None), rare: (None, None),
    }  # fmt: skip
    with pytest.raises(OutOfDate):
        tell(scene)
    here = f"/matching/rounds/{scene.round_id}/demand"
    for reader in (people[0], scene.admin):
        assert ">5<" in reader_of(reader).get(here).source
    for verb, again in ((hide_demand, 404), (show_demand, 200)):
        for wanted in (None, OutOfDate):
            with given.acting(scene.office) as by:
                signal = db.session.get_one(DemandSignal, number, populate_existing=True)
                if wanted is None:
                    verb(signal=signal, by=by)
                else:
                    with pytest.raises(wanted):
                        verb(signal=signal, by=by)
        reader_of(people[0]).get(here, status=again)


def test_told_at_once_it_is_told_once(app: Flask, scene: Scene) -> None:
    by = actor_of(scene.office)

    def press() -> int:
        with transaction():
            return publish_demand(season=db.session.get_one(InternshipRound, scene.round_id), by=by).id

    done = at_once(app, *(press for _n in range(4)))
    assert sum(isinstance(each, int) for each in done) == 1, done


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_office_turns_it_on_and_off(scene: Scene, language: str) -> None:
    office, here = reader_of(scene.office, language), f"/staff/matching/rounds/{scene.round_id}/diagnosis"
    form = office.get(here).form("/demand")
    page = office.submit(form)
    office.submit(form, status=409)
    page = office.submit(page.form("/disable"))
    page = office.submit(page.form("/enable"))
    student = reader_of(scene.student(), language)
    assert "/demand" in student.get("/matching/rounds").source
    student.get(f"/matching/rounds/{scene.round_id}/demand")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_home_says_what_is_to_be_ranked(scene: Scene, language: str) -> None:
    one = scene.applicant()
    for who, ending in ((one, "/list"), (scene.admin, "/ranking")):
        home = reader_of(who, language)
        assert [link for link in home.get("/home").links if link["href"].endswith(ending)]
        if who is one:
            told.lists(one, scene.round_id)
        else:
            told.ranks(scene.admin, scene.round_id)
        assert not [link for link in home.get("/home").links if link["href"].endswith(ending)]


def held(scene: Scene) -> None:
    with transaction() as session:
        session.add(
            HostHold(
                round_id=scene.round_id, organisation_id=scene.company, reason="協定", created_at=clock.now(),
                created_by_id=scene.office.id,
            )
        )  # fmt: skip


@pytest.mark.parametrize("how", ["held", "returned", "vetoed", "untrained"])
def test_an_agreed_place_that_does_not_count_is_named_and_the_student_asked_for_a_list(
    app: Flask, scene: Scene, how: str
) -> None:
    one = scene.applicant(name="約束 済子", is_trained=how != "untrained")
    told.agreed(one, scene.posting)
    if how == "held":
        held(scene)
    elif how == "returned":
        told.change(InternshipPosting, scene.posting, state=PostingState.RETURNED)
    elif how == "vetoed":
        rollback()
        (number,) = db.session.scalars(select(Approval.id)).all()
        told.change(Approval, number, state=ApprovalState.VETOED)
    seen = found(scene)
    assert (seen.gate.fixed, seen.gate.unheeded) == ({}, ((one.id, scene.posting),))
    assert market_of(told.season(scene.round_id))["fixed"] == []
    assert seen.listless == ([] if how == "returned" else [one.id])
    here = f"/staff/matching/rounds/{scene.round_id}/diagnosis"
    assert "受入として数えられない" in reader_of(scene.office).get(here).text
    list_page = reader_of(one).get(f"/matching/rounds/{scene.round_id}/list").text
    assert "希望リストは不要" not in list_page
    assert "現在有効ではありません" in list_page
    with clock.frozen(LOCK - timedelta(days=1)):
        remind_rankers()
    assert (("matching/rank_student", one.email) in mails()) == (how != "returned")


def test_who_is_placed_beforehand_or_ruled_out_waits_for_no_word_of_the_company(scene: Scene) -> None:
    open_one, settled, ruled_out = (
        scene.applicant(),
        scene.applicant(name="決定 済子"),
        told.trained(scene.place),
    )
    told.apply(ruled_out, scene.posting, ApprovalState.VETOED)
    told.agreed(settled, scene.posting)
    assert found(scene).undecided == {scene.company: 1}
    page = reader_of(scene.admin).get(f"/matching/rounds/{scene.round_id}/companies/{scene.company}/ranking")
    undecided = {each["data-item"] for each in page.root.all("li") if "data-item" in each}
    assert str(open_one.id) in undecided
    assert str(settled.id) not in undecided
    assert "決定 済子" in page.text
