"""Which lines of an invoice bear the price of an arrangement of seats, and what of them falls on the rest of the term.

The first invoice has a line for each arrangement, in their order: its own invoice one, that of a renewal all that it carried
along. One that was issued anew has the lines that the office typed.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.billing.enums import FeeProduct
from portal.billing.models import Invoice, InvoiceLine
from portal.core import clock
from portal.domain.seat_lines import lines_of_each
from portal.domain.tier_change import remaining_of
from portal.membership.models import ContractTerm, SeatArrangement
from portal.membership.queries.seats import seats_billed_with
from portal.membership.queries.tier_changes import proration_on


def bearing_lines(arrangement: SeatArrangement, invoice: Invoice) -> list[InvoiceLine]:
    """Its own lines and never another's, of the invoice that holds; empty where nobody can tell them."""
    rated = [line for line in invoice.lines if line.product == FeeProduct.TRAINING.value]
    together = seats_billed_with(arrangement)
    mine = [each.id for each in together].index(arrangement.id)
    found = lines_of_each(
        [(each.seats, each.price_yen, each.category) for each in together],
        [(line.quantity, line.unit_price_yen, line.category) for line in rated],
    )
    return [rated[place] for place in found[mine]]


def due_back(
    arrangement: SeatArrangement, term: ContractTerm, invoice: Invoice, lines: Sequence[InvoiceLine]
) -> int:
    """Yen ex tax that fall on what remains of the term from today: of the price, or of what the lines ask for instead."""
    today = clock.today()
    proration = proration_on(today)
    rest = remaining_of(term.starts_on, term.ends_on, today, proration)
    billed = remaining_of(term.starts_on, term.ends_on, invoice.period_from, proration)
    asked = sum(line.amount_yen for line in lines)
    if not lines or asked == billed.share_of(arrangement.price_yen) * arrangement.seats:
        return rest.share_of(arrangement.price_yen) * arrangement.seats
    return asked * rest.units // billed.units
