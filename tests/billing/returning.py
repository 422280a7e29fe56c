"""Steps that tests of refunds and contested payments share."""

from __future__ import annotations

from typing import Any

from portal.billing.models import CheckoutAttempt, Invoice, Receivable, RefundOrder
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.ledger import trial_balance
from portal.billing.queries.verification import document_problems
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.returns.orders import order_refund
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.ledger import Account
from tests.billing.payer import Payer
from tests.support.billing import bill
from tests.support.people import company


def paid_by_card(payer: Payer, contact: Actor, run_jobs: Any) -> Invoice:
    """An invoice over 1,100,000 yen, paid by card and booked."""
    invoice = bill(company())
    payer.choose(payer.open(invoice, contact), "card")
    settle_down(payer, run_jobs)
    return invoice


def settle_down(payer: Payer, run_jobs: Any) -> None:
    """Deliver and do all that waits until nothing does."""
    for _round in range(4):
        payer.deliver()
        run_jobs()
    rollback()


def give_back(invoice: Invoice, clerk: Actor, net_yen: int, key: str = "c") -> None:
    """A credit note over `net_yen` ex tax; what was paid of it is an advance."""
    with transaction():
        whole = any_invoice(invoice.id)
        issue_credit_note(
            invoice=whole, amounts={whole.lines[0].id: net_yen}, reason="値引き", by=clerk, source_key=f"{invoice.id}:{key}"
        )  # fmt: skip


def ask_back(invoice: Invoice, clerk: Actor, amount_yen: int, once: str = "o") -> RefundOrder:
    """The office asks the provider to give back of the payment."""
    with transaction():
        return order_refund(
            invoice=any_invoice(invoice.id),
            attempt_id=attempt_of(invoice).id,
            amount_yen=amount_yen,
            note="",
            by=clerk,
            once=once,
        )


def attempt_of(invoice: Invoice) -> CheckoutAttempt:
    found = db.session.query(CheckoutAttempt).filter_by(invoice_id=invoice.id)
    return found.order_by(CheckoutAttempt.id.desc()).first()


def owed(invoice: Invoice) -> Receivable:
    """What is owed now; everything that must hold does."""
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []
    assert document_problems() == []
    return db.session.get_one(Receivable, invoice.id, populate_existing=True)


def orders() -> list[RefundOrder]:
    rollback()
    return db.session.query(RefundOrder).order_by(RefundOrder.id).all()


def balances() -> dict[Account, int]:
    rollback()
    return {each.account: each.net_yen for each in trial_balance() if each.net_yen}
