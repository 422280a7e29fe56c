"""Make quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import documents
from portal.billing.models import Quote
from portal.billing.services.bills import BillLine, Words, make_bill, person_id
from portal.billing.services.numbers import next_number
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.documents import PartySnapshot, Period
from portal.domain.numbering import DocumentKind


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
) -> Quote:
    """Make a quote valid from today for as long as the issuer says; the same `source_key` gives the first one.

    Without an organisation only the person who asked (`by`) sees it again. Raises Refused when there is no issuer yet.
    """
    standing = db.session.scalars(select(Quote).where(Quote.source_key == source_key)).one_or_none()
    if standing is not None:
        return standing
    today = clock.today()
    bill = make_bill(lines, supplied_on=period.first, issued_on=today, language=language)
    number = next_number(DocumentKind.QUOTE, today)
    organisation_id = organisation.id if organisation else None
    quote = Quote(
        number=str(number),
        series_year=number.fiscal_year,
        series_sequence=number.sequence,
        source_key=source_key,
        organisation_id=organisation_id,
        fiscal_year=fiscal_year,
        issued_on=today,
        valid_until=today + timedelta(days=bill.profile.quote_valid_days),
        language=language,
        subject_ja=subject["ja"],
        subject_en=subject["en"],
        period_from=period.first,
        period_to=period.last,
        buyer=asdict(buyer),
        lines=[priced.as_data() for priced in bill.lines],
        purchase_order=purchase_order,
        notes=bill.notice,
        created_at=clock.now(),
        issued_by_id=person_id(by),
        **bill.columns(language),
    )
    content = documents.quote_pdf(quote)
    name = documents.file_name("quote", quote)
    file = documents.keep_pdf(content, name=name, organisation_id=organisation_id)
    quote.file_id, quote.file_sha256 = file.id, file.sha256
    db.session.add(quote)
    db.session.flush()
    record(
        verb="quote.created",
        subject=quote,
        organisation_id=organisation_id,
        by=by,
        changes={"number": quote.number, "total_yen": quote.total_yen, "valid_until": quote.valid_until},
        audience=Audience.PARTY,
    )
    return quote
