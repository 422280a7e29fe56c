"""Tiers, windows and prices are data; changing them changes no contract."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from portal.domain.tax import TaxCategory
from portal.membership import queries
from portal.membership import services as membership
from portal.membership.enums import WindowState
from portal.membership.models import ContractTerm, Tier
from portal.membership.prices import price_of
from tests.support import membership as given
from tests.support.people import actor_of, person, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database


def test_published_tiers_are_loaded_once(app: Flask) -> None:
    with transaction():
        assert len(membership.load_tiers_from_facts()) == 4
        assert membership.load_tiers_from_facts() == []
    assert [(t.code, t.annual_fee_yen, t.training_seats) for t in queries.tiers_for(2026)] == [
        ("A", 2_000_000, 1),
        ("B", 1_000_000, 1),
        ("C", 500_000, 0),
    ]
    monitor = queries.tiers_for(2017)
    assert [(t.code, t.is_monitor, t.training_seats) for t in monitor] == [("MON2017", True, None)]
    venture = queries.tier_for("B", 2026)
    assert venture is not None
    assert (venture.requires_venture, venture.employees_below, venture.founding_years_max) == (True, 50, 5)


@pytest.mark.parametrize(
    ("code", "tax", "total"), [("A", 200_000, 2_200_000), ("B", 100_000, 1_100_000), ("C", 50_000, 550_000)]
)
def test_price_is_fee_tax_total(app: Flask, code: str, tax: int, total: int) -> None:
    with transaction():
        membership.load_tiers_from_facts()
    tier = queries.tier_for(code, 2026)
    assert tier is not None
    price = price_of(tier, 2026, TaxCategory.STANDARD_10)
    assert (price.tax_yen, price.total_yen, price.percent) == (tax, total, 10)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"valid_from": 2020, "valid_to": 2019}, "valid_to"),
        ({"valid_from": 2030, "valid_to": None}, "valid_from"),
        ({"valid_from": 2000, "valid_to": 2001, "requires_venture": True}, "employees_below"),
        ({"valid_from": 2000, "valid_to": 2001, "annual_fee_yen": 0}, "annual_fee_yen"),
    ],
)
def test_tiers_that_contradict_themselves_or_others_are_refused(
    app: Flask, values: dict[str, Any], field: str
) -> None:
    words = dict.fromkeys(("name_ja", "name_en", "eligible_ja", "eligible_en"), "A")
    with transaction():
        membership.load_tiers_from_facts()
    with pytest.raises(Refused) as refused, transaction():
        membership.save_tier(
            tier=None, by=None, **{"code": "A", "annual_fee_yen": 1, "training_seats": 0} | words | values
        )
    assert refused.value.field == field


def test_changing_a_tier_changes_no_term(app: Flask) -> None:
    given.season()
    term = given.approve(given.checked(given.submitted(person()), staff()))
    before = dict(term.tier_snapshot), dict(term.price)
    with transaction():
        tier = queries.tier_for("A", term.fiscal_year)
        membership.save_tier(tier=tier, by=None, annual_fee_yen=9_000_000, name_ja="改定後")
    rollback()
    kept = db.session.get_one(ContractTerm, term.id)
    assert (kept.tier_snapshot, kept.price) == before
    assert kept.price["total_yen"] == 2_200_000
    assert (kept.tier_name("ja"), kept.snapshot.training_seats) == ("A会員", 1)


def test_window_opens_and_closes_by_the_moment(app: Flask) -> None:
    opens = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    year = given.season(fiscal_year=2027, opens_at=opens, closes_at=opens + timedelta(days=1))
    states = {}
    for seconds in (-1, 0, 86_399, 86_400):
        with clock.frozen(opens + timedelta(seconds=seconds)):
            states[seconds] = queries.window_state(queries.window_of(year))
    rollback()
    assert list(states.values()) == [
        WindowState.UPCOMING,
        WindowState.OPEN,
        WindowState.OPEN,
        WindowState.CLOSED,
    ]


def test_nothing_begins_outside_the_window(app: Flask) -> None:
    opens = clock.now() + timedelta(days=3)
    year = given.season(opens_at=opens, closes_at=opens + timedelta(days=3))
    who = actor_of(person())
    for wanted in (year, year + 1):
        with pytest.raises(Refused) as refused, transaction():
            membership.start_application(fiscal_year=wanted, once=f"{wanted}", by=who)
        assert refused.value.field == "fiscal_year"


def test_labels_and_names_follow_the_reader(app: Flask) -> None:
    with transaction():
        membership.load_tiers_from_facts()
    tier = db.session.scalars(select(Tier).where(Tier.code == "A")).one()
    with in_language("en"):
        assert (tier.name("en"), str(WindowState.OPEN.label)) == ("Member A", "Open for applications")
    with in_language("ja"):
        assert (tier.name("ja"), str(WindowState.OPEN.label)) == ("A会員", "受付中")


def test_the_public_table_shows_the_monitor_price_in_its_year_alone(app: Flask) -> None:
    year = given.season(fiscal_year=queries.this_year())
    words = dict.fromkeys(("name_ja", "name_en", "eligible_ja", "eligible_en"), "モニター会員")
    with transaction():
        membership.save_tier(
            tier=None, by=None, code="MON", valid_from=year, valid_to=year, annual_fee_yen=300_000, training_seats=None,
            is_monitor=True, **words,
        )  # fmt: skip
    reader = Reader(app.test_client())
    shown = reader.get(f"/membership/tiers?year={year}").text
    assert f"¥300,000／{year}年度（税抜）" in shown
    assert "モニター価格です（1社につき1回限り）。" in shown
    assert "モニター" not in reader.get(f"/membership/tiers?year={year + 1}").text
