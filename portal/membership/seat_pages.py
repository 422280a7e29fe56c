"""What the company's and the office's pages of extra seats have in common."""

from __future__ import annotations

from typing import Any

from portal.billing.policy import may_keep_books, paying_organisations
from portal.billing.queries.credits import any_credit_note
from portal.billing.queries.invoices import any_invoice
from portal.core.access import actor
from portal.core.errors import Refused
from portal.domain.seats import SeatState
from portal.membership.changing import rest_words
from portal.membership.models import SeatArrangement
from portal.membership.services.seats.planning import SeatPlan, plan_seats
from portal.membership.tier_forms import SeenForm
from portal.membership.told import told_of

TONES = {"seats.proposed": "info", "seats.agreed": "good", "seats.declined": "bad"}


def seat_data(arrangement: SeatArrangement, *, for_staff: bool) -> dict[str, Any]:
    """Price, papers, what has happened."""
    plan = _plan(arrangement)
    form = SeenForm(formdata=None)
    form.seen.data = plan.fingerprint if plan else ""
    opens = (
        may_keep_books(actor()) if for_staff else arrangement.organisation_id in paying_organisations(actor())
    )
    invoice = any_invoice(arrangement.invoice_id) if arrangement.invoice_id and opens else None
    note = any_credit_note(arrangement.credit_note_id) if arrangement.credit_note_id and opens else None
    return {
        "seats": arrangement,
        "plan": plan,
        "cost": plan.cost if plan else None,
        "rest": rest_words(plan.cost.remaining) if plan else "",
        "form": form,
        "invoice": invoice,
        "note": note,
        "entries": told_of(arrangement, TONES, for_staff=for_staff, plain="over"),
    }


def _plan(arrangement: SeatArrangement) -> SeatPlan | None:
    if arrangement.state is not SeatState.PROPOSED:
        return None
    try:
        return plan_seats(
            arrangement.term, arrangement.seats, arrangement.price_yen, arrangement.category, goes_on=arrangement.goes_on
        )  # fmt: skip
    except Refused:
        return None
