"""What extra seats cost today, and what ending them gives back, without changing anything."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from portal.billing.models import Invoice
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.issuers import issuer_on
from portal.billing.queries.replacements import asked_by, standing_invoice
from portal.billing.services.credit_plans import ReturnPlan, plan_credit
from portal.billing.services.due_days import due_on
from portal.core import clock, formats
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.domain.seats import SeatCost, cost_of_seats
from portal.domain.tax import TaxCategory
from portal.domain.tier_change import remaining_of
from portal.membership.models import ContractTerm, SeatArrangement
from portal.membership.queries.seats import is_followed
from portal.membership.queries.tier_changes import is_changeable, proration_on
from portal.membership.services.seats.bearing import bearing_lines, due_back
from portal.membership.services.tier_changes.planning import NO_ISSUER, NO_TERM


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """Seats as they would be agreed today. `goes_on`: the renewal carries them along, which is asked for and not over."""

    cost: SeatCost
    due_on: date
    goes_on: bool

    @property
    def fingerprint(self) -> str:
        """Stands in the form of the page: what is agreed to is what was shown."""
        cost = self.cost
        shown = (
            cost.seats,
            cost.unit_yen,
            cost.totals.gross_yen,
            cost.remaining,
            cost.totals.mode.value,
            self.goes_on,
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class EndPlan:
    """Seats as they would be ended today. `credit` None: nothing is left to give back, or, where the seats are `unbilled`,
    no line of the invoice can be told to bear their price."""

    invoice: Invoice
    amounts: dict[int, int]
    credit: ReturnPlan | None
    unbilled: bool


def plan_seats(
    term: ContractTerm, seats: int, price_yen: int, category: TaxCategory, *, goes_on: bool
) -> SeatPlan:
    """What the seats cost for the rest of the term, and whether they go on. Raises Refused where it is over."""
    today = clock.today()
    issuer = issuer_on(today)
    if not is_changeable(term):
        raise Refused(NO_TERM)
    if issuer is None:
        raise Refused(NO_ISSUER)
    remaining = remaining_of(term.starts_on, term.ends_on, today, proration_on(today))
    cost = cost_of_seats(seats, price_yen, category, remaining, issuer.rounding)
    return SeatPlan(cost, due_on(issuer, today), goes_on and not is_followed(term))


def require_going_on(term: ContractTerm, plan: SeatPlan, asked: bool) -> None:
    """Nothing is promised that no renewal will keep. Raises Refused at `goes_on`."""
    if asked and not plan.goes_on:
        year = formats.fiscal_year(term.fiscal_year + 1)
        raise Refused(
            _(
                "The company has its contract for %(year)s already, which does not carry these seats along. Please take out the tick, and arrange seats of that year with that contract.",
                year=year,
            ),
            field="goes_on",
        )


def plan_end(arrangement: SeatArrangement, term: ContractTerm) -> EndPlan:
    """What ending today gives back: the share of what remains of what their own lines ask for, as far as these have it left."""
    if arrangement.invoice_id is None or not is_changeable(term):
        raise Refused(NO_TERM)
    first = any_invoice(arrangement.invoice_id)
    standing = standing_invoice(asked_by(first))
    invoice = any_invoice(standing.id) if standing else first
    left = left_of_lines(invoice)
    lines = bearing_lines(arrangement, invoice)
    due = due_back(arrangement, term, invoice, lines)
    amounts: dict[int, int] = {}
    for line in lines:
        amounts[line.id] = min(due - sum(amounts.values()), left[line.id])
    amounts = {line_id: yen for line_id, yen in amounts.items() if yen}
    credit = plan_credit(invoice, amounts) if amounts else None
    return EndPlan(invoice, amounts, credit, unbilled=due > 0 and not lines and any(left.values()))
