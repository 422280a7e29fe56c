"""Companies and postings without an agreement that they need take no part, each with its own reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from portal.domain.internships.agreements import AgreementKind
from portal.domain.matching import Reason, read_market, solve
from portal.internships.models import InternshipPosting
from portal.matching.enums import LeftReason
from portal.matching.services.gates import Left
from portal.matching.services.markets import market_with_left
from tests.support import agreements
from tests.support import internships as given
from tests.support import matching as told
from tests.support.matching import Scene

pytestmark = pytest.mark.database
FIRST, LAST = given.SAID["starts_from"], given.SAID["ends_by"]
DAY = timedelta(days=1)
MISSING = LeftReason.AGREEMENT_MISSING


@pytest.fixture
def scene() -> Scene:
    return told.scene()


def market(scene: Scene) -> tuple[dict[str, Any], tuple[Left, ...]]:
    found, left = market_with_left(told.season(scene.round_id))
    read_market(found)
    return found, left


@pytest.mark.parametrize("kind", AgreementKind)
def test_a_company_without_what_the_round_needs_stays_out(scene: Scene, kind: AgreementKind) -> None:
    one = scene.student()
    told.ranks(scene.admin, scene.round_id, [one])
    told.agreed(told.trained(scene.place), scene.posting)
    assert market(scene)[1] == ()
    agreements.needed(scene.office, scene.round_id, kind)
    other = next(each for each in AgreementKind if each is not kind)
    agreements.agreed(scene.office, scene.company, other)
    found, left = market(scene)
    assert left == (Left(f"c{scene.company}", MISSING),)
    assert found["fixed"] == []
    (answer,) = solve(read_market(found)).explanations[f"s{one.id}"]
    assert answer == (f"p{scene.posting}", Reason.WITHDRAWN)
    agreements.agreed(scene.office, scene.company, kind)
    found, left = market(scene)
    assert left == ()
    assert len(found["fixed"]) == 1


@pytest.mark.parametrize(
    ("days", "takes_part"),
    [
        ({"from_on": FIRST, "until_on": LAST}, True),
        ({"from_on": FIRST + DAY, "until_on": LAST}, False),
        ({"from_on": FIRST, "until_on": LAST - DAY}, False),
        ({"from_on": date(2026, 4, 1), "until_on": date(2026, 8, 31)}, False),  # in force today is not enough
        ({"from_on": FIRST}, True),
    ],
)
def test_it_holds_over_the_days_of_the_posting(scene: Scene, days: Any, takes_part: bool) -> None:
    agreements.needed(scene.office, scene.round_id, AgreementKind.NDA)
    agreements.agreed(scene.office, scene.company, AgreementKind.NDA, **days)
    assert (market(scene)[1] == ()) is takes_part


@pytest.mark.parametrize(("ended_on", "takes_part"), [(LAST, False), (LAST + DAY, True)])
def test_what_ended_early_no_longer_holds(scene: Scene, ended_on: date, takes_part: bool) -> None:
    agreements.needed(scene.office, scene.round_id, AgreementKind.NDA)
    agreements.ended(
        scene.office, agreements.agreed(scene.office, scene.company, AgreementKind.NDA), ended_on
    )
    assert (market(scene)[1] == ()) is takes_part


def test_a_posting_on_data_stays_out_alone(scene: Scene) -> None:
    """The company's other posting takes part."""
    data = told.offer(scene.admin, scene.round_id, data_agreements=["transfer", "ethics"], data_used="画像")
    one = told.trained(scene.place)
    for posting in (data, scene.posting):
        told.apply(one, posting)
    told.lists(one, scene.round_id, data, scene.posting)
    told.ranks(scene.admin, scene.round_id, [one])
    found, left = market(scene)
    assert left == (Left(f"p{data}", MISSING),)
    assert found["postings"][f"p{data}"]["capacity"] == 0
    solution = solve(read_market(found))
    assert solution.matching == {f"s{one.id}": f"p{scene.posting}"}
    assert (f"p{data}", Reason.WITHDRAWN) in solution.explanations[f"s{one.id}"]
    agreements.agreed(scene.office, scene.company, AgreementKind.DATA_TRANSFER)
    found, left = market(scene)
    assert left == ()
    assert solve(read_market(found)).matching == {f"s{one.id}": f"p{data}"}


def test_samples_and_ethics_are_no_agreements_with_a_company(scene: Scene) -> None:
    told.change(InternshipPosting, scene.posting, data_agreements=["samples", "ethics"])
    assert market(scene)[1] == ()


def test_one_company_of_two_and_one_posting_of_two(scene: Scene) -> None:
    """A posting of later days lacks what another of the same company has."""
    other = given.host()
    theirs = told.offer(other, scene.round_id)
    late = told.offer(scene.admin, scene.round_id, starts_from=LAST + DAY, ends_by=LAST + 90 * DAY)
    agreements.needed(scene.office, scene.round_id, AgreementKind.BASIC)
    agreements.agreed(scene.office, scene.company, AgreementKind.BASIC, until_on=LAST)
    found, left = market(scene)
    assert left == (Left(f"c{given.company_of(other)}", MISSING), Left(f"p{late}", MISSING))
    assert list(found["postings"]) == [f"p{scene.posting}"]
    assert f"p{theirs}" not in found["postings"]
