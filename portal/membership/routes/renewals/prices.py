"""What a renewal costs, as its pages show it."""

from __future__ import annotations

from typing import Any

from portal.billing.queries.issuers import rounding_on
from portal.core import clock
from portal.core.i18n import current_language
from portal.domain.tax import Line, RoundingMode, TaxCategory, total_as_said
from portal.domain.terms import FiscalYear
from portal.membership.models import Renewal, Tier
from portal.membership.prices import Price
from portal.membership.services import price_now
from portal.membership.services.seat_lines import going_on


def price_shown(renewal: Renewal, tier: Tier | None) -> dict[str, Any]:
    """The tier and what it costs: as promised for the offered one, as of today for another."""
    if renewal.term is not None:
        return {"tier_name": renewal.term.tier_name(current_language()), "price": renewal.term.price}
    if tier is None:
        return {"tier_name": "", "price": None}
    is_offered = renewal.tier is not None and renewal.tier.id == tier.id and renewal.price
    price = renewal.price if is_offered else price_now(tier, renewal.fiscal_year).as_document()
    shown = {"tier_name": tier.name(current_language()), "price": price, "tier": tier}
    return shown | _with_seats(renewal, price)


def _with_seats(renewal: Renewal, price: Any) -> dict[str, Any]:
    """Extra seats that go on, as they will stand on the invoice."""
    going = going_on(renewal.from_term)
    fee = Line("", 1, price["fee_yen"], TaxCategory(price["tax_category"]))
    lines = [Line("", each.seats, each.price_yen, each.category) for each in going]
    today = rounding_on(clock.today()) or RoundingMode.FLOOR
    promised = Price.from_document(price).tax_row
    first = FiscalYear(renewal.fiscal_year).starts_on
    return {
        "extra_seats": [
            {"seats": each, "net_yen": line.net_yen} for each, line in zip(going, lines, strict=True)
        ],
        "total_with_seats": total_as_said([fee, *lines], [promised], today, first).gross_yen,
    }
