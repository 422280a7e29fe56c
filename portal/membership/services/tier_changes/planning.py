"""What a change of tier would cost today, without changing anything: the same figures that the papers will have."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.accounts.models import Organisation
from portal.billing.enums import FeeProduct
from portal.billing.models import Invoice
from portal.billing.queries.credits import left_of_lines, left_to_return
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.issuers import category_on, issuer_on
from portal.billing.services import settlement
from portal.billing.services.due_days import due_after
from portal.core import clock
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.eligibility import Verdict
from portal.domain.tax import RoundingMode, TaxCategory
from portal.domain.tier_change import Billed, ChangeCost, ListPrice, cost_of_change, remaining_of
from portal.membership.models import ContractTerm, Tier
from portal.membership.queries.tier_changes import current_bill, is_changeable, proration_on
from portal.membership.services.renewals.choice import NOTHING_NEW, Facts, judged_tiers

NO_TERM = _l("This contract is over or was cancelled; its tier cannot be changed any more.")
NO_ISSUER = _l("The issuer's name and address have not been entered yet. The secretariat does this once under Settings.")  # fmt: skip
NO_FEE_LINE = _l("The membership fee does not stand on its invoice as one fee at one tax rate. Please write to the secretariat.")  # fmt: skip
NOT_HIGHER = _l("This is not a higher tier than the present one.")


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """A change as it would be made today. `category`: of the new fee; `amounts`: what is given back, by line of `invoice`."""

    tier: Tier
    invoice: Invoice
    category: TaxCategory
    cost: ChangeCost
    amounts: dict[int, int]
    due_on: date
    is_reviewed: bool

    def as_terms(self) -> dict[str, Any]:
        """What the company agrees to, JSON-ready."""
        cost = self.cost
        return {
            "tier": self.tier.code,
            "first": cost.remaining.first.isoformat(),
            "last": cost.remaining.last.isoformat(),
            "proration": cost.remaining.proration.value,
            "units": cost.remaining.units,
            "whole": cost.remaining.whole,
            "given_back_yen": cost.given_back_yen,
            "credit_yen": cost.credit.gross_yen if cost.credit else 0,
            "asked_yen": cost.asked_yen,
            "invoice_yen": cost.invoice.gross_yen,
            "advance_yen": cost.advance_yen,
            "to_pay_yen": cost.to_pay_yen,
            "credited_invoice": self.invoice.number,
            "tax_category": self.category.value,
        }

    @property
    def fingerprint(self) -> str:
        """Stands in the form of the page: what is agreed to is what was shown."""
        shown = sorted(self.as_terms().items())
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def plan_upgrade(term: ContractTerm, tier: Tier) -> ChangePlan:
    """What moving up to `tier` today costs. Raises Refused (`tier`) where it is not higher, or the term is over."""
    today = clock.today()
    if not is_changeable(term):
        raise Refused(NO_TERM)
    if tier.annual_fee_yen <= term.snapshot.annual_fee_yen or tier.is_monitor:
        raise Refused(NOT_HIGHER, field="tier")
    issuer = issuer_on(today)
    invoice_id = current_bill(term.id)
    if issuer is None or invoice_id is None:
        raise Refused(NO_ISSUER)
    invoice = any_invoice(invoice_id)
    billed, old_category, amounts = _billed(invoice)
    category = category_on(FeeProduct.MEMBERSHIP, today)
    remaining = remaining_of(term.starts_on, term.ends_on, today, proration_on(today))
    cost = cost_of_change(
        old=ListPrice(term.tier_code, term.snapshot.annual_fee_yen, old_category),
        new=ListPrice(tier.code, tier.annual_fee_yen, category),
        remaining=remaining,
        billed=billed,
        rounding=issuer.rounding,
    )
    shares = _spread(amounts, cost.given_back_yen)
    return ChangePlan(
        tier, invoice, category, cost, shares, due_after(invoice, issuer), tier.requires_venture
    )


def higher_tiers(
    term: ContractTerm, organisation: Organisation, facts: Facts = NOTHING_NEW
) -> list[tuple[Tier, Verdict]]:
    """Tiers of the term's year above the present one, each with its verdict on today's data."""
    fee = term.snapshot.annual_fee_yen
    judged = judged_tiers(organisation, term.fiscal_year, facts)
    return [pair for pair in judged if pair[0].annual_fee_yen > fee and not pair[0].is_monitor]


def _billed(invoice: Invoice) -> tuple[Billed, TaxCategory, dict[int, int]]:
    """What of the fee is left on its invoice; a part of it may be given back already."""
    fees = [line for line in invoice.lines if line.product == FeeProduct.MEMBERSHIP.value]
    if len({line.category for line in fees}) != 1:
        raise Refused(NO_FEE_LINE)
    left = left_of_lines(invoice)
    amounts = {line.id: left[line.id] for line in fees}
    billed = Billed(
        fee_left_yen=sum(amounts.values()),
        left=left_to_return(invoice),
        debt=settlement.debt_of(invoice.id),
        rounding=RoundingMode(invoice.rounding),
        supplied_on=invoice.period_from,
    )
    return billed, fees[0].category, amounts


def _spread(left: dict[int, int], amount_yen: int) -> dict[int, int]:
    """The amount over the lines, the first ones first."""
    shares = {}
    for line_id, most in left.items():
        shares[line_id] = min(most, amount_yen)
        amount_yen -= shares[line_id]
    return {line_id: yen for line_id, yen in shares.items() if yen}
