"""Placements in sum, on the page and in the file: the office counts all, no mean is of fewer than five marks."""

from __future__ import annotations

import io
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import given as trying
from hypothesis import strategies as some
from openpyxl import load_workbook
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.placements.criteria import Criterion
from portal.domain.placements.figures import Fact, figures
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.matching import signals
from portal.matching.models import RollingOffer
from portal.placements.models import Placement, PlacementEvaluation
from portal.placements.services.making import make_placement
from tests.placements.test_pages import reader_of
from tests.support import internships as given
from tests.support.academics import student
from tests.support.people import browser_of
from tests.support.sql import count_sql

FACTS = some.lists(
    some.builds(
        Fact, some.sampled_from(PlacementState), some.sampled_from("甲乙丙丁"), some.sampled_from(("IMAGING", "OMICS")),
        some.integers(0, 60_000), some.none() | some.integers(1, 5), some.none() | some.just({Criterion.RESULT.value: 3}),
    ),
    max_size=60,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow])
@trying(FACTS)
def test_no_mean_of_fewer_than_five_marks(facts: list[Fact]) -> None:
    found = figures(facts)
    for group in found.companies:
        marked = sum(fact.overall is not None for fact in facts if fact.company == group.name)
        assert (group.mean_overall is not None) == (marked >= 5)
    assert (found.criteria[Criterion.RESULT] is None) == (sum(bool(fact.marks) for fact in facts) < 5)


@settings(suppress_health_check=[HealthCheck.too_slow])
@trying(FACTS)
def test_what_is_shown_is_right(facts: list[Fact]) -> None:
    found, companies = figures(facts), Counter(fact.company for fact in facts)
    assert {group.name: group.count for group in found.companies} == companies
    assert (
        sum(found.states.values()) == sum(group.count for group in found.areas) == len(facts) == found.count
    )


def placed(count: int) -> tuple:  # type: ignore[type-arg]
    """So many evaluated placements of one company; its administrator and somebody of the office."""
    officer, admin = given.officer(), given.host()
    posting_id = given.write(admin, given.plan(officer, times=given.ahead()))
    for n in range(count):
        who = student()
        with transaction() as session:
            make_placement(posting_id=posting_id, student_id=who.id)
            made = session.scalars(select(Placement).where(Placement.student_id == who.id)).one()
            made.state, made.starts_on = PlacementState.EVALUATED, clock.today()
            made.ends_on = clock.today() + timedelta(days=70)
            session.add(
                PlacementEvaluation(
                    placement_id=made.id, organisation_id=made.organisation_id, side=Side.COMPANY, overall=3 + n % 2,
                    marks={each.value: 4 for each in Criterion}, changed_at=clock.now(), changed_by_id=who.id, is_sent=True,
                    sent_at=clock.now(),
                )
            )  # fmt: skip
    return admin, officer


@pytest.mark.database
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_and_the_file(app: Flask, language: str) -> None:
    _admin, officer = placed(5)
    office = reader_of(officer, language)
    page = office.get("/staff/placements/figures")
    assert "3.4" in page.text
    form = page.form("/export")
    saved = office.client.post(form.action, data=dict(form.values().items()) | {"format": "xlsx"})
    rows = list(load_workbook(io.BytesIO(saved.data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [row[2] for row in rows if row[1] and row[4] == "3.4"] == [5, 5]
    office.get("/staff/placements/figures?year=2026")
    office.get("/staff/placements/figures?year=%00")


@pytest.mark.database
def test_the_office_counts_what_it_reads_by_name(app: Flask) -> None:
    """Counts of four are open to it, their mean mark is not, and no empty picture stands there."""
    _admin, officer = placed(4)
    text = reader_of(officer).get("/staff/placements/figures").text
    assert "3.5" not in text
    assert "受入4件、うち評価済み4件" in text
    assert "非表示" not in text
    assert (
        browser_of(app, officer).get("/staff/placements/figures").get_data(as_text=True).count("data-chart=")
        == 1
    )


@pytest.mark.database
def test_the_page_asks_the_same_of_any_number(app: Flask) -> None:
    admin, officer = placed(1)
    counts = []
    for more in (0, 3):
        posting_id = given.write(admin, given.plan(officer, times=given.ahead()))
        for _n in range(more):
            with transaction():
                make_placement(posting_id=posting_id, student_id=student().id)
        browser = browser_of(app, officer)
        browser.get("/staff/placements/figures")
        rollback()
        with count_sql() as sql:
            assert browser.get("/staff/placements/figures").status_code == 200
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 8


@pytest.mark.database
def test_a_taken_offer_makes_a_placement_once(app: Flask) -> None:
    admin, officer, who = given.host(), given.officer(), student()
    round_id = given.plan(officer, times=given.ahead())
    posting_id = given.write(admin, round_id)
    for _n in range(2):
        with transaction():
            offer = RollingOffer(round_id=round_id, posting_id=posting_id, student_id=who.id)
            signals.offer_taken.send(offer)
    rollback()
    assert db.session.scalar(select(func.count(Placement.id))) == 1
