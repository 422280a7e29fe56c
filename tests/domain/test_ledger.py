"""Double entry: each event moves the right accounts, and all balances together are nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.ledger import (
    Account,
    Transfer,
    advance_used,
    fee_earned,
    invoice_issued,
    payment_received,
    reversed_all,
    trial_balance,
)

YEN = st.integers(min_value=0, max_value=10_000_000)


def net(*transfers: Transfer) -> dict[Account, int]:
    return {each.account: each.net_yen for each in trial_balance(transfers) if each.net_yen}


def test_an_invoice_of_a_period_that_has_begun_is_income() -> None:
    moved = net(*invoice_issued(1_000_000, 100_000, has_begun=True))
    assert moved == {
        Account.RECEIVABLE: 1_100_000,
        Account.FEE_REVENUE: -1_000_000,
        Account.TAX_PAYABLE: -100_000,
    }


def test_an_invoice_of_next_year_is_deferred_until_then() -> None:
    issued = invoice_issued(500_000, 50_000, has_begun=False)
    assert net(*issued)[Account.FEE_DEFERRED] == -500_000
    both = net(*issued, *fee_earned(500_000))
    assert Account.FEE_DEFERRED not in both
    assert both[Account.FEE_REVENUE] == -500_000


def test_an_untaxed_fee_moves_no_tax() -> None:
    assert len(invoice_issued(500_000, 0, has_begun=True)) == 1


def test_too_much_is_an_advance_until_it_is_used() -> None:
    paid = payment_received(Account.BANK, applied_yen=1_100_000, excess_yen=50_000)
    assert net(*paid)[Account.ADVANCE_RECEIVED] == -50_000
    assert Account.ADVANCE_RECEIVED not in net(*paid, *advance_used(50_000))


@pytest.mark.parametrize("amount", [0, -1])
def test_a_transfer_of_nothing_is_refused(amount: int) -> None:
    with pytest.raises(ValueError):
        Transfer(Account.BANK, Account.RECEIVABLE, amount)


def test_a_transfer_needs_two_accounts() -> None:
    with pytest.raises(ValueError):
        Transfer(Account.BANK, Account.BANK, 1)


@given(st.lists(st.tuples(YEN, YEN, st.booleans()), max_size=10))
def test_balances_add_up_to_nothing_and_opposites_cancel(amounts: list[tuple[int, int, bool]]) -> None:
    transfers = [
        each
        for net_yen, tax_yen, begun in amounts
        for each in invoice_issued(net_yen, tax_yen, has_begun=begun)
    ]
    assert sum(each.net_yen for each in trial_balance(transfers)) == 0
    assert net(*transfers, *reversed_all(transfers)) == {}
