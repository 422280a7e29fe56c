"""From the tables to the market: who takes part, what is vetoed, what is settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from portal.accounts.models import Credential, Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.matching import CapKind, Reason, read_market, solve
from portal.internships.models import Interest, InternshipHost, InternshipPosting
from portal.matching.enums import ExclusionKind, LeftReason
from portal.matching.models import Exclusion, HostHold, MatchCap
from portal.matching.services.gates import Left
from portal.matching.services.markets import market_of, market_with_left
from portal.membership.models import ContractTerm
from tests.support import internships as given
from tests.support import matching as told
from tests.support.matching import Scene
from tests.support.sql import count_sql

pytestmark = pytest.mark.database


@pytest.fixture
def scene() -> Scene:
    return told.scene()


def market(scene: Scene) -> dict[str, Any]:
    """As the tables give it; it has to be readable."""
    found = market_of(told.season(scene.round_id))
    read_market(found)
    return found


def test_a_round_as_a_market(scene: Scene) -> None:
    one, two, three = scene.student(), scene.student(), scene.student()
    told.ranks(scene.admin, scene.round_id, [one], [two, three])
    found, season = market(scene), told.season(scene.round_id)
    assert found == {
        "format": "renkei-matching/1",
        "students": {f"s{who.id}": [f"p{scene.posting}"] for who in (one, two, three)},
        "postings": {f"p{scene.posting}": {"company": f"c{scene.company}", "capacity": 2}},
        "companies": {f"c{scene.company}": {"capacity": 2, "students": [f"s{one.id}", [f"s{two.id}", f"s{three.id}"]]}},
        "vetoes": [], "fixed": [], "lottery": {"round": f"round-{season.id}", "secret": season.secret},
    }  # fmt: skip
    assert len(solve(read_market(found)).matching) == 2


def test_the_companys_total_binds_and_the_least_is_a_remark(scene: Scene) -> None:
    told.change(InternshipPosting, scene.posting, least_places=1)
    with transaction() as session:
        session.add(
            InternshipHost(
                round_id=scene.round_id, organisation_id=scene.company, places=0, changed_by_id=scene.admin.id,
                changed_at=clock.now(),
            )
        )  # fmt: skip
    found = market(scene)
    assert found["companies"][f"c{scene.company}"]["capacity"] == 0
    assert found["postings"][f"p{scene.posting}"]["minimum"] == 1


@pytest.mark.parametrize("state", [None, ApprovalState.ASKED, ApprovalState.VETOED])
def test_without_the_supervisors_yes_the_pair_is_vetoed(scene: Scene, state: ApprovalState | None) -> None:
    one = told.trained(scene.place)
    told.apply(one, scene.posting, state)
    told.lists(one, scene.round_id, scene.posting)
    assert market(scene)["vetoes"] == [[f"s{one.id}", f"p{scene.posting}"]]


@pytest.mark.parametrize(
    ("days", "is_possible"),
    [
        ((None, None), True),
        ((date(2026, 9, 1), date(2026, 11, 9)), True),  # ten weeks to the day
        ((date(2026, 9, 1), date(2026, 11, 8)), False),
        ((date(2026, 12, 1), None), False),
        ((date(2027, 1, 1), date(2027, 3, 31)), False),
        ((None, date(2026, 8, 1)), False),
    ],
)
def test_the_stay_has_to_fit_into_the_supervisors_days(scene: Scene, days: Any, is_possible: bool) -> None:
    one = told.trained(scene.place)
    told.apply(one, scene.posting, from_on=days[0], until_on=days[1])
    told.lists(one, scene.round_id, scene.posting)
    assert (market(scene)["vetoes"] == []) is is_possible


def test_an_exclusion_counts_until_it_is_lifted(scene: Scene) -> None:
    one = scene.student()
    with transaction() as session:
        apart = Exclusion(
            student_id=one.id, organisation_id=scene.company, kind=ExclusionKind.EXCLUSION, reason="-",
            created_at=clock.now(), created_by_id=scene.office.id,
        )  # fmt: skip
        session.add(apart)
    assert market(scene)["vetoes"] == [[f"s{one.id}", f"p{scene.posting}"]]
    told.change(Exclusion, apart.id, lifted_at=clock.now(), lifted_by_id=scene.office.id)
    assert market(scene)["vetoes"] == []


def test_who_may_not_take_part_is_named_with_the_reason(scene: Scene) -> None:
    untrained, gone = scene.student(is_trained=False), scene.student()
    fine, taken_back = scene.student(), scene.student()
    told.change(Person, gone.id, is_disabled=True)
    with transaction() as session:
        session.query(Credential).filter_by(person_id=taken_back.id).one().revoked_at = clock.now()
    found, left = market_with_left(told.season(scene.round_id))
    assert list(found["students"]) == [f"s{fine.id}"]
    assert set(left) == {
        Left(f"s{untrained.id}", LeftReason.TRAINING_MISSING),
        Left(f"s{gone.id}", LeftReason.NO_LONGER_A_STUDENT),
        Left(f"s{taken_back.id}", LeftReason.TRAINING_MISSING),
    }


def _cancel_membership(scene: Scene) -> None:
    with transaction() as session:
        session.query(ContractTerm).filter_by(
            organisation_id=scene.company
        ).one().cancelled_on = clock.today()


def _hold_back(scene: Scene) -> None:
    with transaction() as session:
        session.add(
            HostHold(
                round_id=scene.round_id, organisation_id=scene.company, reason="協定が未締結", created_at=clock.now(),
                created_by_id=scene.office.id,
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("happen", "reason"),
    [(_cancel_membership, LeftReason.NOT_A_MEMBER), (_hold_back, LeftReason.HELD_BACK)],
)
def test_a_company_that_may_not_take_part_has_no_places(
    scene: Scene, happen: Callable[[Scene], None], reason: LeftReason
) -> None:
    one = scene.student()
    told.ranks(scene.admin, scene.round_id, [one])
    told.agreed(told.trained(scene.place), scene.posting)
    happen(scene)
    found, left = market_with_left(told.season(scene.round_id))
    assert left == (Left(f"c{scene.company}", reason),)
    assert found["companies"] == {f"c{scene.company}": {"capacity": 0, "students": [f"s{one.id}"]}}
    assert found["fixed"] == []
    (answer,) = solve(read_market(found)).explanations[f"s{one.id}"]
    assert answer == (f"p{scene.posting}", Reason.WITHDRAWN)


def test_a_withdrawn_posting_stays_on_the_list_without_places(scene: Scene) -> None:
    one = scene.student()
    told.change(InternshipPosting, scene.posting, state=PostingState.WITHDRAWN)
    found = market(scene)
    assert found["students"] == {f"s{one.id}": [f"p{scene.posting}"]}
    assert found["postings"][f"p{scene.posting}"]["capacity"] == 0


def test_a_wish_without_standing_interest_is_none(scene: Scene) -> None:
    one, other = told.trained(scene.place), told.trained(scene.place)
    number = told.apply(one, scene.posting)
    told.lists(one, scene.round_id, scene.posting)
    told.lists(other, scene.round_id)
    told.change(Interest, number, state=InterestState.WITHDRAWN)
    assert market(scene)["students"] == {}


def test_what_four_agreed_upon_leaves_with_its_seat(scene: Scene) -> None:
    settled, half, ended = scene.student(), scene.student(), scene.student()
    told.agreed(settled, scene.posting)
    told.agreed(half, scene.posting, supervisor_at=None)
    told.agreed(ended, scene.posting, ended_at=clock.now())
    told.change(InternshipPosting, scene.posting, places=0)  # what was agreed upon stays
    found = market(scene)
    assert found["fixed"] == [[f"s{settled.id}", f"p{scene.posting}"]]
    assert found["postings"][f"p{scene.posting}"]["capacity"] == 1
    assert set(found["students"]) == {f"s{half.id}", f"s{ended.id}"}
    assert solve(read_market(found)).matching == {f"s{settled.id}": f"p{scene.posting}"}


def test_limits_of_several_companies(scene: Scene) -> None:
    one = scene.student()
    with transaction() as session:
        session.add(
            MatchCap(
                round_id=scene.round_id, kind=CapKind.HUB, name="東", places=0, targets={str(scene.company): 1, "999999": 2},
                changed_by_id=scene.office.id, changed_at=clock.now(),
            )
        )  # fmt: skip
    assert market(scene)["hubs"] == {"東": {"cap": 0, "companies": {f"c{scene.company}": 1}}}
    told.agreed(one, scene.posting)
    assert market(scene)["hubs"]["東"]["cap"] == 1


def test_as_many_statements_for_everybody(scene: Scene) -> None:
    def asked() -> int:
        season = told.season(scene.round_id)
        with count_sql() as sql:
            market_of(season)
        return len(sql)

    told.ranks(scene.admin, scene.round_id, [scene.student()])
    few = asked()
    for _n in range(5):
        other = given.host()
        told.apply(scene.student(), told.offer(other, scene.round_id))
    assert asked() == few == 16
    db.session.rollback()
