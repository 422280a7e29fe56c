"""One place a student over a whole chain of rounds, and one gate for whoever is placed in it, by the match or after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Credential, Organisation, Person
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.matching import CapKind
from portal.internships.models import InternshipHost, InternshipPosting, InternshipRound
from portal.matching.enums import ExclusionKind
from portal.matching.models import HostHold, MatchAttempt, MatchCap, MatchPlace, RollingOffer
from portal.matching.queries.places import placed_over
from portal.matching.services import exclusions, offers
from portal.matching.services.choosing import choose_attempt, take_choice_back
from portal.matching.services.offers import take_offer
from portal.membership.models import ContractTerm
from portal.placements.models import Placement
from portal.placements.services.running import cancel_placement
from tests.internships.test_posting_pages import reader_of
from tests.matching.test_after_the_match import follow, left_in, offered, scene  # noqa: F401
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support import matching as told
from tests.support.people import actor_of

pytestmark = pytest.mark.database


def followed(scene: runs.Scene, student: Person) -> runs.Scene:  # noqa: F811
    """The follow-up round with the student in it, ranked by the first company."""
    two = follow(scene)
    rollback()
    (copy,) = db.session.scalars(select(InternshipPosting.id).where(InternshipPosting.round_id == two)).all()
    told.apply(student, copy)
    told.lists(student, two, copy)
    told.ranks(scene.admins[0], two, [student])
    return runs.Scene(scene.office, scene.by, scene.admins, two, [copy], scene.students)


def choose(scene: runs.Scene, number: int) -> None:  # noqa: F811
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=scene.by)


def take(number: int, who: Person) -> None:
    student = actor_of(who)
    with transaction():
        take_offer(offer=db.session.get_one(RollingOffer, number), by=student)


def placements(who: Person) -> list[int]:
    rollback()
    return list(db.session.scalars(select(Placement.posting_id).where(Placement.student_id == who.id)))


def test_an_offer_of_the_first_round_is_not_taken_beside_the_second(scene: runs.Scene) -> None:  # noqa: F811
    who = scene.students[2]
    number = offered(scene, 2, until=given.TIMES.ends_at - timedelta(hours=1))
    second = followed(scene, who)
    season = told.season(second.round_id)
    with clock.frozen(
        season.locks_at + timedelta(minutes=1)
    ):  # told before anything is chosen: it says nothing of a result
        with pytest.raises(OutOfDate) as before:
            take(number, who)
        choose(second, runs.run(second))
        with pytest.raises(OutOfDate) as after:
            take(number, who)
        assert str(before.value) == str(after.value)
        assert str(after.value) == str(offers.MATCHED_NOW)
    with clock.frozen(told.season(second.round_id).publishes_at + timedelta(minutes=1)):
        runs.jobs()
        with pytest.raises(OutOfDate):
            take(number, who)
        assert placements(who) == second.postings


def test_taken_before_the_lists_lock_keeps_the_student_out_of_the_second_round(scene: runs.Scene) -> None:  # noqa: F811
    who, number = scene.students[2], offered(scene, 2)
    second = followed(scene, who)
    take(number, who)
    with clock.frozen(told.season(second.round_id).locks_at + timedelta(hours=1)):
        choose(second, runs.run(second))
    with clock.frozen(told.season(second.round_id).publishes_at + timedelta(minutes=1)):
        runs.jobs()
        assert placements(who) == [scene.postings[2]]


def test_the_database_says_no_to_a_second_place(scene: runs.Scene) -> None:  # noqa: F811
    second = followed(scene, scene.students[2])
    row = {
        "chain_id": scene.round_id,
        "round_id": second.round_id,
        "posting_id": second.postings[0],
        "made_at": clock.now(),
    }
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(MatchPlace(student_id=scene.students[0].id, **row))


def test_a_choice_that_is_taken_back_leaves_nobody_placed(june: None) -> None:
    made = runs.locked_round()
    with runs.at_lock():
        choose(made, runs.run(made))
        rollback()
        assert placed_over(made.round_id) == {each.id for each in made.students[:2]}
        with transaction():
            take_choice_back(season=made.season, by=made.by)
        rollback()
        assert placed_over(made.round_id) == frozenset()


def test_the_second_round_takes_what_a_company_still_takes_in_all(june: None) -> None:
    made = runs.locked_round(students=1)
    company = given.company_of(made.admins[0])
    for _extra in range(2):
        told.offer(made.admins[0], made.round_id, places=2)
    with transaction() as session:
        said = {"changed_by_id": made.admins[0].id, "changed_at": clock.now()}
        session.add(InternshipHost(round_id=made.round_id, organisation_id=company, places=2, **said))
    with runs.at_lock():
        choose(made, runs.run(made))
    with clock.frozen(runs.OUT):
        runs.jobs()
        two = follow(made)
        rollback()
        here = (InternshipHost.round_id == two, InternshipHost.organisation_id == company)
        assert db.session.scalars(select(InternshipHost.places).where(*here)).one() == 1


def test_a_withdrawn_posting_counts_towards_what_a_company_takes_in_all(scene: runs.Scene) -> None:  # noqa: F811
    company = given.company_of(scene.admins[0])
    with transaction() as session:
        said = {"changed_by_id": scene.office.id, "changed_at": clock.now()}
        session.add(InternshipHost(round_id=scene.round_id, organisation_id=company, places=2, **said))
        session.get_one(InternshipPosting, scene.postings[0]).state = "withdrawn"
    rollback()
    assert left_in(scene)[scene.postings[2]] == 1


def limited(scene: runs.Scene, places: int) -> None:  # noqa: F811
    company = given.company_of(scene.admins[0])
    with transaction() as session:
        said = {
            "changed_by_id": scene.office.id,
            "changed_at": clock.now(),
            "targets": {str(company): places},
        }
        session.add(
            MatchCap(round_id=scene.round_id, kind=CapKind.BUDGET, name="予算", places=places, **said)
        )


def held(scene: runs.Scene) -> None:  # noqa: F811
    company, said = (
        given.company_of(scene.admins[0]),
        {"created_at": clock.now(), "created_by_id": scene.office.id},
    )
    with transaction() as session:
        session.add(HostHold(round_id=scene.round_id, organisation_id=company, reason="協定が未締結", **said))


def test_limits_and_holds_go_on_in_the_second_round(scene: runs.Scene) -> None:  # noqa: F811
    limited(scene, 2)
    held(scene)
    two = follow(scene)
    rollback()
    (cap,) = db.session.scalars(select(MatchCap).where(MatchCap.round_id == two)).all()
    assert (cap.places, list(cap.targets.values())) == (1, [1])
    (hold,) = db.session.scalars(select(HostHold).where(HostHold.round_id == two)).all()
    assert hold.reason == "協定が未締結"


def test_offers_count_under_a_limit(scene: runs.Scene) -> None:  # noqa: F811
    limited(scene, 2)
    offered(scene, 2)
    with pytest.raises(Refused) as refused:
        offered(scene, 3)
    assert refused.value.field == "posting_id"


def test_a_company_that_is_held_back_offers_nothing(scene: runs.Scene) -> None:  # noqa: F811
    held(scene)
    with pytest.raises(Refused):
        offered(scene, 2)


def leave(scene: runs.Scene) -> None:  # noqa: F811
    company = given.company_of(scene.admins[0])
    with transaction() as session:
        gone = update(ContractTerm).where(ContractTerm.organisation_id == company)
        session.execute(gone.values(cancelled_on=clock.today() - timedelta(days=1)))


def apart(scene: runs.Scene, student: Person) -> None:  # noqa: F811
    company = given.company_of(scene.admins[0])
    with given.acting(scene.office) as by:
        exclusions.add_exclusion(
            student=db.session.get_one(Person, student.id), company=db.session.get_one(Organisation, company),
            kind=ExclusionKind.CONFLICT_OF_INTEREST, reason="近親者が在籍しています。", by=by,
        )  # fmt: skip


def untrained(scene: runs.Scene, student: Person) -> None:  # noqa: F811
    with transaction() as session:
        row = session.scalars(select(Credential).where(Credential.person_id == student.id)).one()
        session.delete(row)


def test_no_member_offers_nothing_and_gets_nobody(scene: runs.Scene) -> None:  # noqa: F811
    number = offered(scene, 2)
    leave(scene)
    with pytest.raises(Refused):
        offered(scene, 3)
    with pytest.raises(OutOfDate):
        take(number, scene.students[2])
    assert placements(scene.students[2]) == []


@pytest.mark.parametrize("what", [apart, untrained])
def test_who_may_no_longer_be_placed_takes_no_offer(scene: runs.Scene, what: object) -> None:  # noqa: F811
    number = offered(scene, 2)
    what(scene, scene.students[2])  # type: ignore[operator]
    with pytest.raises(OutOfDate) as refused:
        take(number, scene.students[2])
    assert str(refused.value) == str(offers.NO_LONGER)
    assert placements(scene.students[2]) == []


def called_off(scene: runs.Scene, who: Person) -> None:  # noqa: F811
    rollback()
    with transaction() as session:
        placement = session.scalars(select(Placement).where(Placement.student_id == who.id)).one()
        cancel_placement(
            placement=placement, reason="受入部署の都合です。", version=placement.version, by=scene.by
        )


def test_called_off_before_the_start_frees_student_and_place(scene: runs.Scene) -> None:  # noqa: F811
    who = scene.students[0]
    told.apply(who, scene.postings[2])
    runs.jobs()
    with pytest.raises(Refused):
        offered(scene, 0)
    result = f"/matching/rounds/{scene.round_id}/result"
    assert "will write to you" in reader_of(who, "en").get(result).main.text
    called_off(scene, who)
    shown = reader_of(who, "en").get(result).main.text
    assert "This internship is called off" in shown
    assert "will write to you" not in shown
    rollback()
    assert left_in(scene)[scene.postings[0]] == 1
    assert who.id not in placed_over(scene.round_id)
    take(offered(scene, 0), who)
    assert sorted(placements(who)) == [scene.postings[0], scene.postings[2]]
    rollback()
    assert who.id in placed_over(scene.round_id)


def test_called_off_before_the_start_leaves_the_way_to_the_second_round(scene: runs.Scene) -> None:  # noqa: F811
    who = scene.students[0]
    runs.jobs()
    called_off(scene, who)
    page = reader_of(scene.office, "en").get(f"/staff/matching/rounds/{scene.round_id}/follow-up").main.text
    assert "Students without a place 3" in " ".join(page.split())
    with transaction() as session:
        session.get_one(InternshipPosting, scene.postings[0]).places = 0
    second = followed(scene, who)
    with clock.frozen(told.season(second.round_id).locks_at + timedelta(hours=1)):
        choose(second, runs.run(second))
    with clock.frozen(told.season(second.round_id).publishes_at + timedelta(minutes=1)):
        runs.jobs()
        assert second.postings[0] in placements(who)


def test_nobody_keeps_the_office_from_planning_a_second_round(app: Flask, scene: runs.Scene) -> None:  # noqa: F811
    other = given.plan(given.officer(), times=given.ahead(), fiscal_year=2026)
    mentor = reader_of(scene.admins[1], "en")
    page = mentor.get(f"/internships/rounds/{other}/companies/{given.company_of(scene.admins[1])}")
    for number in range(other + 1, other + 4):
        mentor.submit(page.form("/postings"), once=f"follow:{number}:{scene.postings[2]}")
    office = reader_of(scene.office, "en")
    office.submit(office.get(f"/staff/matching/rounds/{scene.round_id}/follow-up").form("/follow-up"))
    rollback()
    assert (
        db.session.scalars(select(InternshipRound.name_en).order_by(InternshipRound.id.desc()).limit(1))
        .one()
        .endswith("(follow-up)")
    )
