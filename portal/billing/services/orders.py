"""A quote of the office goes on: sent, ordered, invoiced; or declined, withdrawn, expired. One click each, each once."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update

from portal.accounts.models import Organisation
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import documents, mail
from portal.billing.enums import FeeProduct
from portal.billing.models import Invoice, Order, OrderWay, Quote, QuoteStanding
from portal.billing.services import issuing
from portal.billing.services.bills import BillLine
from portal.billing.services.invoices import issue_invoice
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain.documents import Period
from portal.domain.due_dates import DueRule
from portal.domain.numbering import DocumentKind
from portal.domain.quote_flow import NEXT, OPEN, QuoteState, next_by_calendar
from portal.domain.tax import TaxCategory
from portal.files.models import StoredFile

GONE = _l("This quote has gone on in the meantime. Please look at it again.")
explain("uq_orders_quote_id", _l("This quote was ordered already."))


def standing_of(quote: Quote) -> QuoteStanding:
    """Where it stands now; NotFound for a quote that the office did not make."""
    found = db.session.get(QuoteStanding, quote.id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def send_quote(*, quote: Quote, by: Actor | None) -> None:
    """Show it to the company and mail it."""
    _refuse_when_over(quote)
    _move(quote, QuoteState.SENT, by=by, verb="quote.sent")
    mail.send_quote(quote)


def decline_quote(*, quote: Quote, reason: str, by: Actor) -> None:
    """The company does not want it."""
    _move(quote, QuoteState.DECLINED, by=by, verb="quote.declined", note=reason)


def withdraw_quote(*, quote: Quote, reason: str, by: Actor) -> None:
    """The office takes it back, also after it was ordered, as long as there is no invoice. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused(_l("Please say why. The company reads it."), field="reason")
    _move(quote, QuoteState.WITHDRAWN, by=by, verb="quote.withdrawn", note=reason)


def order_quote(
    *,
    quote: Quote,
    purchase_order: str,
    by: Actor | None,
    way: OrderWay = OrderWay.ONLINE,
    ordered_on: date | None = None,
    received: StoredFile | None = None,
) -> Order:
    """The company orders what was offered: the order confirmation is issued and mailed; again gives the first one.

    A quote that invoices itself goes on to its invoice. Raises Refused when it is over, was declined or withdrawn.
    """
    first = order_of(quote)
    if first is not None:
        if standing_of(quote).state is QuoteState.WITHDRAWN:
            raise Refused(GONE)
        return first
    on = ordered_on or clock.today()
    if not quote.issued_on <= on <= clock.today():
        raise Refused(_l("Please write a day between the day of the quote and today."), field="ordered_on")
    if on > quote.valid_until:
        raise Refused(_l("This quote is no longer valid. Please ask for a new one."), field="ordered_on")
    _move(quote, QuoteState.ORDERED, by=by, verb="quote.ordered", note=purchase_order)
    order = _write(quote, purchase_order, by, way, on, received)
    mail.send_order(order, quote)
    if standing_of(quote).invoices_itself:
        invoice_order(order=order, quote=quote, by=by)
    return order


def invoice_order(*, order: Order, quote: Quote, by: Actor | None) -> Invoice:
    """Issue the invoice of an order, lines, prices and tax as they were quoted; again gives the first one."""
    key = f"order:{order.id}"
    first = db.session.scalars(select(Invoice).where(Invoice.source_key == key)).one_or_none()
    if first is not None:
        return first
    _move(quote, QuoteState.INVOICED, by=by, verb="quote.invoiced")
    due_rule = standing_of(quote).due_rule
    return issue_invoice(
        organisation=db.session.get_one(Organisation, order.organisation_id),
        buyer=documents.party(order.buyer),
        subject={"ja": order.subject_ja, "en": order.subject_en},
        lines=[_line(each) for each in order.lines],
        period=Period(order.period_from, order.period_to),
        fiscal_year=quote.fiscal_year,
        source_key=key,
        language=order.language,
        by=by,
        purchase_order=order.purchase_order,
        due_rule=DueRule.parse(due_rule) if due_rule else None,
        said=order.subtotals,
    )


def order_of(quote: Quote) -> Order | None:
    """The order that answered a quote."""
    return db.session.scalars(select(Order).where(Order.quote_id == quote.id)).one_or_none()


def expire_quotes(most: int = 500) -> int:
    """Quotes whose last day has passed are over; gives how many."""
    today = clock.today()
    late = select(Quote).join(QuoteStanding, QuoteStanding.quote_id == Quote.id)
    due = late.where(QuoteStanding.state.in_(OPEN), QuoteStanding.valid_until < today)
    found = db.session.scalars(due.order_by(Quote.id).limit(most)).all()
    for quote in found:
        state = standing_of(quote).state
        following = next_by_calendar(state, quote.valid_until, today)
        if following is not None:
            _move(quote, following, by=None, verb="quote.expired")
    return len(found)


def _refuse_when_over(quote: Quote) -> None:
    if quote.valid_until < clock.today():
        raise Refused(_l("This quote is no longer valid. Please make a new one."))


def _move(quote: Quote, to: QuoteState, *, by: Actor | None, verb: str, note: str = "") -> None:
    """Go on to a state if the quote still stands where that may follow. Raises Refused for whoever was slower."""
    before = [state for state, after in NEXT.items() if to in after]
    moved = (
        update(QuoteStanding)
        .where(QuoteStanding.quote_id == quote.id, QuoteStanding.state.in_(before))
        .values(state=to, moved_at=clock.now())
        .returning(QuoteStanding.quote_id)
    )
    if db.session.execute(moved, execution_options={"synchronize_session": "fetch"}).first() is None:
        raise Refused(GONE)
    record(
        verb=verb,
        subject=quote,
        organisation_id=quote.organisation_id,
        by=by,
        changes={"number": quote.number},
        note=note.strip()[:300],
        audience=Audience.PARTY,
    )


def _write(
    quote: Quote, purchase_order: str, by: Actor | None, way: OrderWay, on: date, received: StoredFile | None
) -> Order:
    today = clock.today()
    words = issuing.same_as(quote, *issuing.WORDS) | {"purchase_order": purchase_order.strip()[:60]}
    order = Order(
        organisation_id=quote.organisation_id,
        quote_id=quote.id,
        way=way,
        ordered_on=on,
        ordered_by_id=by.id if by and way is OrderWay.ONLINE else None,
        received_file_id=received.id if received else None,
        issuer=issuing.issuer_of(quote.language, today, quote),
        lines=list(quote.lines),
        notes=quote.notes,
        **words,
        **issuing.numbered(DocumentKind.ORDER, today),
        **issuing.signed(by),
        **issuing.same_as(quote, *issuing.SUMS),
    )
    issuing.keep(order, documents.order_pdf(order, quote), "order")
    return order


def _line(data: dict[str, Any]) -> BillLine:
    return BillLine(
        description={"ja": data["description_ja"], "en": data["description_en"]},
        unit_price_yen=data["unit_price_yen"],
        quantity=data["quantity"],
        product=FeeProduct(data["product"]),
        category=TaxCategory(data["category"]),
        detail=data["detail"],
    )
