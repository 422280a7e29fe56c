"""Deposits and what is proposed for them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

MOST_FEE_YEN = 1_000


class Reason(StrEnum):
    """Why a proposal is made, or what speaks against it."""

    EXACT = "exact"  # the amount is what is owed
    SUM = "sum"  # several invoices together are exactly the amount
    FEE = "fee"  # the amount lacks what a bank takes for a transfer
    PART = "part"  # less than is owed
    EXCESS = "excess"  # more than is owed
    TOGETHER = "together"  # with other deposits of the payer exactly what is owed
    NUMBER = "number"  # an invoice number stands in the text
    CODE = "code"  # the payer's code or virtual account is known
    ALIAS = "alias"  # the name was confirmed for this payer before
    NAME = "name"  # the name is that of the payer
    NAME_CUT = "name_cut"  # the name was cut off and begins like that of the payer
    AMOUNT_ALONE = "amount_alone"  # nothing but the amount speaks for it
    SEVERAL_PAYERS = "several_payers"
    SEVERAL_INVOICES = "several_invoices"
    OTHER_NAME = "other_name"  # the name is that of somebody who owes nothing
    OTHER_NUMBER = "other_number"  # the number in the text is another payer's invoice
    OTHER_DEPOSIT = "other_deposit"  # another deposit fits the same invoice
    SAME_MONEY = "same_money"  # another file told of an equal deposit: maybe this one
    BY_HAND = "by_hand"  # somebody has recorded a payment like it by hand
    UNDONE = "undone"  # somebody has undone what was decided about it
    BEFORE_INVOICE = "before_invoice"  # it came before the invoice was issued


WEIGHTS = {
    Reason.EXACT: 50, Reason.SUM: 35, Reason.FEE: 30, Reason.PART: 10, Reason.EXCESS: 10, Reason.TOGETHER: 25,
    Reason.NUMBER: 50, Reason.CODE: 45, Reason.ALIAS: 40, Reason.NAME: 30, Reason.NAME_CUT: 20, Reason.AMOUNT_ALONE: 0,
    Reason.SEVERAL_PAYERS: -20, Reason.SEVERAL_INVOICES: -15, Reason.OTHER_NUMBER: -30, Reason.OTHER_DEPOSIT: -15,
    Reason.OTHER_NAME: -40, Reason.SAME_MONEY: -40, Reason.BY_HAND: -40, Reason.BEFORE_INVOICE: -40,
    Reason.UNDONE: -15,
}  # fmt: skip
DOUBTS = frozenset(reason for reason, weight in WEIGHTS.items() if weight < 0)
COUNTED_TWICE = frozenset({Reason.SAME_MONEY, Reason.BY_HAND})  # maybe this money is in the books already
CONFIRMED = frozenset({Reason.CODE, Reason.ALIAS})
LIKELY_FROM = 60


class Grade(StrEnum):
    """What is done with a proposal."""

    AUTOMATIC = "automatic"  # carried out by itself
    LIKELY = "likely"  # one click
    POSSIBLE = "possible"  # one click, after a look
    NONE = "none"


@dataclass(frozen=True)
class Rules:
    """What the office has decided: the largest fee that a payer may keep back, 0 for none."""

    fee_yen: int = MOST_FEE_YEN

    def __post_init__(self) -> None:
        if not 0 <= self.fee_yen <= MOST_FEE_YEN:
            raise ValueError(f"a transfer fee is between 0 and {MOST_FEE_YEN} yen")


class Deposit(NamedTuple):
    """Money on the statement. `code` is the payer's code or virtual account, `text` whatever else the payer wrote.

    `is_told_twice`: a deposit of another file may be the same money (`told_twice`). `is_undone`: somebody has undone a decision.
    """

    id: int
    amount_yen: int
    name: str = ""
    code: str = ""
    text: str = ""
    booked_on: date | None = None
    is_told_twice: bool = False
    is_undone: bool = False


class Recorded(NamedTuple):
    """A payment that somebody has recorded by hand: whose, for which invoice, and the name of the payer if it was written."""

    payer_id: int
    amount_yen: int
    received_on: date
    invoice_id: int
    name: str = ""


class Part(NamedTuple):
    """What of the money goes to an invoice (what exceeds it is an advance), and the fee that is forgiven there."""

    invoice_id: int
    amount_yen: int
    fee_yen: int = 0


class Proposal(NamedTuple):
    """Which invoices a deposit pays."""

    parts: tuple[Part, ...]
    reasons: frozenset[Reason]

    @property
    def score(self) -> int:
        """How much speaks for it."""
        return sum(WEIGHTS[reason] for reason in self.reasons)

    @property
    def grade(self) -> Grade:
        """Automatic only for the exact amount of one invoice by a payer that is known, with nothing against it."""
        reasons = self.reasons
        if Reason.EXACT in reasons and reasons & CONFIRMED and not reasons & DOUBTS:
            return Grade.AUTOMATIC
        is_likely = self.score >= LIKELY_FROM and not reasons & COUNTED_TWICE
        return Grade.LIKELY if is_likely else Grade.POSSIBLE


class Match(NamedTuple):
    """The proposals for one deposit, the best first; maybe none.

    `idle` are those whose name it is and who owe nothing, `by_hand` the payments recorded by hand that may be this money.
    """

    deposit_id: int
    proposals: tuple[Proposal, ...]
    idle: tuple[int, ...] = ()
    by_hand: tuple[Recorded, ...] = ()

    @property
    def grade(self) -> Grade:
        """The best proposal's."""
        return self.proposals[0].grade if self.proposals else Grade.NONE
