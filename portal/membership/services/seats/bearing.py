"""Which lines of an invoice bear the price of an arrangement of seats.

The first invoice has a line for each arrangement, in their order: its own invoice one, that of a renewal all that it carried
along. One that was issued anew has the lines that the office typed.
"""

from __future__ import annotations

from portal.billing.enums import FeeProduct
from portal.billing.models import Invoice, InvoiceLine
from portal.membership.models import SeatArrangement
from portal.membership.queries.seats import seats_billed_with


def bearing_lines(arrangement: SeatArrangement, invoice: Invoice) -> list[InvoiceLine]:
    """Its own lines and never another's, of the invoice that holds; empty where nobody can tell them."""
    rated = [line for line in invoice.lines if line.product == FeeProduct.TRAINING.value]
    together = seats_billed_with(arrangement)
    if len(together) == 1:
        same_rate = [line for line in rated if line.category is arrangement.category]
        return same_rate or rated
    said = [line for line in rated if _of_line(line) == _of(arrangement)]
    alike = [each.id for each in together if _of(each) == _of(arrangement)].index(arrangement.id)
    if alike < len(said):
        return [said[alike]]
    place = [each.id for each in together].index(arrangement.id)
    return [rated[place]] if len(rated) == len(together) else []


def _of_line(line: InvoiceLine) -> tuple[int, int, str]:
    return line.quantity, line.unit_price_yen, line.category.value


def _of(arrangement: SeatArrangement) -> tuple[int, int, str]:
    return arrangement.seats, arrangement.price_yen, arrangement.category.value
