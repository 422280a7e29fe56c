"""The process is killed before any SQL statement of an order and of its invoice: one order, one invoice, no number lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask

from portal.billing import documents
from portal.billing.models import Invoice, KeptPaper, Order, OrderWay, Quote
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.claims import claim_problems
from portal.billing.queries.export_checks import export_problems
from portal.billing.queries.verification import document_problems
from portal.billing.register import PaperKind
from portal.billing.services import orders, quotes
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.documents import Period
from portal.domain.quote_flow import QuoteState
from portal.notifications.models import Message
from tests.billing.test_crashes import every, killed_at
from tests.support.billing import buyer, fee
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database
Work = Callable[[int], None]


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff())


def sent(clerk: Any, key: str, *, invoices_itself: bool) -> int:
    """A quote that may be ordered; its number."""
    today = clock.today()
    with transaction():
        quote = quotes.compose_quote(
            organisation=company(), buyer=buyer(), subject={"ja": "講習会", "en": "Course"}, lines=[fee(100_000)],
            period=Period(today, today), valid_until=today + timedelta(days=30), due_rule="", payment_terms="",
            invoices_itself=invoices_itself, source_key=f"office:{key}", language="ja", by=clerk,
        )  # fmt: skip
        orders.send_quote(quote=quote, by=clerk)
        return quote.id


def order_on_paper(clerk: Any) -> Work:
    """The order as it came is kept, and ours is issued, in one transaction."""

    def work(quote_id: int) -> None:
        with transaction() as session:
            quote = session.get_one(Quote, quote_id)
            if orders.order_of(quote) is None:
                came = documents.keep_pdf(b"%PDF-", name="came.pdf", organisation_id=quote.organisation_id)
                orders.order_quote(
                    quote=quote, purchase_order="PO", by=clerk, way=OrderWay.PAPER, received=came
                )

    return work


def invoice_of_order(clerk: Any) -> Work:
    """The office's click."""

    def work(quote_id: int) -> None:
        with transaction() as session:
            quote = session.get_one(Quote, quote_id)
            order = orders.order_of(quote)
            assert order is not None
            orders.invoice_order(order=order, quote=quote, by=clerk)

    return work


def all_fits() -> None:
    rollback()
    problems = [*document_problems(), *export_problems(), *claim_problems()]
    assert [str(each) for each in problems] == []
    assert [each.rule for each in book_problems()] == []


def ended_well(quote_id: int, state: QuoteState) -> None:
    """Each thing once: the order, the paper that came, the invoice, the mails."""
    all_fits()
    quote = db.session.get_one(Quote, quote_id)
    assert orders.standing_of(quote).state is state
    order = db.session.query(Order).filter_by(quote_id=quote_id).one()
    came = db.session.query(KeptPaper).filter_by(kind=PaperKind.ORDER, source_id=order.id)
    assert came.count() == 1
    bills = db.session.query(Invoice).filter_by(source_key=f"order:{order.id}").all()
    assert len(bills) == (1 if state is QuoteState.INVOICED else 0)
    for paper in (quote, order, *bills):
        assert db.session.query(Message).filter(Message.subject.contains(paper.number)).count() == 1


def try_each_point(app: Flask, prepare: Callable[[str], int], work: Work, state: QuoteState) -> int:
    """Kill at the points until the work comes through; gives how many died."""
    died = 0
    for point in count(0, every()):
        quote_id = prepare(f"{state}:{point}")
        killed = killed_at(app, point, lambda quote_id=quote_id: work(quote_id))  # type: ignore[misc]
        died += killed
        all_fits()
        for _again in range(2):
            work(quote_id)
        ended_well(quote_id, state)
        if not killed:
            return died
    raise AssertionError


@pytest.mark.parametrize("invoices_itself", [False, True])
def test_an_order_survives_a_kill_anywhere(app: Flask, clerk: Any, invoices_itself: bool) -> None:
    def prepare(key: str) -> int:
        return sent(clerk, key, invoices_itself=invoices_itself)

    state = QuoteState.INVOICED if invoices_itself else QuoteState.ORDERED
    assert try_each_point(app, prepare, order_on_paper(clerk), state) >= (8 if invoices_itself else 5)


def test_invoicing_an_order_survives_a_kill_anywhere(app: Flask, clerk: Any) -> None:
    def prepare(key: str) -> int:
        quote_id = sent(clerk, key, invoices_itself=False)
        order_on_paper(clerk)(quote_id)
        return quote_id

    assert try_each_point(app, prepare, invoice_of_order(clerk), QuoteState.INVOICED) >= 5
