"""Issue invoices: number, rows, PDF, books and mail in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import documents, mail
from portal.billing.enums import ReceivableState
from portal.billing.models import Invoice, InvoiceLine, Receivable
from portal.billing.queries.versions import Version
from portal.billing.services import issuing, ledger
from portal.billing.services.bills import Bill, BillLine, PricedLine, Words, make_bill
from portal.billing.services.due_days import due_on
from portal.billing.signals import invoice_issued
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain import ledger as rules
from portal.domain.documents import PartySnapshot, Period
from portal.domain.due_dates import DueRule
from portal.domain.ledger import EntryKind
from portal.domain.numbering import DocumentKind
from portal.domain.tax import Subtotal


def issue_invoice(
    *,
    organisation: Organisation,
    buyer: PartySnapshot,
    subject: Words,
    lines: Sequence[BillLine],
    period: Period,
    fiscal_year: int,
    source_key: str,
    language: str,
    by: Actor | int | None,
    purchase_order: str = "",
    replaces: Version | None = None,
    due_rule: DueRule | None = None,
    not_before: date | None = None,
    tells: bool = True,
    remark: str = "",
    said: Sequence[Subtotal] = (),
    prepaid_yen: int = 0,
) -> Invoice:
    """Issue an invoice today and mail it to the buyer's address; raises Refused when there is no issuer yet.

    `buyer` is who it is made out to, in the language of the document; its `email` gets the mail with the PDF.
    `period` is what the fee is for, `fiscal_year` the year it counts for. `source_key` names what asked for it
    (`term:17`): the same key again returns the first invoice, whatever else is given. One that `replaces` another names it,
    and whoever replaces tells the company; so does whoever says `tells=False`. It is due by `due_rule`, or as the issuer has it, and never before the
    day `not_before`.
    `remark` stands among its notes, in the language of the document. `said`: the tax of what was agreed to or given back before,
    which holds however the issuer rounds by now. `prepaid_yen` of it will come over from another invoice: the paper asks for the rest.
    """
    standing = db.session.scalars(select(Invoice).where(Invoice.source_key == source_key)).one_or_none()
    if standing is not None:
        return standing
    today = clock.today()
    bill = make_bill(lines, supplied_on=period.first, issued_on=today, language=language, said=said)
    invoice = Invoice(
        source_key=source_key,
        organisation_id=organisation.id,
        fiscal_year=fiscal_year,
        purchase_order=purchase_order,
        prepaid_yen=prepaid_yen,
        **_words(language, subject, period, buyer),
        **_terms(bill, max(due_on(bill.profile, today, due_rule), not_before or today), remark),
        **issuing.numbered(DocumentKind.INVOICE, today),
        **issuing.signed(by),
        **_priced(bill, language, replaces),
    )
    _keep(invoice, bill, replaces)
    _owe(invoice)
    _book(invoice, today)
    _tell(invoice, by, mails=tells and replaces is None)
    return invoice


def _words(language: str, subject: Words, period: Period, buyer: PartySnapshot) -> dict[str, Any]:
    """The columns of what it is for, and of whom it is made out to."""
    return {
        "language": language,
        "subject_ja": subject["ja"],
        "subject_en": subject["en"],
        "period_from": period.first,
        "period_to": period.last,
        "buyer": asdict(buyer),
    }


def _terms(bill: Bill, due: date, remark: str) -> dict[str, Any]:
    """The columns of when it is due, how its tax is rounded, and what is noted."""
    return {
        "due_on": due,
        "rounding": bill.totals.mode.value,
        "notes": "\n".join(each for each in (bill.notice, remark) if each),
    }


def _priced(bill: Bill, language: str, replaces: Version | None) -> dict[str, Any]:
    """The columns of the issuer and the sums; one that stands in the place of another is registered as that."""
    columns = bill.columns(language)
    if replaces is not None:
        columns["issuer"] = issuing.as_registered(columns["issuer"], replaces)
    return columns


def _tell(invoice: Invoice, by: Actor | int | None, *, mails: bool) -> None:
    """Audit, mail, news."""
    record(
        verb="invoice.issued",
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"number": invoice.number, "total_yen": invoice.total_yen, "due_on": invoice.due_on},
        audience=Audience.PARTY,
    )
    if mails:
        mail.send_invoice(invoice)
    invoice_issued.send(invoice)


def _keep(invoice: Invoice, bill: Bill, replaces: Version | None) -> None:
    """Print the invoice, keep the paper, and write its rows."""
    lines = [_line(place, priced) for place, priced in enumerate(bill.lines, start=1)]
    issuing.keep(invoice, documents.invoice_pdf(invoice, lines, replaces), "invoice")
    for line in lines:
        line.invoice_id = invoice.id
        db.session.add(line)


def _line(place: int, priced: PricedLine) -> InvoiceLine:
    return InvoiceLine(position=place, **priced.as_data() | {"category": priced.category})


def _owe(invoice: Invoice) -> None:
    db.session.add(
        Receivable(
            invoice_id=invoice.id,
            organisation_id=invoice.organisation_id,
            due_on=invoice.due_on,
            total_yen=invoice.total_yen,
            outstanding_yen=invoice.total_yen,
            state=ReceivableState.UNPAID,
        )
    )


def _book(invoice: Invoice, today: date) -> None:
    ledger.post(
        EntryKind.INVOICE_ISSUED,
        source=f"invoice:{invoice.id}",
        transfers=rules.invoice_issued(
            invoice.net_yen, invoice.tax_yen, has_begun=invoice.period_from <= today
        ),
        booked_on=today,
        memo=invoice.number,
        invoice_id=invoice.id,
    )
