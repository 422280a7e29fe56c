"""An advance moves to another invoice of the company, settles it as a payment does, and moves back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts.enums import Role
from portal.billing.enums import ReceivableState
from portal.billing.models import AdvanceMove, Payment
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.claims import claim_problems
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice, receipts_of
from portal.billing.services.advances import check_move, move_advance, undo_move
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.refunds import record_refund
from portal.billing.services.reversals import reverse_payment
from portal.billing.services.settlement import debt_of
from portal.billing.signals import invoice_paid, invoice_reopened
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.notifications.models import Message
from tests.support.billing import bill
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database
FEE = 1_100_000


@pytest.fixture
def clerk(app):
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def two(app):
    """Two invoices of one company, each over 1,100,000 yen."""
    payer = company()
    return bill(payer), bill(payer)


def pay(invoice, clerk, amount, once="k1"):
    with transaction():
        return record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=amount, received_on=clock.today(), payer_name="カ）ミホン", by=clerk, once=once,
        )  # fmt: skip


def move(source, target, amount, clerk, key="m1"):
    with transaction():
        return move_advance(
            source=any_invoice(source.id), target=any_invoice(target.id), amount_yen=amount, reason="多くいただいた分", by=clerk,
            source_key=key,
        )  # fmt: skip


def move_back(moved, clerk):
    with transaction():
        return undo_move(move=db.session.get_one(AdvanceMove, moved.id), reason="別の請求書でした", by=clerk)


def reverse(payment, invoice, clerk):
    with transaction():
        reverse_payment(
            payment=db.session.get_one(Payment, payment.id), invoice=any_invoice(invoice.id), reason="誤り", by=clerk
        )  # fmt: skip


def state(invoice) -> tuple[ReceivableState, int, int]:
    """The state, what is owed and the advance; the books fit."""
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []
    assert list(claim_problems()) == []
    row = any_invoice(invoice.id).receivable
    return row.state, row.outstanding_yen, row.excess_yen


def test_an_advance_settles_another_invoice_with_all_that_follows(app, clerk, two):
    first, second = two
    pay(first, clerk, 2 * FEE)
    heard = []
    with invoice_paid.connected_to(lambda invoice, **more: heard.append((invoice.id, more["paid_on"]))):
        done = move(first, second, FEE, clerk)
    assert state(first) == (ReceivableState.PAID, 0, 0)
    assert state(second) == (ReceivableState.PAID, 0, 0)
    assert heard == [(second.id, clock.today())]
    (receipt,) = receipts_of(second)
    assert (receipt.received_yen, receipt.void) == (FEE, None)
    assert done.amount_yen == FEE
    with transaction() as session:
        events = [message.event for message in session.query(Message).order_by(Message.id)]
    assert events[-1] == "billing/receipt_issued"


def test_a_part_says_what_is_still_open(app, clerk, two):
    first, second = two
    pay(first, clerk, FEE + 100_000)
    move(first, second, 60_000, clerk)
    assert state(first) == (ReceivableState.OVERPAID, 0, 40_000)
    assert state(second) == (ReceivableState.PARTLY_PAID, FEE - 60_000, 0)
    assert receipts_of(second) == []
    with transaction() as session:
        said = session.query(Message).order_by(Message.id.desc()).first()
    assert said.event == "billing/advance_used"
    assert "¥60,000" in said.text
    assert "¥1,040,000" in said.subject
    assert first.number in said.text


def test_the_same_key_moves_once(app, clerk, two):
    first, second = two
    pay(first, clerk, FEE + 100_000)
    assert move(first, second, 60_000, clerk).id == move(first, second, 60_000, clerk).id
    assert state(first)[2] == 40_000


@pytest.mark.parametrize(("amount", "field"), [(0, "amount_yen"), (100_001, "amount_yen")])
def test_not_more_than_there_is(app, clerk, two, amount, field):
    pay(two[0], clerk, FEE + 100_000)
    with pytest.raises(Refused) as refused:
        move(*two, amount, clerk)
    assert refused.value.field == field
    assert state(two[0])[2] == 100_000


def test_not_more_than_is_owed_there(app, clerk, two):
    pay(two[0], clerk, 3 * FEE)
    with pytest.raises(Refused) as refused:
        move(*two, FEE + 1, clerk)
    assert refused.value.field == "amount_yen"


def test_never_to_another_company_nor_to_itself(app, clerk, two):
    first, _second = two
    pay(first, clerk, 2 * FEE)
    for other in (bill(company()), first):
        with pytest.raises(Refused) as refused, transaction():
            check_move(source=any_invoice(first.id), target=any_invoice(other.id), amount_yen=FEE)
        assert refused.value.field == "target"


def test_it_is_undone_by_its_opposite(app, clerk, two):
    first, second = two
    pay(first, clerk, 2 * FEE)
    moved = move(first, second, FEE, clerk)
    heard = []
    with invoice_reopened.connected_to(lambda invoice, **more: heard.append(invoice.id)):
        back = move_back(moved, clerk)
    assert (back.undoes_id, back.amount_yen) == (moved.id, FEE)
    assert state(first) == (ReceivableState.OVERPAID, 0, FEE)
    assert state(second) == (ReceivableState.UNPAID, FEE, 0)
    assert heard == [second.id]
    assert [receipt.void is not None for receipt in receipts_of(second)] == [True]
    for each in (moved, back):
        with pytest.raises(Refused):
            move_back(each, clerk)


def test_undone_and_covered_by_another_advance_it_stays_paid(app, clerk, two):
    first, second = two
    pay(first, clerk, FEE + 100_000)
    moved = move(first, second, 100_000, clerk)
    pay(second, clerk, FEE, once="k2")
    heard = []
    with invoice_reopened.connected_to(lambda invoice, **more: heard.append(invoice.id)):
        move_back(moved, clerk)
    assert state(second) == (ReceivableState.PAID, 0, 0)
    assert state(first)[2] == 100_000
    assert heard == []


def test_a_payment_whose_money_was_moved_stays_until_it_is_back(app, clerk, two):
    first, second = two
    payment = pay(first, clerk, 2 * FEE)
    moved = move(first, second, FEE, clerk)
    with pytest.raises(Refused) as refused:
        reverse(payment, first, clerk)
    assert second.number in str(refused.value.message)
    move_back(moved, clerk)
    reverse(payment, first, clerk)
    assert state(first) == (ReceivableState.UNPAID, FEE, 0)


def test_a_payment_on_the_invoice_that_it_came_to_is_undone_alone(app, clerk, two):
    first, second = two
    pay(first, clerk, FEE + 100_000)
    own = pay(second, clerk, 500_000, once="k2")
    move(first, second, 100_000, clerk)
    reverse(own, second, clerk)
    assert state(second) == (ReceivableState.PARTLY_PAID, FEE - 100_000, 0)


def test_credited_there_it_is_an_advance_there_and_can_go_on(app, clerk, two):
    first, second = two
    third = bill(any_invoice(first.id).organisation)
    pay(first, clerk, 2 * FEE)
    moved = move(first, second, FEE, clerk)
    with transaction():
        whole = any_invoice(second.id)
        issue_credit_note(
            invoice=whole, amounts=left_of_lines(whole), reason="取消", by=clerk, source_key="c"
        )
    assert state(second) == (ReceivableState.OVERPAID, 0, FEE)
    onward = move(second, third, FEE, clerk, "m2")
    assert state(second) == (ReceivableState.CANCELLED, 0, 0)
    assert state(third) == (ReceivableState.PAID, 0, 0)
    with pytest.raises(Refused):
        move_back(moved, clerk)
    move_back(onward, clerk)
    move_back(moved, clerk)
    assert state(first)[2] == FEE
    assert state(second) == (ReceivableState.CANCELLED, 0, 0)


def test_paid_back_there_it_cannot_come_back(app, clerk, two):
    first, second = two
    pay(first, clerk, 2 * FEE)
    moved = move(first, second, FEE, clerk)
    with transaction():
        whole = any_invoice(second.id)
        issue_credit_note(
            invoice=whole, amounts=left_of_lines(whole), reason="取消", by=clerk, source_key="c"
        )
        record_refund(invoice=whole, amount_yen=1, paid_on=clock.today(), note="", by=clerk, once="r")
    with pytest.raises(Refused):
        move_back(moved, clerk)
    assert state(second)[2] == FEE - 1


def test_years_later_it_counts_from_the_day_of_the_move(app, clerk, two):
    first, second = two
    pay(first, clerk, 2 * FEE)
    with clock.frozen(clock.now() + timedelta(days=30)):
        move(first, second, FEE, clerk)
        assert any_invoice(second.id).receivable.settled_on == clock.today()
    rollback()
    assert debt_of(second.id).is_settled
