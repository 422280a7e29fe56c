"""What a tier costs in a fiscal year: fee, tax, total. The price of an application and of a term is this, frozen."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from portal.domain.tax import Line, RoundingMode, Subtotal, TaxCategory, total_by_rate
from portal.domain.terms import FiscalYear
from portal.membership.models import Tier


@dataclass(frozen=True, slots=True)
class Price:
    """Whole yen. `percent` is the tax rate on the first day of the fiscal year."""

    fee_yen: int
    tax_category: str
    percent: int
    tax_yen: int
    total_yen: int
    fiscal_year: int

    def as_document(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Price:
        """As it was kept, with or without the tier beside it."""
        return cls(**{each.name: document[each.name] for each in fields(cls)})

    @property
    def tax_row(self) -> Subtotal:
        """What was promised, as a row of a paper."""
        category = TaxCategory(self.tax_category)
        return Subtotal(category, Decimal(self.percent) / 100, self.fee_yen, self.tax_yen, self.total_yen)


def price_of(
    tier: Tier, fiscal_year: int, category: TaxCategory, rounding: RoundingMode = RoundingMode.FLOOR
) -> Price:
    """The price of one fiscal year's membership, in the tax category decided for membership fees."""
    line = Line(tier.code, 1, tier.annual_fee_yen, category)
    totals = total_by_rate([line], rounding, FiscalYear(fiscal_year).starts_on)
    part = totals.subtotals[0]
    return Price(
        part.net_yen,
        TaxCategory(part.category).value,
        part.percent,
        part.tax_yen,
        part.gross_yen,
        fiscal_year,
    )
