"""Make quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import documents
from portal.billing.models import Quote, QuoteStanding
from portal.billing.services import issuing
from portal.billing.services.bills import BillLine, Words, make_bill
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.documents import PartySnapshot, Period
from portal.domain.numbering import DocumentKind
from portal.domain.quote_flow import QuoteState
from portal.domain.terms import FiscalYear


def create_quote(
    *,
    organisation: Organisation | None,
    buyer: PartySnapshot,
    subject: Words,
    lines: Sequence[BillLine],
    period: Period,
    fiscal_year: int,
    source_key: str,
    language: str,
    by: Actor | int | None,
    purchase_order: str = "",
    valid_until: date | None = None,
    payment_terms: str = "",
) -> Quote:
    """Make a quote valid from today to `valid_until`, or for as long as the issuer says; the same `source_key` gives the first one.

    Without an organisation only the person who asked (`by`) sees it again. Raises Refused when there is no issuer yet.
    """
    standing = db.session.scalars(select(Quote).where(Quote.source_key == source_key)).one_or_none()
    if standing is not None:
        return standing
    today = clock.today()
    bill = make_bill(lines, supplied_on=period.first, issued_on=today, language=language)
    quote = Quote(
        source_key=source_key,
        organisation_id=organisation.id if organisation else None,
        fiscal_year=fiscal_year,
        valid_until=valid_until or today + timedelta(days=bill.profile.quote_valid_days),
        language=language,
        subject_ja=subject["ja"],
        subject_en=subject["en"],
        period_from=period.first,
        period_to=period.last,
        buyer=asdict(buyer),
        lines=[priced.as_data() for priced in bill.lines],
        purchase_order=purchase_order,
        notes=bill.notice,
        **issuing.numbered(DocumentKind.QUOTE, today),
        **issuing.signed(by),
        **bill.columns(language),
    )
    issuing.keep(quote, documents.quote_pdf(quote, payment_terms), "quote")
    _tell(quote, by)
    return quote


def compose_quote(
    *,
    organisation: Organisation,
    buyer: PartySnapshot,
    subject: Words,
    lines: Sequence[BillLine],
    period: Period,
    valid_until: date,
    due_rule: str,
    payment_terms: str,
    invoices_itself: bool,
    source_key: str,
    language: str,
    by: Actor | None,
) -> Quote:
    """A quote of the office for any organisation, not sent yet; the same `source_key` gives the first one.

    Raises Refused at `valid_until` for a day that has passed.
    """
    if valid_until < clock.today():
        raise Refused(_l("Please write a day that is still to come."), field="valid_until")
    quote = create_quote(
        organisation=organisation,
        buyer=buyer,
        subject=subject,
        lines=lines,
        period=period,
        fiscal_year=FiscalYear.of(period.first).year,
        source_key=source_key,
        language=language,
        by=by,
        valid_until=valid_until,
        payment_terms=payment_terms,
    )
    if db.session.get(QuoteStanding, quote.id) is None:
        db.session.add(
            QuoteStanding(
                quote_id=quote.id,
                organisation_id=organisation.id,
                state=QuoteState.DRAFTED,
                valid_until=quote.valid_until,
                due_rule=due_rule,
                invoices_itself=invoices_itself,
                moved_at=clock.now(),
            )
        )
        db.session.flush()
    return quote


def _tell(quote: Quote, by: Actor | int | None) -> None:
    record(
        verb="quote.created",
        subject=quote,
        organisation_id=quote.organisation_id,
        by=by,
        changes={"number": quote.number, "total_yen": quote.total_yen, "valid_until": quote.valid_until},
        audience=Audience.PARTY,
    )
