"""Deferred fees become income when their period begins, once."""

from __future__ import annotations

from datetime import UTC, date, datetime

from portal.billing.queries.ledger import book_problems, trial_balance
from portal.billing.services.revenue import earn_fees
from portal.core import clock
from portal.core.transaction import rollback, transaction
from portal.domain.documents import Period
from portal.domain.ledger import Account
from tests.support.billing import bill
from tests.support.people import company

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
