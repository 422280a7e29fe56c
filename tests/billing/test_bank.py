"""Deposits from the bank's file: imported once, applied once, undone without a trace in the sums."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.billing.deposits import AliasKind, DepositState
from portal.billing.enums import ReceivableState
from portal.billing.models import (
    BankDeposit,
    BankFile,
    FeeReturn,
    PayerAlias,
    Payment,
    Receipt,
    ReceiptVoid,
    Receivable,
)
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.ledger import trial_balance
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.importing import import_file
from portal.billing.services.bank.parking import park_deposit, send_deposit_back
from portal.billing.services.bank.proposing import match_open_deposits, proposals_for
from portal.billing.services.bank.reading import plan_file
from portal.billing.services.bank.sure import apply_sure_deposits
from portal.billing.services.bank.undoing import undo_deposit
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.reversals import reverse_payment
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.ledger import Account
from portal.domain.reconciliation import Grade
from portal.domain.zengin import FileForm
from portal.notifications.models import Message
from tests.support.bank import bank_file, bring, deposits, know, standing, transfer
from tests.support.billing import bill
from tests.support.people import actor_of, company, staff


@pytest.fixture
def clerk(app):
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def buyer(app):
    return company(name_kana="ミホンセイヤク")


def fits() -> None:
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []


def owed(invoice) -> Receivable:
    rollback()
    return db.session.get_one(Receivable, invoice.id, populate_existing=True)


def count(model) -> int:
    rollback()
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def balance(account: Account) -> int:
    rollback()
    return next(each.net_yen for each in trial_balance() if each.account is account)


def apply_best(deposit: BankDeposit, clerk) -> None:
    """What one click does."""
    with transaction():
        best = proposals_for(deposit).proposals[0]
        shares = [
            Share(
                part.invoice_id,
                part.amount_yen,
                part.fee_yen,
                db.session.get_one(Receivable, part.invoice_id, populate_existing=True).outstanding_yen,
            )
            for part in best.parts
        ]
        apply_deposit(deposit=deposit, shares=shares, seen=standing_round(deposit), by=clerk)


def standing_round(deposit: BankDeposit) -> int:
    from portal.billing.services.bank.decisions import standing_of

    return standing_of(deposit.id).round


def undo(deposit: BankDeposit, clerk, reason: str = "another company") -> None:
    with transaction():
        undo_deposit(deposit=deposit, reason=reason, seen=standing_round(deposit), by=clerk)


def test_equal_deposits_of_a_day_are_kept_apart_and_a_file_adds_nothing_twice(clerk) -> None:
    twins = [transfer(550_000, "ダレカ", reference="000001")] * 2
    first = bring(*twins, by=clerk)
    assert (first.file.deposits, first.file.known) == (2, 0)
    again = bring(*twins, by=clerk)
    assert not again.is_new
    assert count(BankDeposit) == 2
    longer = bring(*twins, transfer(7, "ベツ"), by=clerk)
    assert (longer.file.deposits, longer.file.known) == (1, 2)
    assert count(BankDeposit) == 3
    with transaction():
        quoted = import_file(content=bank_file(*twins, form=FileForm.CSV), name="a.csv", by=clerk)
    assert (quoted.file.deposits, quoted.file.known) == (0, 2)


def test_another_accounts_file_is_refused(clerk) -> None:
    content = bank_file(transfer(5, "ダレカ")).replace(b"0001234", b"0009999")
    with transaction(), pytest.raises(Refused) as refused:
        import_file(content=content, name="x", by=clerk)
    assert "9990-001-1-0009999" in str(refused.value)
    assert count(BankFile) == 0


def test_a_preview_says_what_an_import_does_and_writes_nothing(clerk) -> None:
    content = bank_file(transfer(5, "ダレカ"), transfer(6, "ダレカ"))
    plan = plan_file(content)
    assert (len(plan.new), plan.known, plan.total_yen) == (2, 0, 11)
    assert count(BankFile) == 0


def test_one_click_pays_the_invoice_and_teaches_the_name(clerk, buyer, run_jobs) -> None:
    invoice = bill(buyer)
    bring(transfer(1_100_000, "カ)ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    assert standing(deposit).grade is Grade.LIKELY
    apply_best(deposit, clerk)
    assert owed(invoice).state is ReceivableState.PAID
    assert standing(deposit).state is DepositState.APPLIED
    assert count(Receipt) == 1
    assert db.session.query(PayerAlias).one().organisation_id == buyer.id
    fits()
    second = bill(buyer)
    with clock.frozen(clock.now() + timedelta(days=1)):  # the same day in another file may be the same money
        bring(transfer(1_100_000, "カ)ミホンセイヤク", reference="2"), by=clerk, itself=True)
        run_jobs()
    assert owed(second).state is ReceivableState.PAID
    fits()


def test_only_exact_and_known_applies_itself(clerk, buyer, run_jobs) -> None:
    stranger = company(name_kana="ベツノカイシャ")
    exact, short, unknown = bill(buyer), bill(buyer, source_key="x"), bill(stranger)
    know(buyer, "ミホンセイヤク", clerk)
    bring(
        transfer(1_099_340, "カ)ミホンセイヤク"),
        transfer(1_100_000, "ベツノカイシヤ"),
        by=clerk,
        itself=True,
    )
    run_jobs()
    assert {owed(each).state for each in (exact, short, unknown)} == {ReceivableState.UNPAID}
    assert [standing(d).state for d in deposits()] == [DepositState.OPEN] * 2


def test_a_fee_that_the_payer_kept_back_is_returned_at_the_rate_of_the_sale(clerk, buyer) -> None:
    invoice = bill(buyer)
    bring(transfer(1_099_340, "カ)ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    apply_best(deposit, clerk)
    assert owed(invoice).state is ReceivableState.PAID
    fee = db.session.query(FeeReturn).one()
    assert (fee.net_yen, fee.tax_yen, fee.total_yen, fee.rate) == (600, 60, 660, "0.10")
    assert db.session.query(Receipt).one().received_yen == 1_099_340
    assert balance(Account.TAX_PAYABLE) == -(100_000 - 60)
    assert balance(Account.BANK) == 1_099_340
    fits()
    undo(deposit, clerk)
    assert (owed(invoice).state, owed(invoice).outstanding_yen) == (ReceivableState.UNPAID, 1_100_000)
    assert count(ReceiptVoid) == 1
    assert balance(Account.TAX_PAYABLE) == -100_000
    assert balance(Account.BANK) == 0
    fits()
    apply_best(deposit, clerk)
    assert owed(invoice).state is ReceivableState.PAID
    fits()


def test_after_a_fee_a_credit_note_gives_back_the_rest_and_no_more(clerk, buyer) -> None:
    invoice = bill(buyer)
    bring(transfer(1_099_340, "カ)ミホンセイヤク"), by=clerk)
    apply_best(deposits()[0], clerk)
    with transaction():
        again = any_invoice(invoice.id)
        note = issue_credit_note(
            invoice=again, amounts=left_of_lines(again), reason="x", by=clerk, source_key="k"
        )
    assert note.total_yen == 1_099_340
    assert owed(invoice).excess_yen == 1_099_340
    fits()


def test_one_transfer_for_several_invoices_and_several_for_one(clerk, buyer) -> None:
    invoices = [bill(buyer) for _n in range(2)]
    bring(transfer(2_200_000, "カ)ミホンセイヤク"), by=clerk)
    apply_best(deposits()[0], clerk)
    assert [owed(each).state for each in invoices] == [ReceivableState.PAID] * 2
    fits()
    undo(deposits()[0], clerk)
    assert [owed(each).state for each in invoices] == [ReceivableState.UNPAID] * 2
    fits()
    other = company(name_kana="フタツニワケタ")
    parted = bill(other)
    bring(transfer(600_000, "フタツニワケタ"), transfer(500_000, "フタツニワケタ"), by=clerk)
    halves = [d for d in deposits() if d.amount_yen < 1_000_000]
    for half in halves:
        apply_best(half, clerk)
    assert owed(parted).state is ReceivableState.PAID
    fits()


def test_too_much_is_kept_as_an_advance_and_can_be_undone(clerk, buyer) -> None:
    invoice = bill(buyer)
    bring(transfer(1_200_000, "カ)ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    apply_best(deposit, clerk)
    assert owed(invoice).excess_yen == 100_000
    fits()
    undo(deposit, clerk)
    assert owed(invoice).excess_yen == 0
    fits()


def test_unknown_money_is_parked_taken_up_and_sent_back(clerk, buyer) -> None:
    bring(transfer(77_000, "ダレカ"), by=clerk)
    (deposit,) = deposits()
    with transaction(), pytest.raises(Refused):
        park_deposit(deposit=deposit, note=" ", seen=0, by=clerk)
    with transaction():
        park_deposit(deposit=deposit, note="asked the bank", seen=0, by=clerk)
    assert balance(Account.SUSPENSE) == -77_000
    fits()
    invoice = bill(buyer, source_key="late")
    with transaction():
        apply_deposit(deposit=deposit, shares=[Share(invoice.id, 77_000, 0, 1_100_000)], seen=1, by=clerk)
    assert balance(Account.SUSPENSE) == 0
    assert owed(invoice).outstanding_yen == 1_023_000
    fits()
    undo(deposit, clerk)
    with transaction():
        send_deposit_back(deposit=deposit, note="not ours", seen=standing_round(deposit), by=clerk)
    assert standing(deposit).state is DepositState.RETURNED
    assert balance(Account.BANK) == 0
    fits()
    undo(deposit, clerk)
    fits()


def test_the_slower_of_two_changes_nothing(clerk, buyer) -> None:
    invoice = bill(buyer)
    bring(transfer(1_100_000, "カ)ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    apply_best(deposit, clerk)
    shares = [Share(invoice.id, 1_100_000, 0, 1_100_000)]
    for seen in (0, 1):
        with pytest.raises(OutOfDate), transaction():
            apply_deposit(deposit=deposit, shares=shares, seen=seen, by=clerk)
    with pytest.raises(OutOfDate), transaction():
        undo_deposit(deposit=deposit, reason="x", seen=0, by=clerk)
    assert count(Payment) == 1
    fits()


def test_what_has_changed_since_it_was_shown_is_not_paid(clerk, buyer) -> None:
    invoice = bill(buyer)
    bring(transfer(1_100_000, "ミホンセイヤク"), transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    one, other = deposits()
    assert standing(one).grade is not Grade.AUTOMATIC
    apply_best(one, clerk)
    with pytest.raises(OutOfDate), transaction():
        apply_deposit(deposit=other, shares=[Share(invoice.id, 1_100_000, 0, 1_100_000)], seen=0, by=clerk)
    assert standing(other).state is DepositState.OPEN
    fits()


@pytest.mark.parametrize(
    "shares",
    [
        [],
        [(1_099_999, 0)],
        [(1_100_001, 0)],
        [(1_100_000, 1)],
        [(1_100_000, -1)],
        [(1_100_000, 1_001)],
        [(600_000, 0), (500_000, 0)],
    ],
)
def test_shares_that_cannot_be_right_are_refused(clerk, buyer, shares) -> None:
    invoice = bill(buyer)
    bring(transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    with pytest.raises(Refused), transaction():
        apply_deposit(
            deposit=deposit, shares=[Share(invoice.id, a, f, 1_100_000) for a, f in shares], seen=0, by=clerk
        )
    assert standing(deposit).state is DepositState.OPEN
    assert count(Payment) == 0


def test_a_cancellation_of_the_bank_settles_its_deposit(clerk, buyer) -> None:
    bill(buyer)
    bring(transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    bring(transfer(1_100_000, "ミホンセイヤク", is_cancelled=True), by=clerk)
    assert [standing(d).state for d in deposits()] == [DepositState.CANCELLED] * 2
    fits()


def test_a_cancellation_of_money_that_was_applied_waits_for_the_office(clerk, buyer) -> None:
    bill(buyer)
    bring(transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    apply_best(deposits()[0], clerk)
    bring(transfer(1_100_000, "ミホンセイヤク", is_cancelled=True), by=clerk)
    assert [standing(d).state for d in deposits()] == [DepositState.APPLIED, DepositState.OPEN]
    with pytest.raises(Refused), transaction():
        park_deposit(deposit=deposits()[1], note="x", seen=0, by=clerk)


def test_the_payment_of_a_deposit_is_undone_with_the_deposit_alone(clerk, buyer) -> None:
    invoice = bill(buyer)
    bring(transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    apply_best(deposits()[0], clerk)
    payment = db.session.query(Payment).one()
    with pytest.raises(Refused), transaction():
        reverse_payment(payment=payment, invoice=any_invoice(invoice.id), reason="x", by=clerk)
    fits()


def test_money_of_a_day_that_has_not_come_is_neither_imported_nor_applied(clerk, buyer) -> None:
    """Not from a file, and not from one that an earlier version of the program took."""
    bill(buyer)
    know(buyer, "ミホンセイヤク", clerk)
    ahead = clock.now() + timedelta(days=1)
    coming = transfer(1_100_000, "ミホンセイヤク", booked_on=clock.today() + timedelta(days=1))
    with pytest.raises(Refused, match=r"Line 2|2行目"):
        bring(coming, by=clerk, itself=True)
    with clock.frozen(ahead):
        bring(coming, by=clerk, itself=True)
    (deposit,) = deposits()
    assert apply_sure_deposits() == 0
    with pytest.raises(Refused, match=r"not come yet|到来していません"):
        apply_best(deposit, clerk)
    with pytest.raises(Refused), transaction():
        park_deposit(deposit=deposit, note="x", seen=0, by=clerk)
    assert count(Payment) == 0


def test_a_wrong_click_is_forgotten_when_it_is_undone(clerk, buyer) -> None:
    bill(buyer)
    bring(transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    apply_best(deposit, clerk)
    undo(deposit, clerk)
    assert standing(deposit).grade is Grade.LIKELY
    alias = db.session.query(PayerAlias).one()
    assert (alias.kind, alias.forgotten_at is None) == (AliasKind.NAME, False)
    apply_best(deposit, clerk)
    rollback()
    assert db.session.query(PayerAlias).populate_existing().one().forgotten_at is None


def test_invoices_issued_later_are_found_when_deposits_are_compared_again(clerk, buyer) -> None:
    bring(transfer(1_100_000, "ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    assert standing(deposit).grade is Grade.NONE
    bill(buyer)
    with transaction():
        assert match_open_deposits() == 1
        assert match_open_deposits() == 0
    assert standing(deposit).grade is Grade.LIKELY


@pytest.mark.parametrize("fee_yen", [0, 660])
def test_the_company_is_told_once_that_its_payment_was_undone(clerk, buyer, fee_yen) -> None:
    """Which receipt is void, what is owed now, and why; in the language of the invoice."""
    invoice = bill(buyer, language="ja" if fee_yen else "en")
    bring(transfer(1_100_000 - fee_yen, "ミホンセイヤク"), by=clerk)
    (deposit,) = deposits()
    apply_best(deposit, clerk)
    number = db.session.query(Receipt).one().number
    undo(deposit, clerk, "wrong company")
    with pytest.raises(OutOfDate):
        undo(deposit, clerk)
    rollback()
    (told,) = db.session.query(Message).filter_by(event="billing/payment_undone")
    assert invoice.number in told.subject
    for said in (number, "1,100,000", f"{1_100_000 - fee_yen:,}", "wrong company"):
        assert said in told.text
    assert ("領収書" if fee_yen else "The receipt") in told.text
    assert ("お願いいたします。\n\n" if fee_yen else "\n\nWe had booked") in told.text  # a paragraph each
    fits()


def test_who_hears_of_an_undone_part_reads_what_is_left_and_of_no_receipt(clerk, buyer) -> None:
    bill(buyer, language="en")
    bring(transfer(300_000, "ミホンセイヤク"), transfer(200_000, "ミホンセイヤク"), by=clerk)
    first, other = deposits()
    apply_best(first, clerk)
    apply_best(other, clerk)
    undo(first, clerk)
    rollback()
    (told,) = db.session.query(Message).filter_by(event="billing/payment_undone")
    assert "¥900,000 are to be paid" in told.text
    assert "receipt" not in told.text
