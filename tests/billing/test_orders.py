"""Quote, order, invoice, receipt: one step each, each once, and no state that lasts for ever."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.documents import keep_pdf
from portal.billing.enums import FeeProduct
from portal.billing.models import Invoice, KeptPaper, Order, OrderWay, Quote, QuoteStanding
from portal.billing.queries.export_checks import export_problems
from portal.billing.queries.invoices import any_invoice, paper
from portal.billing.queries.verification import document_problems
from portal.billing.register import PaperKind
from portal.billing.services import BillLine, orders, quotes
from portal.billing.services.register import register_old_papers
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.documents import Period
from portal.domain.quote_flow import NEXT, OPEN, QuoteState, may_follow, next_by_calendar
from portal.domain.tax import TaxCategory
from portal.notifications.models import Message
from tests.billing.test_register import thawed
from tests.support.billing import buyer
from tests.support.pdf_text import text_of
from tests.support.people import actor_of, company, person, staff
from tests.support.races import at_once

database = pytest.mark.database
ROUNDS = int(os.environ.get("RENKEI_ROUNDS", "2"))
LINES = [
    BillLine(description={"ja": "講習会", "en": "Course"}, unit_price_yen=100_000, quantity=2, product=FeeProduct.OTHER, category=TaxCategory.STANDARD_10),
    BillLine(description={"ja": "弁当", "en": "Lunch"}, unit_price_yen=1_055, quantity=3, product=FeeProduct.OTHER, category=TaxCategory.REDUCED_8),
    BillLine(description={"ja": "教材", "en": "Book"}, unit_price_yen=3_000, product=FeeProduct.OTHER, category=TaxCategory.EXEMPT),
    BillLine(description={"ja": "通常会費", "en": "Dues"}, unit_price_yen=10_000, product=FeeProduct.OTHER, category=TaxCategory.OUT_OF_SCOPE),
]  # fmt: skip
TOTAL = 220_000 + 3_165 + 253 + 3_000 + 10_000


@pytest.fixture
def clerk(app):
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def body(app) -> Organisation:
    return company()


@pytest.fixture
def contact(body):
    return actor_of(person(at=body, roles=(Role.BILLING,)))


def composed(body, clerk, *, key="office:1", days=30, **values) -> Quote:
    today = clock.today()
    with transaction():
        return quotes.compose_quote(
            **{
                "organisation": body,
                "buyer": buyer(),
                "subject": {"ja": "講習会の費用", "en": "Course fees"},
                "lines": LINES,
                "period": Period(today, today + timedelta(days=60)),
                "valid_until": today + timedelta(days=days),
                "due_rule": "days_after:14",
                "payment_terms": "請求書発行後14日以内",
                "invoices_itself": False,
                "source_key": key,
                "language": "ja",
                "by": clerk,
            }
            | values
        )


def do(service, **values):
    with transaction():
        return service(**values)


def state(quote) -> QuoteState:
    rollback()
    return orders.standing_of(quote).state


@database
def test_from_quote_to_invoice_one_step_each(body, clerk, contact):
    quote = composed(body, clerk)
    assert (quote.total_yen, state(quote)) == (TOTAL, QuoteState.DRAFTED)
    do(orders.send_quote, quote=quote, by=clerk)
    order = do(orders.order_quote, quote=quote, purchase_order="PO-9", by=contact)
    assert (order.number[:4], order.total_yen, order.way) == ("ORD-", TOTAL, OrderWay.ONLINE)
    assert state(quote) is QuoteState.ORDERED
    invoice = do(orders.invoice_order, order=order, quote=quote, by=clerk)
    assert (invoice.total_yen, invoice.purchase_order) == (TOTAL, "PO-9")
    assert timedelta(days=14) <= invoice.due_on - invoice.issued_on <= timedelta(days=24)
    assert [row["category"] for row in invoice.tax_rows] == [row["category"] for row in quote.tax_rows]
    assert state(quote) is QuoteState.INVOICED
    assert document_problems() == []
    with transaction() as session:
        events = [message.event for message in session.query(Message).order_by(Message.id)]
    assert events == ["billing/quote_sent", "billing/order_taken", "billing/invoice_issued"]


@database
def test_each_step_taken_twice_is_taken_once(body, clerk, contact):
    quote = composed(body, clerk)
    assert composed(body, clerk).id == quote.id
    do(orders.send_quote, quote=quote, by=clerk)
    with pytest.raises(Refused):
        do(orders.send_quote, quote=quote, by=clerk)
    first, second = (do(orders.order_quote, quote=quote, purchase_order="", by=contact) for _n in range(2))
    assert first.id == second.id
    bills = [do(orders.invoice_order, order=first, quote=quote, by=clerk) for _n in range(2)]
    assert bills[0].id == bills[1].id


@database
def test_an_order_may_be_invoiced_at_once(body, clerk, contact):
    quote = composed(body, clerk, invoices_itself=True)
    do(orders.send_quote, quote=quote, by=clerk)
    order = do(orders.order_quote, quote=quote, purchase_order="", by=contact)
    assert state(quote) is QuoteState.INVOICED
    (bill,) = db.session.query(Invoice).filter_by(source_key=f"order:{order.id}")
    assert any_invoice(bill.id).receivable.outstanding_yen == TOTAL


@database
@pytest.mark.parametrize("end", [orders.decline_quote, orders.withdraw_quote])
def test_what_is_declined_or_withdrawn_cannot_be_ordered(body, clerk, contact, end):
    quote = composed(body, clerk)
    do(orders.send_quote, quote=quote, by=clerk)
    do(end, quote=quote, reason="不要になりました", by=clerk)
    with pytest.raises(Refused):
        do(orders.order_quote, quote=quote, purchase_order="", by=contact)


@database
def test_what_was_withdrawn_after_it_was_ordered_is_not_acknowledged_again(body, clerk, contact):
    quote = composed(body, clerk)
    do(orders.send_quote, quote=quote, by=clerk)
    first = do(orders.order_quote, quote=quote, purchase_order="", by=contact)
    assert do(orders.order_quote, quote=quote, purchase_order="", by=contact).id == first.id
    do(orders.withdraw_quote, quote=quote, reason="価格の誤り", by=clerk)
    with pytest.raises(Refused):
        do(orders.order_quote, quote=quote, purchase_order="", by=contact)


@database
def test_after_its_last_day_it_expires(body, clerk, contact):
    quote, kept = composed(body, clerk, days=10), composed(body, clerk, key="office:2", days=11)
    do(orders.send_quote, quote=quote, by=clerk)
    with clock.frozen(clock.now() + timedelta(days=11)):
        with pytest.raises(Refused) as refused:
            do(orders.order_quote, quote=quote, purchase_order="", by=contact)
        assert refused.value.field == "ordered_on"
        assert [do(orders.expire_quotes), do(orders.expire_quotes)] == [1, 0]
        assert (state(quote), state(kept)) == (QuoteState.EXPIRED, QuoteState.DRAFTED)


@database
def test_eight_clicks_at_once_are_one_order(app, body, clerk, contact):
    for round_ in range(ROUNDS):
        quote = composed(body, clerk, key=f"office:race:{round_}")
        do(orders.send_quote, quote=quote, by=clerk)

        def order(quote_id: int = quote.id) -> int:
            with transaction():
                mine = db.session.get_one(Quote, quote_id)
                return orders.order_quote(quote=mine, purchase_order="", by=contact).id

        answers = at_once(app, *([order] * 8))
        assert len({each for each in answers if isinstance(each, int)}) == 1
        assert {type(each) for each in answers} <= {int, Refused}
        rollback()
        assert db.session.query(Order).count() == round_ + 1


@database
def test_an_order_is_frozen(body, clerk, contact):
    quote = composed(body, clerk)
    do(orders.send_quote, quote=quote, by=clerk)
    do(orders.order_quote, quote=quote, purchase_order="", by=contact)
    for statement in (Order.__table__.update().values(total_yen=1), Order.__table__.delete()):
        with pytest.raises(DatabaseError), transaction() as session:
            session.execute(statement)


def test_the_papers_say_every_rate_and_the_notice(body, clerk, contact):
    quote = composed(body, clerk)
    do(orders.send_quote, quote=quote, by=clerk)
    order = do(orders.order_quote, quote=quote, purchase_order="PO-9", by=contact)
    for each in (quote, order):
        text = text_of(paper(each.file_id).content)
        wanted = ["10%対象", "8%対象（軽減税率）※", "非課税", "不課税", "※は軽減税率の対象です。", "消費税は課税されません", "236,418", "253"]  # fmt: skip
        assert [word for word in wanted if word not in text] == []
    assert quote.number in text
    assert "PO-9" in text
    assert "請求書発行後14日以内" in text_of(paper(quote.file_id).content)


@database
def test_a_paper_order_that_is_not_registered_is_named_and_taken_up_once(body, clerk):
    quote = composed(body, clerk)
    do(orders.send_quote, quote=quote, by=clerk)
    with transaction():
        came = keep_pdf(b"%PDF-", name="came.pdf", organisation_id=body.id)
        order = orders.order_quote(
            quote=quote, purchase_order="PO-9", by=clerk, way=OrderWay.PAPER, received=came
        )
    assert export_problems() == []
    rollback()
    with transaction() as session:
        for statement in thawed():
            session.execute(statement)
        session.query(KeptPaper).filter_by(kind=PaperKind.ORDER).delete()
    assert [order.number in said for said in export_problems()] == [True]
    rollback()
    assert [register_old_papers(), register_old_papers()] == [1, 0]
    assert export_problems() == []


@given(st.sampled_from(QuoteState), st.lists(st.sampled_from(QuoteState), max_size=8))
def test_every_way_ends_or_waits_for_the_office_alone(start, wishes):
    today, state = clock.today(), start
    for wish in wishes:
        state = wish if may_follow(state, wish) else state
    following = next_by_calendar(state, today - timedelta(days=1), today)
    assert (following is not None) == (state in OPEN)
    assert NEXT[following or state] == frozenset() or state is QuoteState.ORDERED


def test_a_standing_is_made_with_each_quote_of_the_office(body, clerk):
    quote = composed(body, clerk)
    rollback()
    assert db.session.query(QuoteStanding).one().quote_id == quote.id
