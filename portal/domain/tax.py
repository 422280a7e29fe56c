"""Japanese consumption tax on an invoice: rounded once per rate and invoice, never per line.

Source: 消費税法施行令 第70条の10 (rounding of the tax that a qualified invoice states). Rounding down, up or
half up is the issuer's own choice. Three lines of 105 yen at 10 % rounded down carry 31 yen; per line it
would be 30.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.domain.money import require_yen, sum_yen


class TaxCategory(StrEnum):
    """How the law treats a line; printed per subtotal in this order."""

    STANDARD_10 = "standard_10"
    REDUCED_8 = "reduced_8"
    EXEMPT = "exempt"  # 非課税
    OUT_OF_SCOPE = "out_of_scope"  # 不課税

    @property
    def is_taxable(self) -> bool:
        """True where a rate above nothing can apply."""
        return self in (TaxCategory.STANDARD_10, TaxCategory.REDUCED_8)

    @property
    def is_reduced(self) -> bool:
        """True where the law asks for a mark beside the line."""
        return self is TaxCategory.REDUCED_8


class RoundingMode(StrEnum):
    """What happens to a fraction of a yen of tax; applied to the size, so a return mirrors its sale."""

    FLOOR = "floor"
    CEIL = "ceil"
    HALF_UP = "half_up"


# Newest first: (in force from, rate). National and local tax together.
_STANDARD = (
    (date(2019, 10, 1), Decimal("0.10")),
    (date(2014, 4, 1), Decimal("0.08")),
    (date(1997, 4, 1), Decimal("0.05")),
    (date(1989, 4, 1), Decimal("0.03")),
)
_REDUCED = ((date(2019, 10, 1), Decimal("0.08")),)


def rate_on(category: TaxCategory, on: date) -> Decimal:
    """The rate of a category on the day of supply, e.g. `Decimal("0.10")`; 0 for exempt and out of scope.

    Raises ValueError for a taxable category on a day on which its rate did not exist.
    """
    if not category.is_taxable:
        return Decimal(0)
    history = _REDUCED if category.is_reduced else _STANDARD
    for starts_on, rate in history:
        if on >= starts_on:
            return rate
    raise ValueError(f"no {category.value} rate on {on.isoformat()}")


def tax_on(net_yen: int, rate: Decimal, mode: RoundingMode) -> int:
    """Tax in whole yen on a net amount. Negative amounts give exactly the negative of the positive result."""
    top, bottom = rate.as_integer_ratio()
    whole, rest = divmod(abs(require_yen(net_yen, name="net")) * top, bottom)
    if mode is RoundingMode.CEIL:
        whole += rest > 0
    elif mode is RoundingMode.HALF_UP:
        whole += 2 * rest >= bottom
    return -whole if net_yen < 0 else whole


@dataclass(frozen=True)
class Line:
    """One line of an invoice, ex tax. A return has a negative quantity. Lines carry no tax of their own."""

    description: str
    quantity: int
    unit_price_yen: int
    category: TaxCategory

    def __post_init__(self) -> None:
        if not isinstance(self.quantity, int) or isinstance(self.quantity, bool):
            raise TypeError("quantity must be a whole number")
        require_yen(self.unit_price_yen, name="unit price")
        require_yen(self.net_yen, name="line")

    @property
    def net_yen(self) -> int:
        """Quantity times unit price."""
        return self.quantity * self.unit_price_yen


@dataclass(frozen=True)
class Subtotal:
    """Everything on an invoice at one rate."""

    category: TaxCategory
    rate: Decimal
    net_yen: int
    tax_yen: int
    gross_yen: int

    @property
    def percent(self) -> int:
        """The rate for print: 10, 8 or 0."""
        return int(self.rate * 100)


@dataclass(frozen=True)
class Totals:
    """The foot of an invoice, with the rounding and the day that gave it."""

    subtotals: tuple[Subtotal, ...]
    net_yen: int
    tax_yen: int
    gross_yen: int
    mode: RoundingMode
    on: date


def total_by_rate(lines: Iterable[Line], mode: RoundingMode, on: date) -> Totals:
    """Total the lines per category, rounding the tax once for each; `on` is the day of supply.

    Subtotals stand in the order of `TaxCategory`, only those that occur. No lines give zeros.
    Raises ValueError when a category has no rate on that day.
    """
    listed = tuple(lines)
    subtotals = tuple(
        _subtotal(category, [line for line in listed if line.category is category], mode, on)
        for category in TaxCategory
        if any(line.category is category for line in listed)
    )
    return _totals(subtotals, mode, on)


def rounding_of(rows: Iterable[Subtotal], otherwise: RoundingMode) -> RoundingMode:
    """How the tax of these rows was rounded; `otherwise` where that fits too, or none does."""
    listed = tuple(rows)
    modes = (otherwise, *RoundingMode)
    fitting = (m for m in modes if all(tax_on(row.net_yen, row.rate, m) == row.tax_yen for row in listed))
    return next(fitting, otherwise)


def total_as_said(
    lines: Iterable[Line], said: Sequence[Subtotal], otherwise: RoundingMode, on: date
) -> Totals:
    """Totals of lines whose tax another paper said before (an offer, an order, what is billed again): rounded as there.

    Where the lines are just what was said of, its rows hold to the yen: a return may have taken tax that earlier returns had left.
    `otherwise` rounds what nothing was said of.
    """
    totals = total_by_rate(lines, rounding_of(said, otherwise), on)
    nets = {row.category: (row.rate, row.net_yen) for row in totals.subtotals}
    if nets == {row.category: (row.rate, row.net_yen) for row in said}:
        ordered = sorted(said, key=lambda row: list(TaxCategory).index(row.category))
        return _totals(tuple(ordered), totals.mode, on)
    return totals


def _totals(subtotals: tuple[Subtotal, ...], mode: RoundingMode, on: date) -> Totals:
    return Totals(
        subtotals=subtotals,
        net_yen=sum_yen(part.net_yen for part in subtotals),
        tax_yen=sum_yen(part.tax_yen for part in subtotals),
        gross_yen=sum_yen(part.gross_yen for part in subtotals),
        mode=mode,
        on=on,
    )


def _subtotal(category: TaxCategory, lines: list[Line], mode: RoundingMode, on: date) -> Subtotal:
    rate = rate_on(category, on)
    net = sum_yen(line.net_yen for line in lines)
    tax = tax_on(net, rate, mode)
    return Subtotal(category, rate, net, tax, net + tax)
