"""Deferred fees become income when their period begins, once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.accounts.enums import Role
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.ledger import book_problems, trial_balance
from portal.billing.queries.verification import document_problems
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.returns.writeoffs import write_off
from portal.billing.services.revenue import earn_fees
from portal.core import clock
from portal.core.transaction import rollback, transaction
from portal.domain.documents import Period
from portal.domain.ledger import Account
from tests.billing.returning import give_back
from tests.support.billing import bill
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database

MARCH = datetime(2027, 3, 10, 3, tzinfo=UTC)
APRIL = datetime(2027, 4, 1, 3, tzinfo=UTC)


def balance(account: Account) -> int:
    rollback()
    return next(each.net_yen for each in trial_balance() if each.account is account)


def test_next_years_fee_is_earned_on_the_first_of_april(app):
    with clock.frozen(MARCH):
        bill(company(), period=Period(date(2027, 4, 1), date(2028, 3, 31)), fiscal_year=2027)
        with transaction():
            assert earn_fees() == 0
    assert balance(Account.FEE_DEFERRED) == -1_000_000
    with clock.frozen(APRIL):
        for expected in (1, 0):
            with transaction():
                assert earn_fees() == expected
    assert balance(Account.FEE_DEFERRED) == 0
    assert balance(Account.FEE_REVENUE) == -1_000_000
    assert book_problems() == []


def test_a_fee_of_the_running_year_is_income_at_once(app):
    bill(company())
    with transaction():
        assert earn_fees() == 0
    assert balance(Account.FEE_REVENUE) == -1_000_000


def of_next_year():
    return bill(company(), period=Period(date(2027, 4, 1), date(2028, 3, 31)), fiscal_year=2027)


def in_april() -> int:
    """What `earn_fees` books; everything that must hold does."""
    with clock.frozen(APRIL), transaction():
        count = earn_fees()
    rollback()
    assert book_problems() == []
    assert document_problems() == []
    return count


def test_what_was_credited_before_its_period_is_never_earned(app):
    """Paid, then given back in full: the advance still stands, so the invoice is not cancelled."""
    clerk = actor_of(staff(Role.SECRETARIAT))
    with clock.frozen(MARCH):
        invoice, replaced = of_next_year(), of_next_year()
        for each, back in ((invoice, 1_000_000), (replaced, 400_000)):
            with transaction():
                record_bank_payment(
                    invoice=any_invoice(each.id), amount_yen=1_100_000, received_on=clock.today(), payer_name="", by=clerk, once=str(each.id)
                )  # fmt: skip
            give_back(each, clerk, back)
    assert in_april() == 1
    assert (balance(Account.FEE_DEFERRED), balance(Account.FEE_REVENUE)) == (0, -600_000)
    assert in_april() == 0


def test_what_was_written_off_before_its_period_is_earned_all_the_same(app):
    """The claim is a loss, the fee is income: nothing stays deferred for ever."""
    clerk = actor_of(staff(Role.SECRETARIAT))
    with clock.frozen(MARCH):
        whole, half = of_next_year(), of_next_year()
        for each, amount in ((whole, 1_100_000), (half, 550_000)):
            with transaction():
                write_off(invoice=any_invoice(each.id), amount_yen=amount, reason="x", by=clerk, source=f"w{each.id}")  # fmt: skip
        give_back(half, clerk, 500_000)
    assert in_april() == 2
    assert (balance(Account.FEE_DEFERRED), balance(Account.FEE_REVENUE)) == (0, -1_500_000)
    assert balance(Account.LOSSES) == 1_650_000
