"""Deferred fees become income when their period begins, once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.accounts.enums import Role
from portal.billing.documents import party
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.export_checks import export_problems
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.ledger import trial_balance
from portal.billing.queries.verification import document_problems, document_remarks
from portal.billing.services import ledger, replacements, revenue
from portal.billing.services.journal import Asked, export_journal, set_layout
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.returns.writeoffs import write_off
from portal.billing.services.revenue import earn_fees
from portal.core import clock
from portal.core.transaction import rollback, transaction
from portal.domain.documents import Period
from portal.domain.journal import Preset, preset_layout
from portal.domain.ledger import Account, EntryKind
from portal.jobs.services import enqueue
from tests.billing.returning import give_back
from tests.support.billing import bill, fee
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database

SECOND = datetime(2027, 4, 2, 3, tzinfo=UTC)
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
        give_back(half, clerk, 500_000)
        for each, amount in ((whole, 1_100_000), (half, 550_000)):
            with transaction():
                write_off(invoice=any_invoice(each.id), owed_yen=amount, reason="x", by=clerk, source=f"w{each.id}")  # fmt: skip
    assert in_april() == 2
    assert (balance(Account.FEE_DEFERRED), balance(Account.FEE_REVENUE)) == (0, -1_500_000)
    assert balance(Account.LOSSES) == 1_650_000


def standing_deferred(day: date) -> list[str]:
    """What `renkei books verify` says of it on a day."""
    rollback()
    return [problem.split(":")[0] for problem in document_problems(day) if "still deferred" in problem]


def test_a_fee_that_waits_too_long_is_found_whatever_became_of_its_invoice(app):
    """Written off, credited in part, issued anew: the day after the first of the period nothing may be deferred."""
    clerk = actor_of(staff(Role.SECRETARIAT))
    with clock.frozen(MARCH):
        plain, lost, half, whole, wrong = (of_next_year() for _n in range(5))
        with transaction():
            write_off(invoice=any_invoice(lost.id), owed_yen=1_100_000, reason="x", by=clerk, source="w")
        give_back(half, clerk, 400_000, "half")
        give_back(whole, clerk, 1_000_000, "whole")
        with transaction():
            old = any_invoice(wrong.id)
            wanted = replacements.Replacement(
                buyer=party(old.buyer), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(900_000)]
            )  # fmt: skip
            new = replacements.replace_invoice(
                invoice=old, wanted=wanted, reason="誤り", by=clerk, source_key="r"
            ).number
    assert standing_deferred(APRIL.date()) == []
    assert standing_deferred(SECOND.date()) == [plain.number, lost.number, half.number, new]
    with clock.frozen(SECOND), transaction():
        assert earn_fees() == 4
    assert standing_deferred(SECOND.date()) == []


def test_entries_of_an_old_version_that_move_nothing_are_a_remark_for_ever(app):
    """They can be neither changed nor removed; the same of any other kind is damage. A journal takes them along."""
    invoice = bill(company())
    with transaction():
        ledger.post(EntryKind.FEE_EARNED, source="earned:7", transfers=(), booked_on=clock.today(), invoice_id=invoice.id)  # fmt: skip
    rollback()
    assert document_problems() == []
    assert document_remarks() == [
        "earned:7: moves nothing; the fee had been given back before its period began"
    ]
    with transaction():
        set_layout(layout=preset_layout(Preset.SIDE_BY_SIDE), by=None)
        run = export_journal(Asked(date(2020, 1, 1), date(2099, 12, 31)), by=None)
        assert (run.entries, run.rows) == (2, 2)
    assert list(export_problems()) == []
    with transaction():
        ledger.post(EntryKind.WRITTEN_OFF, source="x", transfers=(), booked_on=clock.today())
    assert document_problems() == ["x: an entry in the books that moves nothing"]


def test_more_fees_than_one_transaction_takes_are_all_earned(app, run_jobs, monkeypatch):
    monkeypatch.setattr(revenue, "MOST", 2)
    monkeypatch.setattr(revenue.earn_fees, "__defaults__", (2,))
    with clock.frozen(MARCH):
        for _n in range(5):
            of_next_year()
    with clock.frozen(APRIL):
        with transaction():
            enqueue("billing.earn_fees")
        run_jobs()
    assert balance(Account.FEE_DEFERRED) == 0
    assert balance(Account.FEE_REVENUE) == -5_000_000
