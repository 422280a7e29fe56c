"""An invoice with a wrong amount is issued anew: credit note, new invoice, money moved over, membership kept."""

from __future__ import annotations

import pytest

from portal.accounts.enums import Role
from portal.billing.documents import party
from portal.billing.enums import ReceivableState
from portal.billing.models import AdvanceMove, CreditNote, Invoice, InvoiceReplacement
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.claims import claim_problems
from portal.billing.queries.credits import credit_notes_of
from portal.billing.queries.invoices import any_invoice, paper, receipts_of
from portal.billing.queries.replacements import asked_by, neighbours, standing_invoice, standing_invoices
from portal.billing.queries.verification import document_problems
from portal.billing.services.advances import undo_move
from portal.billing.services.credit_plans import plan_credit
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.billing.services.returns.writeoffs import write_off
from portal.billing.signals import invoice_cancelled, invoice_paid, invoice_reopened
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.tax import TaxCategory
from portal.notifications.models import Message
from tests.support.billing import bill, fee
from tests.support.pdf_text import squeezed, text_of
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database


@pytest.fixture
def clerk(app):
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def old(app):
    return bill(company(), source_key="test:4711")


def pay(invoice, clerk, amount, once="k1"):
    with transaction():
        return record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=amount, received_on=clock.today(), payer_name="", by=clerk, once=once
        )  # fmt: skip


def wanted(invoice, *lines) -> Replacement:
    return Replacement(
        buyer=party(invoice.buyer),
        subject={"ja": invoice.subject_ja, "en": invoice.subject_en},
        purchase_order="PO-77",
        lines=lines,
    )


def replaced(invoice, clerk, *lines, key="r1"):
    with transaction():
        whole = any_invoice(invoice.id)
        return replace_invoice(
            invoice=whole, wanted=wanted(whole, *lines), reason="金額の誤り", by=clerk, source_key=key
        )


def standing(invoice) -> tuple[ReceivableState, int, int]:
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []
    assert document_problems() == []
    row = any_invoice(invoice.id).receivable
    return row.state, row.outstanding_yen, row.excess_yen


def test_unpaid_it_is_asked_for_anew(app, clerk, old):
    heard = []
    with invoice_cancelled.connected_to(lambda invoice, **more: heard.append(invoice.id)):
        new = replaced(old, clerk, fee(500_000))
    assert heard == []
    assert standing(old) == (ReceivableState.CANCELLED, 0, 0)
    assert standing(new) == (ReceivableState.UNPAID, 550_000, 0)
    assert (new.period_from, new.fiscal_year, new.purchase_order) == (
        old.period_from,
        old.fiscal_year,
        "PO-77",
    )


def test_the_papers_name_each_other(app, clerk, old):
    new = replaced(old, clerk, fee(500_000))
    (note,) = credit_notes_of(old)
    on_invoice, on_note = (text_of(paper(each.file_id).content) for each in (new, note))
    assert old.number in on_invoice
    assert old.number in on_note
    assert new.number in on_note
    found = neighbours(new)
    assert (found.before.id, found.after) == (old.id, None)
    assert neighbours(old).after.id == new.id


@pytest.mark.parametrize(
    ("paid_yen", "said"),
    [
        (0, ""),
        (300_000, "¥300,000を充当いたします。お支払いいただく金額は¥250,000です。"),
        (1_100_000, "¥550,000を充当いたしますので、お支払いいただく金額はございません。"),
    ],
)
def test_the_new_paper_says_what_was_paid_already(app, clerk, old, paid_yen, said):
    if paid_yen:
        pay(old, clerk, paid_yen)
    new = replaced(old, clerk, fee(500_000))
    assert new.notes.endswith(said)
    assert squeezed(said) in squeezed(text_of(paper(new.file_id).content))
    assert ("充当" in new.notes) == bool(paid_yen)
    assert new.prepaid_yen == min(paid_yen, 550_000)
    boxed = squeezed("今回お支払いいただく金額（税込）") in squeezed(text_of(paper(new.file_id).content))
    assert boxed == bool(paid_yen)


def test_what_asked_for_the_first_finds_the_one_that_holds(app, clerk, old):
    second = replaced(old, clerk, fee(500_000))
    third = replaced(second, clerk, fee(600_000), key="r2")
    assert [asked_by(each) for each in (old, second, third)] == ["test:4711"] * 3
    assert standing_invoice("test:4711").id == third.id
    assert {key: each.id for key, each in standing_invoices(["test:4711", "term:1"]).items()} == {"test:4711": third.id}  # fmt: skip


def test_what_was_paid_settles_the_new_one_and_the_rest_stays_an_advance(app, clerk, old):
    pay(old, clerk, 1_100_000)
    heard = []
    with (
        invoice_paid.connected_to(lambda invoice, **more: heard.append(("paid", invoice.id))),
        invoice_reopened.connected_to(lambda invoice, **more: heard.append(("reopened", invoice.id))),
    ):
        new = replaced(old, clerk, fee(500_000))
    assert standing(old) == (ReceivableState.OVERPAID, 0, 550_000)
    assert standing(new) == (ReceivableState.PAID, 0, 0)
    assert heard == [("paid", new.id)]
    assert [receipt.void is not None for receipt in receipts_of(old)] == [True]
    (receipt,) = receipts_of(new)
    assert (receipt.received_yen, receipt.void) == (550_000, None)


def test_more_than_was_paid_leaves_the_difference_open(app, clerk, old):
    pay(old, clerk, 1_100_000)
    new = replaced(old, clerk, fee(1_000_000), fee(200_000, category=TaxCategory.EXEMPT))
    assert standing(old) == (ReceivableState.CANCELLED, 0, 0)
    assert standing(new) == (ReceivableState.PARTLY_PAID, 200_000, 0)
    assert receipts_of(new) == []


def test_the_company_hears_once_with_both_papers(app, clerk, old):
    pay(old, clerk, 300_000)
    with transaction() as session:
        before = session.query(Message).count()
    new = replaced(old, clerk, fee(500_000))
    with transaction() as session:
        (mail,) = session.query(Message).order_by(Message.id).offset(before)
        assert mail.event == "billing/invoice_replaced"
        assert len(mail.attachments) == 2
        assert "¥250,000" in mail.subject
        assert new.number in mail.text


def test_the_same_key_issues_once(app, clerk, old):
    assert replaced(old, clerk, fee(500_000)).id == replaced(old, clerk, fee(500_000)).id
    rollback()
    assert db.session.query(CreditNote).count() == 1


@pytest.mark.parametrize("lines", [(fee(),), (fee(0),)])
def test_nothing_wrong_or_nothing_asked_for_is_refused(app, clerk, old, lines):
    with pytest.raises(Refused):
        replaced(old, clerk, *lines)
    rollback()
    assert db.session.query(Invoice).count() == 1


def test_another_tax_at_the_same_price_is_another_amount(app, clerk, old):
    new = replaced(old, clerk, fee(category=TaxCategory.OUT_OF_SCOPE))
    assert (new.tax_yen, new.total_yen) == (0, 1_000_000)
    assert "消費税は課税されません" in new.notes


def test_a_second_time_is_refused(app, clerk, old):
    replaced(old, clerk, fee(500_000))
    with pytest.raises(Refused):
        replaced(old, clerk, fee(400_000), key="r2")


def test_without_a_reason_it_is_refused(app, clerk, old):
    with pytest.raises(Refused) as refused, transaction():
        whole = any_invoice(old.id)
        replace_invoice(invoice=whole, wanted=wanted(whole, fee(1)), reason=" ", by=clerk, source_key="x")
    assert refused.value.field == "reason"


def test_the_money_that_moved_over_can_go_back(app, clerk, old):
    pay(old, clerk, 1_100_000)
    new = replaced(old, clerk, fee(500_000))
    with transaction() as session:
        move = session.query(AdvanceMove).one()
        undo_move(move=move, reason="返金します", by=clerk)
    assert standing(old) == (ReceivableState.OVERPAID, 0, 1_100_000)
    assert standing(new) == (ReceivableState.UNPAID, 550_000, 0)
    assert list(claim_problems()) == []


def test_rows_of_the_chain_are_frozen(app, clerk, old):
    replaced(old, clerk, fee(500_000))
    from sqlalchemy.exc import DatabaseError

    for statement in (
        InvoiceReplacement.__table__.update().values(place=9),
        InvoiceReplacement.__table__.delete(),
    ):
        with pytest.raises(DatabaseError), transaction() as session:
            session.execute(statement)


def test_of_what_was_written_off_nothing_is_given_back_or_issued_anew(app, clerk, old):
    """Not even what was paid, unless it is billed anew: the rest of the claim stands, so it would be given back at once."""
    pay(old, clerk, 600_000)
    with transaction():
        write_off(invoice=any_invoice(old.id), owed_yen=500_000, reason="協議", by=clerk, source="w")
    line = any_invoice(old.id).lines[0].id
    rollback()
    for deed in (
        lambda: replaced(old, clerk, fee(900_000)),
        lambda: plan_credit(any_invoice(old.id), {line: 1}),
        lambda: plan_credit(any_invoice(old.id), {line: 545_456}, is_billed_anew=True),
    ):
        with pytest.raises(Refused) as refused:
            deed()
        assert "先に請求書の画面で貸倒処理を取り消してください" in str(refused.value.message)
    assert plan_credit(any_invoice(old.id), {line: 545_455}, is_billed_anew=True).totals.gross_yen == 600_000
