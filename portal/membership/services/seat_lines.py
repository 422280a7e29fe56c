"""Seats as lines of an invoice, and what of an arrangement a renewal carries along."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.enums import FeeProduct
from portal.billing.models import Invoice
from portal.billing.services import BillLine
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.i18n import _, in_language
from portal.domain.seats import SeatState
from portal.domain.tax import TaxCategory
from portal.membership.models import ContractTerm, SeatArrangement, Tier
from portal.membership.queries.seats import agreed_seats_of


def seat_line(seats: int, unit_yen: int, category: TaxCategory, words: Callable[[], str]) -> BillLine:
    """The seats on an invoice; `words` says of what period, in the language of the moment."""
    description = {}
    for language in ("ja", "en"):
        with in_language(language):
            description[language] = _("Extra training seats, %(period)s", period=words())
    return BillLine(
        description=description, quantity=seats, unit_price_yen=unit_yen, product=FeeProduct.TRAINING, category=category
    )  # fmt: skip


def going_on(before: ContractTerm) -> list[SeatArrangement]:
    """What of the seats of a term its renewal carries along."""
    return [each for each in agreed_seats_of(before.id) if each.goes_on]


def renewal_lines(going: Sequence[SeatArrangement], fiscal_year: int) -> list[BillLine]:
    """Their lines, at the price of a whole year."""
    return [
        seat_line(
            each.seats, each.price_yen, each.category, lambda: _("fiscal year %(year)s", year=fiscal_year)
        )
        for each in going
    ]


def seats_of_next(before: ContractTerm, tier: Tier, going: Sequence[SeatArrangement]) -> int | None:
    """The agreed seats of the next term: with the same tier what was agreed before, less what has no continuation."""
    extra = sum(each.seats for each in going)
    agreed = before.snapshot.agreed_seats
    if tier.code == before.tier_code and agreed is not None:
        return agreed - sum(each.seats for each in agreed_seats_of(before.id)) + extra
    return (tier.training_seats or 0) + extra if extra else None


def carry_over(
    going: Sequence[SeatArrangement], term: ContractTerm, invoice: Invoice, by: Actor | int | None
) -> None:
    """The arrangements stand for the new term, on its invoice."""
    for each in going:
        made = SeatArrangement(
            organisation_id=term.organisation_id, term_id=term.id, state=SeatState.AGREED, seats=each.seats,
            price_yen=each.price_yen, category=each.category, goes_on=True, once_key=f"renewed:{each.id}:{term.id}",
            answer_by=term.ends_on, proposed_at=clock.now(), decided_at=clock.now(), effective_on=term.starts_on,
            invoice_id=invoice.id,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        record(
            verb="seats.agreed", subject=made, organisation_id=term.organisation_id, by=by, audience=Audience.PARTY,
            changes={"seats": each.seats, "price_yen": each.price_yen},
        )  # fmt: skip
