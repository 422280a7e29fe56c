"""What another tier in the middle of a term costs: a share of the old list price goes back, a share of the new is asked.

The share is what remains of the term, by whole months or by days. The month (the day) of the change counts as remaining,
and fractions of a yen are dropped from each share, so that a change on the first day is the whole price of each tier.
Tax stands on each paper by itself, rounded once per rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.credits import Left, net_of_gross, return_totals
from portal.domain.money import require_yen
from portal.domain.settlement import Debt, Settlement, give_credit
from portal.domain.tax import Line, RoundingMode, TaxCategory, Totals, total_by_rate


class Proration(StrEnum):
    """In what the rest of a term is counted."""

    BY_MONTH = "by_month"
    BY_DAY = "by_day"


@dataclass(frozen=True)
class Remaining:
    """`units` of the `whole` of a term, in months or days, from `first` to `last`, both included."""

    proration: Proration
    units: int
    whole: int
    first: date
    last: date

    def share_of(self, yearly_yen: int) -> int:
        """The part of a price of the whole term that falls on what remains; fractions of a yen are dropped."""
        if require_yen(yearly_yen) < 0:
            raise ValueError("a price is not below nothing")
        return yearly_yen * self.units // self.whole


def remaining_of(starts_on: date, ends_on: date, on: date, proration: Proration) -> Remaining:
    """What remains of a term on the day `on`; before the term begins, all of it. Raises ValueError after its end."""
    if on > ends_on:
        raise ValueError("the term is over")
    first = max(on, starts_on)
    count = _months if proration is Proration.BY_MONTH else _days
    return Remaining(proration, count(first, ends_on), count(starts_on, ends_on), first, ends_on)


def _months(first: date, last: date) -> int:
    """Calendar months that are touched."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _days(first: date, last: date) -> int:
    return (last - first).days + 1


@dataclass(frozen=True)
class ListPrice:
    """A tier's price for the whole term, ex tax."""

    tier_code: str
    fee_yen: int
    category: TaxCategory


class CostReason(StrEnum):
    """One line of the explanation; the figures of each are named beside it."""

    REMAINING = "remaining"  # units, whole, unit
    GIVEN_BACK = "given_back"  # tier, fee_yen, yen
    LESS_LEFT = "less_left"  # share_yen, yen: an earlier return had taken a part
    WRITTEN_OFF = "written_off"  # share_yen, yen: the rest was written off; what was not paid stays
    ASKED = "asked"  # tier, fee_yen, yen
    ADVANCE = "advance"  # yen: money that had settled the old price pays the new one
    STILL_OWED = "still_owed"  # yen: what is open on the earlier invoice besides


@dataclass(frozen=True)
class Reason:
    """A line with its figures."""

    code: CostReason
    figures: Mapping[str, int | str]


@dataclass(frozen=True)
class ChangeCost:
    """Everything that a change costs. `credit` None: nothing is left to give back.

    `effect` is what the credit does to what is owed on the old invoice; `advance_yen` of it pays the new one.
    """

    remaining: Remaining
    given_back_yen: int
    asked_yen: int
    credit: Totals | None
    invoice: Totals
    effect: Settlement | None
    reasons: tuple[Reason, ...]

    @property
    def advance_yen(self) -> int:
        """Money that the credit sets free, as far as the new invoice takes it."""
        return min(self.effect.excess_yen, self.invoice.gross_yen) if self.effect else 0

    @property
    def to_pay_yen(self) -> int:
        """What is to be paid of the new invoice, tax included."""
        return self.invoice.gross_yen - self.advance_yen

    @property
    def still_owed_yen(self) -> int:
        """What stays open on the earlier invoice, tax included."""
        return self.effect.after.outstanding_yen if self.effect else 0


@dataclass(frozen=True)
class Billed:
    """What the term was billed with: what of the fee is left to give back (ex tax, and by rate), and what is owed on it."""

    fee_left_yen: int
    left: Mapping[TaxCategory, Left]
    debt: Debt
    rounding: RoundingMode
    supplied_on: date

    @property
    def standing_yen(self) -> int:
        """What is still asked for or was paid, tax included: neither given back nor written off."""
        return self.debt.total_yen - self.debt.credited_yen

    def credit_of(self, category: TaxCategory, net_yen: int) -> Totals | None:
        """What giving so much back says on paper; None: nothing."""
        if not net_yen:
            return None
        return return_totals(self.left, {category: net_yen}, self.rounding, self.supplied_on)

    def most_of(self, category: TaxCategory, wanted_yen: int) -> int:
        """As much of it (ex tax) as can be given back: never more than is left of the fee, nor with its tax than stands."""
        net = min(wanted_yen, self.fee_left_yen)
        credit = self.credit_of(category, net)
        if credit is None or credit.gross_yen <= self.standing_yen:
            return net
        net = net_of_gross(self.standing_yen, self.left[category].row, self.rounding)[0] + 1
        while (credit := self.credit_of(category, net)) and credit.gross_yen > self.standing_yen:
            net -= 1
        return net


def cost_of_change(
    *, old: ListPrice, new: ListPrice, remaining: Remaining, billed: Billed, rounding: RoundingMode
) -> ChangeCost:
    """What a change costs; `rounding` is how the issuer rounds the new invoice today."""
    share = remaining.share_of(old.fee_yen)
    back = billed.most_of(old.category, share)
    asked = remaining.share_of(new.fee_yen)
    credit = billed.credit_of(old.category, back)
    invoice = total_by_rate([Line(new.tier_code, 1, asked, new.category)], rounding, remaining.first)
    effect = give_credit(billed.debt, credit.gross_yen) if credit and credit.gross_yen else None
    cost = ChangeCost(remaining, back, asked, credit, invoice, effect, ())
    less = CostReason.WRITTEN_OFF if back < min(share, billed.fee_left_yen) else CostReason.LESS_LEFT
    return ChangeCost(
        remaining, back, asked, credit, invoice, effect, _reasons(old, new, remaining, share, less, cost)
    )


def _reasons(
    old: ListPrice, new: ListPrice, remaining: Remaining, share_yen: int, less: CostReason, cost: ChangeCost
) -> tuple[Reason, ...]:
    unit = remaining.proration.value
    lines = [
        Reason(CostReason.REMAINING, {"units": remaining.units, "whole": remaining.whole, "unit": unit}),
        Reason(
            CostReason.GIVEN_BACK, {"tier": old.tier_code, "fee_yen": old.fee_yen, "yen": cost.given_back_yen}
        ),
        Reason(CostReason.ASKED, {"tier": new.tier_code, "fee_yen": new.fee_yen, "yen": cost.asked_yen}),
    ]
    if cost.given_back_yen < share_yen:
        lines.insert(2, Reason(less, {"share_yen": share_yen, "yen": cost.given_back_yen}))
    if cost.advance_yen:
        lines.append(Reason(CostReason.ADVANCE, {"yen": cost.advance_yen}))
    if cost.still_owed_yen:
        lines.append(Reason(CostReason.STILL_OWED, {"yen": cost.still_owed_yen}))
    return tuple(lines)
