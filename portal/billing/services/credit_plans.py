"""What a credit note would say and do, before it is issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.billing.enums import FeeProduct
from portal.billing.models import Invoice, InvoiceLine
from portal.billing.queries.credits import left_of_lines, left_to_return
from portal.billing.queries.versions import latest_version, line_data
from portal.billing.services import settlement
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.i18n import _l
from portal.domain import settlement as rules
from portal.domain.credits import return_totals
from portal.domain.settlement import Settlement
from portal.domain.tax import RoundingMode, TaxCategory, Totals


@dataclass(frozen=True, slots=True)
class ReturnPlan:
    """What a credit note would say, and what it would do to what is owed."""

    lines: tuple[dict[str, Any], ...]
    totals: Totals
    effect: Settlement
    takes_fee: bool  # the last of the membership's fee on this invoice, whatever else stands on it


def plan_credit(invoice: Invoice, amounts: Mapping[int, int], *, is_billed_anew: bool = False) -> ReturnPlan:
    """`amounts` maps numbers of the invoice's lines to yen ex tax to give back; zeros are left out.

    Raises Refused at `line_<number>` where more would go back than is left, or at none when nothing would, and where the claim
    is written off; of that, what was paid can be billed anew.
    """
    left = left_of_lines(invoice)
    words = {line["position"]: line for line in line_data(latest_version(invoice))}
    lines = [
        _line(line, amounts[line.id], left[line.id], words[line.position])
        for line in invoice.lines
        if amounts.get(line.id)
    ]
    if not lines:
        raise Refused(_l("Please write at least one amount to give back."))
    nets: dict[TaxCategory, int] = {}
    for each in lines:
        category = TaxCategory(each["category"])
        nets[category] = nets.get(category, 0) + each["amount_yen"]
    mode = RoundingMode(invoice.rounding)
    totals = return_totals(left_to_return(invoice), nets, mode, invoice.period_from)
    debt = settlement.debt_of(invoice.id)
    if debt.written_off_yen and not (is_billed_anew and totals.gross_yen <= debt.settled_yen):
        settlement.refuse_written_off(invoice.id)
    effect = rules.give_credit(debt, totals.gross_yen)
    return ReturnPlan(tuple(lines), totals, effect, _takes_fee(invoice, amounts, left))


def _line(line: InvoiceLine, amount_yen: int, left_yen: int, words: Mapping[str, Any]) -> dict[str, Any]:
    if amount_yen < 0:
        raise Refused(_l("Please write an amount of at least 0 yen."), field=f"line_{line.id}")
    if amount_yen > left_yen:
        message = _l("At most %(amount)s, tax excluded, are left to give back here.", amount=yen(left_yen))
        raise Refused(message, field=f"line_{line.id}")
    is_whole = amount_yen == line.amount_yen
    return {
        "invoice_line_id": line.id,
        "product": line.product,
        "description_ja": words["description_ja"],
        "description_en": words["description_en"],
        "detail": line.detail,
        "quantity": line.quantity if is_whole else 1,
        "unit_price_yen": line.unit_price_yen if is_whole else amount_yen,
        "amount_yen": amount_yen,
        "category": line.category.value,
    }


def _takes_fee(invoice: Invoice, amounts: Mapping[int, int], left: Mapping[int, int]) -> bool:
    fees = [line.id for line in invoice.lines if line.product == FeeProduct.MEMBERSHIP.value]
    return any(amounts.get(line) for line in fees) and all(
        amounts.get(line, 0) == left[line] for line in fees
    )
