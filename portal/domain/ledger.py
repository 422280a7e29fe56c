"""Double entry: which accounts a business event moves, and by how much.

A transfer takes an amount out of one account (credit) and puts it into another (debit), so every entry balances by
construction. Amounts are whole yen above nothing; what would be nothing is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.money import require_yen, sum_yen

FIRST_DAY = date(2000, 4, 1)  # no report asks for a day before it, so nothing is booked on one


class Account(StrEnum):
    """The chart of accounts."""

    RECEIVABLE = "receivable"  # 未収金
    BANK = "bank"  # 普通預金
    STRIPE_CLEARING = "stripe_clearing"  # money that the provider holds for us
    STRIPE_FEES = "stripe_fees"  # 支払手数料
    DISPUTED = "disputed"  # taken by the provider while a payment is contested
    DISPUTE_FEES = "dispute_fees"  # チャージバック手数料
    LOSSES = "losses"  # 貸倒損失
    ADVANCE_RECEIVED = "advance_received"  # 前受金: paid, but more than was owed
    REFUNDS_UNDER_WAY = "refunds_under_way"  # 未払金: promised to the payer, not gone yet
    SUSPENSE = "suspense"  # 仮受金: received, nobody knows yet what for
    FEE_DEFERRED = "fee_deferred"  # 前受収益: fees of a period that has not begun
    FEE_REVENUE = "fee_revenue"  # 会費等収入
    TAX_PAYABLE = "tax_payable"  # 仮受消費税

    @property
    def is_debit_side(self) -> bool:
        """True for accounts whose balance normally stands on the debit side."""
        return self in _DEBIT_SIDE


_DEBIT_SIDE = (
    Account.RECEIVABLE,
    Account.BANK,
    Account.STRIPE_CLEARING,
    Account.STRIPE_FEES,
    Account.DISPUTED,
    Account.DISPUTE_FEES,
    Account.LOSSES,
)


class EntryKind(StrEnum):
    """The business events that move money or claims."""

    INVOICE_ISSUED = "invoice_issued"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_REVERSED = "payment_reversed"
    ADVANCE_USED = "advance_used"
    ADVANCE_RELEASED = "advance_released"
    FEE_EARNED = "fee_earned"
    CREDIT_GIVEN = "credit_given"
    PAID_BACK = "paid_back"
    REFUND_ASKED = "refund_asked"
    REFUND_FAILED = "refund_failed"
    TAKEN_BACK = "taken_back"
    PROVIDER_FEE = "provider_fee"
    DISPUTE_HELD = "dispute_held"
    DISPUTE_RETURNED = "dispute_returned"
    DISPUTE_FEE = "dispute_fee"
    DISPUTE_LOST = "dispute_lost"
    WRITTEN_OFF = "written_off"
    WRITE_OFF_UNDONE = "write_off_undone"
    FEE_RETURNED = "fee_returned"
    FEE_RETURN_UNDONE = "fee_return_undone"
    DEPOSIT_PARKED = "deposit_parked"
    DEPOSIT_TAKEN_UP = "deposit_taken_up"
    DEPOSIT_SENT_BACK = "deposit_sent_back"


@dataclass(frozen=True)
class Transfer:
    """`amount_yen` from `credit` to `debit`."""

    debit: Account
    credit: Account
    amount_yen: int

    def __post_init__(self) -> None:
        if self.debit is self.credit:
            raise ValueError("a transfer needs two accounts")
        if require_yen(self.amount_yen) <= 0:
            raise ValueError("a transfer is more than nothing")

    @property
    def reverse(self) -> "Transfer":
        """The same the other way round."""
        return Transfer(self.credit, self.debit, self.amount_yen)


Transfers = tuple[Transfer, ...]


def invoice_issued(net_yen: int, tax_yen: int, *, has_begun: bool) -> Transfers:
    """A claim arises. The fee is deferred while the period that it is for has not begun."""
    fee = Account.FEE_REVENUE if has_begun else Account.FEE_DEFERRED
    return _some((Account.RECEIVABLE, fee, net_yen), (Account.RECEIVABLE, Account.TAX_PAYABLE, tax_yen))


def fee_earned(net_yen: int) -> Transfers:
    """The period begins: the deferred fee is income."""
    return _some((Account.FEE_DEFERRED, Account.FEE_REVENUE, net_yen))


def payment_received(into: Account, *, applied_yen: int, excess_yen: int) -> Transfers:
    """Money arrives in `into` (the bank, or the provider's clearing account)."""
    return _some((into, Account.RECEIVABLE, applied_yen), (into, Account.ADVANCE_RECEIVED, excess_yen))


def advance_used(amount_yen: int) -> Transfers:
    """An advance settles a claim."""
    return _some((Account.ADVANCE_RECEIVED, Account.RECEIVABLE, amount_yen))


def credit_given(net_yen: int, tax_yen: int, *, deferred_yen: int, released_yen: int) -> Transfers:
    """Less is asked for: income and tax are taken back, first what is still deferred of the fee.

    `released_yen` is what money had settled of it already: an advance of the payer from here on.
    """
    from_deferred = min(net_yen, deferred_yen)
    return _some(
        (Account.FEE_DEFERRED, Account.RECEIVABLE, from_deferred),
        (Account.FEE_REVENUE, Account.RECEIVABLE, net_yen - from_deferred),
        (Account.TAX_PAYABLE, Account.RECEIVABLE, tax_yen),
        (Account.RECEIVABLE, Account.ADVANCE_RECEIVED, released_yen),
    )


def credit_taken_back(net_yen: int, tax_yen: int, *, deferred: bool) -> Transfers:
    """A credit is undone: it is income again, or deferred while the period has not begun."""
    fee = Account.FEE_DEFERRED if deferred else Account.FEE_REVENUE
    return _some((Account.RECEIVABLE, fee, net_yen), (Account.RECEIVABLE, Account.TAX_PAYABLE, tax_yen))


def deposit_parked(amount_yen: int) -> Transfers:
    """Money arrived, and nobody knows yet what for."""
    return _some((Account.BANK, Account.SUSPENSE, amount_yen))


def deposit_sent_back(amount_yen: int) -> Transfers:
    """Money that was not ours goes back where it came from."""
    return _some((Account.SUSPENSE, Account.BANK, amount_yen))


def paid_back(out_of: Account, amount_yen: int) -> Transfers:
    """An advance goes back to the payer from `out_of` (the bank, or the provider's clearing account)."""
    return _some((Account.ADVANCE_RECEIVED, out_of, amount_yen))


def refund_asked(amount_yen: int) -> Transfers:
    """An advance is promised to the payer; the provider has not sent it yet."""
    return _some((Account.ADVANCE_RECEIVED, Account.REFUNDS_UNDER_WAY, amount_yen))


def refund_sent(amount_yen: int) -> Transfers:
    """The provider has sent it."""
    return _some((Account.REFUNDS_UNDER_WAY, Account.STRIPE_CLEARING, amount_yen))


def withdrawn(out_of: Account, *, settled_yen: int, excess_yen: int, lost_yen: int) -> Transfers:
    """Money that had arrived is gone: what it had settled is owed again, an advance is none, the rest is a loss."""
    return _some(
        (Account.RECEIVABLE, out_of, settled_yen),
        (Account.ADVANCE_RECEIVED, out_of, excess_yen),
        (Account.LOSSES, out_of, lost_yen),
    )


def disputed(amount_yen: int) -> Transfers:
    """The provider takes the money of a contested payment until somebody has won."""
    return _some((Account.DISPUTED, Account.STRIPE_CLEARING, amount_yen))


def provider_fee(kind: Account, amount_yen: int) -> Transfers:
    """The provider keeps a fee; one that it gives back is an amount below nothing."""
    fee = _some((kind, Account.STRIPE_CLEARING, abs(amount_yen)))
    return fee if amount_yen > 0 else reversed_all(fee)


def written_off(amount_yen: int) -> Transfers:
    """Nobody will pay it."""
    return _some((Account.LOSSES, Account.RECEIVABLE, amount_yen))


def reversed_all(transfers: Iterable[Transfer]) -> Transfers:
    """The opposite of an entry; the entry itself stays."""
    return tuple(transfer.reverse for transfer in transfers)


@dataclass(frozen=True)
class Balance:
    """One line of a trial balance. `net_yen` counts debit as positive."""

    account: Account
    debit_yen: int
    credit_yen: int

    @property
    def net_yen(self) -> int:
        """Debit less credit."""
        return self.debit_yen - self.credit_yen


def trial_balance(transfers: Iterable[Transfer]) -> tuple[Balance, ...]:
    """Every account of the chart with its turnover; the net amounts add up to nothing."""
    listed = tuple(transfers)
    return tuple(
        Balance(
            account,
            sum_yen(each.amount_yen for each in listed if each.debit is account),
            sum_yen(each.amount_yen for each in listed if each.credit is account),
        )
        for account in Account
    )


def _some(*parts: tuple[Account, Account, int]) -> Transfers:
    return tuple(Transfer(debit, credit, amount) for debit, credit, amount in parts if amount)
