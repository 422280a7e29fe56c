"""In what the rest of a contract is counted: decided by the office, shown before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.audit.services import record
from portal.billing.enums import FeeProduct
from portal.billing.queries.issuers import category_on, rounding_on
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.credits import left_of
from portal.domain.settlement import Debt
from portal.domain.tax import Line, RoundingMode, total_by_rate
from portal.domain.terms import FiscalYear
from portal.domain.tier_change import Billed, ChangeCost, ListPrice, Proration, cost_of_change, remaining_of
from portal.membership.models import ProrationRule, Tier
from portal.membership.queries import this_year, tiers_for


@dataclass(frozen=True, slots=True)
class Example:
    """What a member of the whole year that has paid would pay on a day, counted in each way."""

    old: Tier
    new: Tier
    costs: dict[Proration, ChangeCost]


def decide_proration(*, proration: Proration, valid_from: date, by: Actor | None) -> ProrationRule:
    """From a day on; what was agreed before stays. Raises Refused at `valid_from` for a day that is past."""
    if valid_from < clock.today():
        raise Refused(_l("Please choose today or a later day."), field="valid_from")
    rule = ProrationRule(
        valid_from=valid_from, proration=proration, created_at=clock.now(), created_by_id=by.id if by else None
    )  # fmt: skip
    db.session.add(rule)
    db.session.flush()
    record(
        verb="proration.decided",
        subject=rule,
        by=by,
        changes={"proration": proration, "valid_from": valid_from},
    )
    return rule


def examples(on: date) -> Sequence[Example]:
    """Every step upwards among the tiers of this year, on the day `on`."""
    tiers = sorted((t for t in tiers_for(this_year()) if not t.is_monitor), key=lambda t: t.annual_fee_yen)
    rounding = rounding_on(on) or RoundingMode.FLOOR
    return [
        Example(old, new, {way: _cost(old, new, on, way, rounding) for way in Proration})
        for old in tiers
        for new in tiers
        if new.annual_fee_yen > old.annual_fee_yen
    ]


def _cost(old: Tier, new: Tier, on: date, way: Proration, rounding: RoundingMode) -> ChangeCost:
    year, category = FiscalYear.of(on), category_on(FeeProduct.MEMBERSHIP, on)
    paid = total_by_rate([Line("", 1, old.annual_fee_yen, category)], rounding, year.starts_on)
    billed = Billed(
        old.annual_fee_yen, left_of(paid.subtotals, []), Debt(paid.gross_yen, 0), rounding, year.starts_on
    )
    return cost_of_change(
        old=ListPrice(old.code, old.annual_fee_yen, category),
        new=ListPrice(new.code, new.annual_fee_yen, category),
        remaining=remaining_of(year.starts_on, year.ends_on, on, way),
        billed=billed,
        rounding=rounding,
    )
