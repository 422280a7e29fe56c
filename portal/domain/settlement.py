"""What an amount of money does to what is owed: how much it settles, what is too much, what state that gives.

Nothing is rounded away and nothing is forgiven: every yen received either settles the debt or is an advance.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.money import require_yen


class Standing(StrEnum):
    """Where a debt stands."""

    UNPAID = "unpaid"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    OVERPAID = "overpaid"


@dataclass(frozen=True)
class Debt:
    """What was asked for, what is still owed, and what came in beyond it (held as an advance)."""

    total_yen: int
    outstanding_yen: int
    excess_yen: int = 0

    def __post_init__(self) -> None:
        for amount in (self.total_yen, self.outstanding_yen, self.excess_yen):
            if require_yen(amount) < 0:
                raise ValueError("a debt has no negative amounts")
        if self.outstanding_yen > self.total_yen:
            raise ValueError("more is outstanding than was asked for")

    @property
    def standing(self) -> Standing:
        """The state that the amounts give."""
        if self.outstanding_yen == 0:
            return Standing.OVERPAID if self.excess_yen else Standing.PAID
        return Standing.UNPAID if self.outstanding_yen == self.total_yen else Standing.PARTLY_PAID

    @property
    def is_settled(self) -> bool:
        """True when nothing is owed any more."""
        return self.outstanding_yen == 0


@dataclass(frozen=True)
class Settlement:
    """What a movement of money does: `applied_yen` to the debt, `excess_yen` to the advances, `after` it all."""

    applied_yen: int
    excess_yen: int
    before: Debt
    after: Debt

    @property
    def is_completed(self) -> bool:
        """True when this very movement paid the last of it."""
        return self.after.is_settled and not self.before.is_settled

    @property
    def is_reopened(self) -> bool:
        """True when something is owed again that was paid."""
        return self.before.is_settled and not self.after.is_settled


def receive(debt: Debt, amount_yen: int) -> Settlement:
    """Money comes in; what exceeds the debt is an advance. Raises ValueError unless it is more than nothing."""
    if require_yen(amount_yen) <= 0:
        raise ValueError("money that comes in is more than nothing")
    applied = min(amount_yen, debt.outstanding_yen)
    excess = amount_yen - applied
    after = Debt(debt.total_yen, debt.outstanding_yen - applied, debt.excess_yen + excess)
    return Settlement(applied, excess, debt, after)


def take_back(debt: Debt, applied_yen: int, excess_yen: int) -> Settlement:
    """Undo a payment that had settled `applied_yen` and left `excess_yen` as an advance."""
    after = Debt(debt.total_yen, debt.outstanding_yen + applied_yen, debt.excess_yen - excess_yen)
    return Settlement(-applied_yen, -excess_yen, debt, after)


def use_advance(debt: Debt) -> Settlement:
    """Settle what is owed from the advance, as far as it goes (after a payment before it was undone)."""
    used = min(debt.outstanding_yen, debt.excess_yen)
    after = Debt(debt.total_yen, debt.outstanding_yen - used, debt.excess_yen - used)
    return Settlement(used, -used, debt, after)
