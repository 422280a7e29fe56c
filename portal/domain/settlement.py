"""What an amount of money does to what is owed: how much it settles, what is too much, what state that gives.

Nothing is rounded away: every yen asked for is settled by money, settled by a credit, or still owed; every yen received
settles the debt, is an advance, or is paid back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from portal.domain.money import require_yen


class Standing(StrEnum):
    """Where a debt stands."""

    UNPAID = "unpaid"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    CANCELLED = "cancelled"  # credited in full, and no money of the payer is here


@dataclass(frozen=True)
class Debt:
    """What was asked for, what is still owed, what came in beyond it (held as an advance), what was credited.

    `written_off_yen` is the part of `credited_yen` that nobody gave back: the books ask for it no more, by law it stays a claim.
    """

    total_yen: int
    outstanding_yen: int
    excess_yen: int = 0
    credited_yen: int = 0
    written_off_yen: int = 0

    def __post_init__(self) -> None:
        amounts = (
            self.total_yen,
            self.outstanding_yen,
            self.excess_yen,
            self.credited_yen,
            self.written_off_yen,
        )
        for amount in amounts:
            if require_yen(amount) < 0:
                raise ValueError("a debt has no negative amounts")
        if self.outstanding_yen + self.credited_yen > self.total_yen:
            raise ValueError("more is outstanding or credited than was asked for")
        if self.written_off_yen > self.credited_yen:
            raise ValueError("what is written off is a part of what is credited")

    @property
    def settled_yen(self) -> int:
        """What money has settled."""
        return self.total_yen - self.credited_yen - self.outstanding_yen

    @property
    def given_back_yen(self) -> int:
        """What credit notes gave back; a write-off gives nothing back."""
        return self.credited_yen - self.written_off_yen

    @property
    def standing(self) -> Standing:
        """The state that the amounts give."""
        if self.outstanding_yen:
            return Standing.PARTLY_PAID if self.settled_yen else Standing.UNPAID
        if self.excess_yen:
            return Standing.OVERPAID
        return Standing.PAID if self.settled_yen else Standing.CANCELLED

    @property
    def is_settled(self) -> bool:
        """True when nothing is owed any more."""
        return self.outstanding_yen == 0

    @property
    def is_paid(self) -> bool:
        """True when money has settled all that was not given back; what is written off was not paid."""
        return self.is_settled and self.settled_yen > 0 and not self.written_off_yen

    def falls_to(self, now: Debt) -> bool:
        """Whether something is owed `now` and less is settled: all of it was, or more of it by money."""
        return not now.is_settled and (self.is_settled or now.settled_yen < self.settled_yen)


@dataclass(frozen=True)
class Settlement:
    """What a movement of money does: `applied_yen` to the debt, `excess_yen` to the advances, `after` it all."""

    applied_yen: int
    excess_yen: int
    before: Debt
    after: Debt

    @property
    def is_completed(self) -> bool:
        """True when after this very movement nothing is owed any more and money has settled some of it."""
        return self.after.is_settled and not self.before.is_settled and self.after.settled_yen > 0

    @property
    def is_reopened(self) -> bool:
        """True when something is owed again that was paid."""
        return self.before.is_settled and not self.after.is_settled

    @property
    def disturbs_write_off(self) -> bool:
        """True when money comes, or something is owed again, on a claim that stays written off. A credit may set free what was
        paid of it: what is billed anew takes that along."""
        before, after = self.before, self.after
        if not 0 < before.written_off_yen == after.written_off_yen:
            return False
        moves = after.outstanding_yen != before.outstanding_yen or after.excess_yen > before.excess_yen
        return moves and after.given_back_yen <= before.given_back_yen


def receive(debt: Debt, amount_yen: int) -> Settlement:
    """Money comes in; what exceeds the debt is an advance. Raises ValueError unless it is more than nothing."""
    if require_yen(amount_yen) <= 0:
        raise ValueError("money that comes in is more than nothing")
    applied = min(amount_yen, debt.outstanding_yen)
    excess = amount_yen - applied
    after = replace(debt, outstanding_yen=debt.outstanding_yen - applied, excess_yen=debt.excess_yen + excess)
    return Settlement(applied, excess, debt, after)


def take_back(debt: Debt, applied_yen: int, excess_yen: int) -> Settlement:
    """Undo a payment that had settled `applied_yen` and left `excess_yen` as an advance."""
    after = replace(
        debt, outstanding_yen=debt.outstanding_yen + applied_yen, excess_yen=debt.excess_yen - excess_yen
    )
    return Settlement(-applied_yen, -excess_yen, debt, after)


def use_advance(debt: Debt) -> Settlement:
    """Settle what is owed from the advance, as far as it goes (after a payment before it was undone)."""
    used = min(debt.outstanding_yen, debt.excess_yen)
    after = replace(debt, outstanding_yen=debt.outstanding_yen - used, excess_yen=debt.excess_yen - used)
    return Settlement(used, -used, debt, after)


def give_credit(debt: Debt, amount_yen: int) -> Settlement:
    """Ask for less by `amount_yen`; what money had already settled of it becomes an advance of the payer.

    `applied_yen` is minus what money settles no longer. Raises ValueError for nothing, or for more than is left.
    """
    if not 0 < require_yen(amount_yen) <= debt.total_yen - debt.credited_yen:
        raise ValueError("a credit is more than nothing and at most what is not credited yet")
    released = max(0, amount_yen - debt.outstanding_yen)
    after = replace(
        debt,
        outstanding_yen=debt.outstanding_yen - (amount_yen - released),
        excess_yen=debt.excess_yen + released,
        credited_yen=debt.credited_yen + amount_yen,
    )
    return Settlement(-released, released, debt, after)


def take_credit_back(debt: Debt, amount_yen: int) -> Settlement:
    """Undo a credit of `amount_yen` that had settled what was owed: it is owed again."""
    after = replace(
        debt,
        outstanding_yen=debt.outstanding_yen + amount_yen,
        credited_yen=debt.credited_yen - amount_yen,
    )
    return Settlement(0, 0, debt, after)


def write_off(debt: Debt) -> Settlement:
    """The books ask for the rest no more. Raises ValueError where nothing is owed."""
    done = give_credit(debt, debt.outstanding_yen)
    return replace(
        done, after=replace(done.after, written_off_yen=debt.written_off_yen + debt.outstanding_yen)
    )


def take_write_off_back(debt: Debt, amount_yen: int) -> Settlement:
    """It is owed again. Raises ValueError for more than is written off."""
    if not 0 < require_yen(amount_yen) <= debt.written_off_yen:
        raise ValueError("what is taken back is more than nothing and at most what is written off")
    less = replace(debt, written_off_yen=debt.written_off_yen - amount_yen)
    return replace(take_credit_back(less, amount_yen), before=debt)


def return_advance(debt: Debt, amount_yen: int) -> Settlement:
    """An advance that was to go back to the payer stays here after all."""
    return Settlement(0, amount_yen, debt, replace(debt, excess_yen=debt.excess_yen + amount_yen))


def pay_back(debt: Debt, amount_yen: int) -> Settlement:
    """Give an advance back to the payer. Raises ValueError for nothing, or for more than there is."""
    if not 0 < require_yen(amount_yen) <= debt.excess_yen:
        raise ValueError("what is paid back is more than nothing and at most the advance")
    after = replace(debt, excess_yen=debt.excess_yen - amount_yen)
    return Settlement(0, -amount_yen, debt, after)
