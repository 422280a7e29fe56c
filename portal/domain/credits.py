"""How much of an invoice can still be given back, per tax rate, and the tax that goes with it.

Tax of each return is rounded as the invoice was, once per rate; the return that takes the rest takes exactly the tax that is
left, so that any row of partial returns adds up to the invoice and never beyond (消費税法施行令 第70条の10, 消費税法 第57条の4 第3項).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portal.domain.money import require_yen, sum_yen
from portal.domain.tax import RoundingMode, Subtotal, TaxCategory, Totals, tax_on


class TooMuchReturned(ValueError):
    """More would be given back at one rate than is left; `.category` and `.left_yen` (ex tax) say where."""

    def __init__(self, category: TaxCategory, left_yen: int) -> None:
        super().__init__(f"only {left_yen} yen are left at {category.value}")
        self.category, self.left_yen = category, left_yen


@dataclass(frozen=True)
class Left:
    """What of one rate is not given back yet, ex tax and tax."""

    row: Subtotal
    net_yen: int
    tax_yen: int

    @property
    def gross_yen(self) -> int:
        """With tax."""
        return self.net_yen + self.tax_yen


def left_of(invoiced: Iterable[Subtotal], returned: Iterable[Subtotal]) -> dict[TaxCategory, Left]:
    """Per rate of the invoice, what the returns so far have left of it."""
    back = tuple(returned)
    return {
        row.category: Left(
            row,
            row.net_yen - sum_yen(each.net_yen for each in back if each.category is row.category),
            row.tax_yen - sum_yen(each.tax_yen for each in back if each.category is row.category),
        )
        for row in invoiced
    }


def return_totals(
    left: Mapping[TaxCategory, Left], nets: Mapping[TaxCategory, int], mode: RoundingMode, on: date
) -> Totals:
    """Totals of a return of `nets` (yen ex tax per rate, nothing left out at 0); `on` is the day of the original supply.

    Raises TooMuchReturned, and ValueError for a rate that the invoice does not have or a negative amount.
    """
    rows = tuple(_row(left, category, nets[category], mode) for category in TaxCategory if nets.get(category))
    if unknown := set(nets) - set(left):
        raise ValueError(f"the invoice has nothing at {sorted(unknown)}")
    return Totals(
        subtotals=rows,
        net_yen=sum_yen(row.net_yen for row in rows),
        tax_yen=sum_yen(row.tax_yen for row in rows),
        gross_yen=sum_yen(row.gross_yen for row in rows),
        mode=mode,
        on=on,
    )


def _row(
    left: Mapping[TaxCategory, Left], category: TaxCategory, net_yen: int, mode: RoundingMode
) -> Subtotal:
    if category not in left:
        raise ValueError(f"the invoice has nothing at {category.value}")
    rest = left[category]
    if require_yen(net_yen) < 0:
        raise ValueError("a return has positive amounts")
    if net_yen > rest.net_yen:
        raise TooMuchReturned(category, rest.net_yen)
    is_last = net_yen == rest.net_yen
    tax = rest.tax_yen if is_last else min(tax_on(net_yen, rest.row.rate, mode), rest.tax_yen)
    return Subtotal(category, rest.row.rate, net_yen, tax, net_yen + tax)


def net_of_gross(gross_yen: int, row: Subtotal, mode: RoundingMode) -> tuple[int, int]:
    """Net and tax of an amount that includes tax, at the rate of `row`: the tax is what the rate makes of it.

    Used where money says how much (a transfer fee that the payer kept back), not a price list.
    """
    rate = Fraction(row.rate)  # a Decimal quotient would be inexact, and CEIL would see the last digit
    top, bottom = (rate / (1 + rate)).as_integer_ratio()
    whole, rest = divmod(require_yen(gross_yen) * top, bottom)
    if mode is RoundingMode.CEIL:
        whole += rest > 0
    elif mode is RoundingMode.HALF_UP:
        whole += 2 * rest >= bottom
    return gross_yen - whole, whole
