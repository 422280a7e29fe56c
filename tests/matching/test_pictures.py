"""Pictures of a round: counts with their tables, none below five, out with the results and not before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.matching.waiving import Waiver
from portal.matching.models import MatchAttempt
from portal.matching.queries.pictures import Fill, Flow, fill_by_area, flow_in
from portal.matching.round_pictures import area_rows, flow_rows
from portal.matching.services.choosing import choose_attempt
from portal.matching.services.waivers import record_waiver
from tests.internships.test_posting_pages import reader_of
from tests.support import internships as given
from tests.support import match_runs as runs

pytestmark = pytest.mark.database


@pytest.fixture
def scene(june: None) -> Iterator[runs.Scene]:
    made = runs.locked_round(students=4)
    with runs.at_lock():
        number = runs.run(made)
        with transaction():
            choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=made.by)
        runs.jobs()
        yield made


def test_figures_count_places_and_what_became_of_applications(scene: runs.Scene) -> None:
    rollback()
    assert fill_by_area(scene.round_id) == {"IMAGING": Fill(2, 2)}
    assert flow_in(scene.round_id) == Flow(8, 0, 0, 2)


@pytest.mark.parametrize(
    ("flow", "told"),
    [
        (Flow(40, 20, 3, 10), [20, 20, None, None, None, None]), (Flow(40, 20, 8, 10), [20, 20, 8, 12, 10, 10]),
        (Flow(120, 3, 3, 37), [None] * 6), (Flow(120, 0, 0, 40), [0, 120, 0, 0, 40, 80]), (Flow(12, 0, 0, 3), [0, 12, 0, 0, None, None]),
    ],
)  # fmt: skip
def test_a_flow_is_told_only_where_no_step_tells_of_few(flow: Flow, told: list[int | None]) -> None:
    assert [count for _start, _end, count in flow_rows(flow, for_office=False)] == told
    assert None not in [count for _start, _end, count in flow_rows(flow, for_office=True)]


def test_small_numbers_are_not_shown_nor_worked_out() -> None:
    found = {"a": Fill(9, 9), "b": Fill(9, 2), "c": Fill(9, 7)}
    assert [filled for _name, _places, filled in area_rows(found, for_office=False)] == [9, None, None]
    assert [filled for _name, _places, filled in area_rows(found, for_office=True)] == [9, 2, 7]


def test_ranks_that_the_page_of_the_run_hides_stand_on_no_picture(june: None) -> None:
    made = runs.locked_round(students=17, places=10)
    with runs.at_lock():
        base = runs.run(made)
        with transaction():
            number = record_waiver(
                attempt=db.session.get_one(MatchAttempt, base), waiver=Waiver(runs.person_of(made.students[16]), None),
                reason="本人の希望", student_said="面談", student_on=clock.today(), company_said="電話", company_on=clock.today(),
                once="waived", by=made.by,
            ).id  # fmt: skip
        runs.jobs()
        with transaction():
            choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=made.by)
        runs.jobs()
        office = reader_of(made.office, "en")
        for page in (f"attempts/{number}", f"rounds/{made.round_id}/pictures"):
            assert "Choice 2" not in office.get(f"/staff/matching/{page}").main.text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pictures_are_out_with_the_results(scene: runs.Scene, language: str) -> None:
    address = f"/matching/rounds/{scene.round_id}/pictures"
    office = reader_of(scene.office, language).get(f"/staff{address}")
    assert (
        len(list(office.root.all("figure"))) == 3
    )  # no rank distribution and no chances: two are placed, each alone
    reader_of(scene.students[0], language).get(address, status=404)
    with clock.frozen(given.TIMES.publishes_at):
        runs.jobs()
        for who in (scene.students[0], scene.admins[0]):
            shown = reader_of(who, language).get(address)
            assert len(shown.root.all("figure")) == 1  # what is all hidden is a sentence, no table
            placed = next(e.text for e in shown.root.walk() if e["class"] == "stat")
            assert ("非表示" if language == "ja" else "not shown") in placed
            assert not any(each.name in shown.main.text for each in scene.students)
