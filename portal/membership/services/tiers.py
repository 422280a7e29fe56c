"""Keep tiers, windows and rules; load the published tiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from portal.audit.services import record
from portal.billing.enums import FeeProduct
from portal.billing.queries.issuers import category_on, rounding_on
from portal.core import clock, facts
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.tax import RoundingMode
from portal.membership.enums import RulesKind
from portal.membership.models import ApplicationWindow, RulesVersion, Tier
from portal.membership.prices import Price, price_of
from portal.membership.queries import all_tiers, window_of

FOR_VENTURES = "ベンチャー企業"


def load_tiers_from_facts() -> list[Tier]:
    """Add the published tiers that are not there yet; returns those added."""
    standing = {(tier.code, tier.valid_from) for tier in all_tiers()}
    rules = {row["key"]: row["value"] for row in facts.rows("consortium_rules")}
    threshold = int(rules["consult_us_headcount_from"])
    made = [
        _from_fact(row, place, threshold)
        for place, row in enumerate(facts.rows("membership_tiers"))
        if (row["tier_code"], int(row["valid_from_fy"])) not in standing
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def prices_now(tiers: Sequence[Tier], fiscal_year: int) -> list[Price]:
    """The price of each tier, in the tax category that is decided for today and as the issuer rounds today."""
    today = clock.today()
    category, rounding = category_on(FeeProduct.MEMBERSHIP, today), rounding_on(today) or RoundingMode.FLOOR
    return [price_of(tier, fiscal_year, category, rounding) for tier in tiers]


def _from_fact(row: dict[str, str], place: int, threshold: int) -> Tier:
    takes_learners = row["training_included"] == "true"
    for_ventures = row["eligible_ja"] == FOR_VENTURES
    return Tier(
        code=row["tier_code"],
        valid_from=int(row["valid_from_fy"]),
        valid_to=_number(row["valid_to_fy"]),
        name_ja=row["name_ja"],
        name_en=row["name_en"],
        eligible_ja=row["eligible_ja"],
        eligible_en=row["eligible_en"],
        note_ja=row["notes_ja"],
        note_en=row["notes_en"],
        annual_fee_yen=int(row["annual_fee_ex_tax_jpy"]),
        training_seats=_number(row["training_seats_included"]) if takes_learners else 0,
        has_liaison_meeting=row["liaison_meeting"] == "true",
        has_study_groups=row["study_groups"] == "true",
        requires_venture=for_ventures,
        employees_below=_number(row["venture_employees_lt"]) if for_ventures else None,
        founding_years_max=_number(row["venture_years_since_founding_max"]) if for_ventures else None,
        arrangement_from_learners=threshold if takes_learners else None,
        is_monitor=row["status"] == "monitor",
        sort_order=place,
    )


def _number(text: str) -> int | None:
    return int(text) if text else None


def save_tier(*, tier: Tier | None, by: Actor | None, **values: Any) -> Tier:
    """Add a tier (None) or change one. Raises Refused at `annual_fee_yen`, `valid_from`, `valid_to`, `employees_below`."""
    check_tier(tier, **values)
    kept = tier or Tier(**values)
    before = {name: getattr(tier, name) for name in values} if tier else {}
    for name, value in values.items():
        setattr(kept, name, value)
    db.session.add(kept)
    db.session.flush()
    changes = {name: [before.get(name), value] for name, value in values.items() if before.get(name) != value}
    record(verb="tier.changed" if tier else "tier.added", subject=kept, by=by, changes=changes)
    return kept


def check_tier(tier: Tier | None, **values: Any) -> None:
    """Raises what `save_tier` would, and keeps nothing."""
    names = [column.name for column in Tier.__table__.columns]
    before = {name: getattr(tier, name) for name in names} if tier else {}
    _refuse_unfit(Tier(**before | values))


def _refuse_unfit(tier: Tier) -> None:
    if tier.annual_fee_yen < 1:  # an invoice asks for something: at no price nobody could join or renew
        raise Refused(_l("The fee has to be at least 1 yen."), field="annual_fee_yen")
    if tier.valid_to is not None and tier.valid_to < tier.valid_from:
        raise Refused(_l("The last fiscal year lies before the first."), field="valid_to")
    if tier.requires_venture and (tier.employees_below is None or tier.founding_years_max is None):
        raise Refused(
            _l("A tier for ventures needs both limits: employees and years."), field="employees_below"
        )
    with db.session.no_autoflush:
        others = [other for other in all_tiers() if other.code == tier.code and other.id != tier.id]
    for other in others:
        ends, others_end = tier.valid_to or 9999, other.valid_to or 9999
        if tier.valid_from <= others_end and other.valid_from <= ends:
            raise Refused(
                _l("Another version of this tier is valid in the same years. End that one first."),
                field="valid_from",
            )


def save_window(
    *, fiscal_year: int, opens_at: datetime, closes_at: datetime, places: int, by: Actor | None,
    priority_until: datetime | None = None,
) -> ApplicationWindow:  # fmt: skip
    """Set the dates of a fiscal year, anew or again. Raises Refused at `closes_at`, `places`, `priority_until`."""
    check_window(opens_at=opens_at, closes_at=closes_at, places=places, priority_until=priority_until)
    window = window_of(fiscal_year) or ApplicationWindow(fiscal_year=fiscal_year)
    values: dict[str, Any] = {
        "opens_at": opens_at, "closes_at": closes_at, "places": places, "priority_until": priority_until,
    }  # fmt: skip
    changes = {
        name: [getattr(window, name), value]
        for name, value in values.items()
        if getattr(window, name) != value
    }
    for name, value in values.items():
        setattr(window, name, value)
    db.session.add(window)
    db.session.flush()
    record(verb="window.set", subject=window, by=by, changes=changes)
    return window


def check_window(
    *, opens_at: datetime, closes_at: datetime, places: int, priority_until: datetime | None
) -> None:
    """Raises what `save_window` would."""
    if closes_at <= opens_at:
        raise Refused(_l("The window has to close after it opens."), field="closes_at")
    if places < 1:
        raise Refused(_l("There has to be one place at least."), field="places")
    if priority_until is not None and not opens_at <= priority_until <= closes_at:
        raise Refused(_l("Priority has to end while the window is open."), field="priority_until")


def publish_rules(
    *, kind: RulesKind, version: str, text_ja: str, text_en: str, effective_on: date, by: Actor | None
) -> RulesVersion:
    """Add a wording; it never changes afterwards."""
    made = RulesVersion(
        kind=kind,
        version=version,
        text_ja=text_ja,
        text_en=text_en,
        effective_on=effective_on,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    record(verb="rules.published", subject=made, by=by, changes={"kind": kind, "version": version})
    return made
