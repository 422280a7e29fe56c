"""All invoices: the list, its export, one of them."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.accounts.services.exports import note_export
from portal.billing.documents import bank_accounts
from portal.billing.enums import OWED, TAX_LABELS, ReceivableState
from portal.billing.exports import invoice_rows
from portal.billing.forms import BankPaymentForm
from portal.billing.models import Invoice
from portal.billing.queries import office
from portal.billing.queries.advances import moves_of, owed_beside
from portal.billing.queries.checkouts import transfers_awaited
from portal.billing.queries.credits import borne_fees_yen, credit_notes_of, refunds_of
from portal.billing.queries.invoices import any_invoice, any_receipt, receipts_of
from portal.billing.queries.office import Chip, Filter
from portal.billing.queries.quotes import chain_with
from portal.billing.queries.refundable import refundable
from portal.billing.queries.replacements import neighbours
from portal.billing.queries.returns import aftermath_of, write_offs_of
from portal.billing.queries.trail import story
from portal.billing.queries.versions import line_data, revisions_of
from portal.billing.services.archives import open_paper
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.access import actor
from portal.core.exports import send_table, wanted_format
from portal.core.i18n import _, current_language
from portal.core.links import url_for
from portal.core.pages import cursor_argument, page
from portal.files.downloads import download


@blueprint.get("/billing/invoices")
@books
def list_invoices() -> Response:
    """All invoices; filters stand in the URL."""
    chosen, cursor = _chosen(), cursor_argument()
    return page(
        "staff/billing/list_invoices.html",
        found=office.list_invoices(chosen, cursor=cursor, language=current_language()),
        state_words={state: str(state.label) for state in ReceivableState},
        owed=OWED,
        cursor=cursor,
        chosen=chosen,
        chips=_chips(chosen),
        years=_years(chosen),
        arguments=_arguments(chosen),
    )


@blueprint.post("/billing/invoices/export")
@books
def export_invoices() -> Response:
    """Exactly the rows of the list, as a file. Taking them out of the house stands in the trail."""
    chosen = _chosen()
    kind = wanted_format()
    head, rows = invoice_rows(office.all_invoices(chosen))
    taken = list(rows)
    note_export(name="invoices", kind=kind.value, rows=len(taken), by=actor(), wanted=_arguments(chosen))
    name = f"invoices-{clock.today():%Y%m%d}"
    return send_table(kind, name=name, title=_("Invoices"), head=head, rows=taken)


@blueprint.get("/billing/invoices/<id:invoice_id>")
@books
def show_invoice(invoice_id: int) -> Response:
    """One invoice, with the form for a transfer."""
    form = BankPaymentForm(received_on=clock.today())
    return invoice_page(any_invoice(invoice_id), form)


def invoice_page(invoice: Invoice, form: BankPaymentForm) -> Response:
    """The page of an invoice with what was typed so far."""
    revisions = revisions_of(invoice)
    version = revisions[-1] if revisions else invoice
    return page(
        "staff/billing/show_invoice.html",
        invoice=invoice,
        receivable=invoice.receivable,
        form=form,
        tax_rows=invoice.subtotals,
        tax_labels=TAX_LABELS,
        accounts=bank_accounts(invoice),
        payments=office.payments_of(invoice),
        awaited=transfers_awaited(invoice) if invoice.receivable.state.is_owed else (),
        aftermath=aftermath_of(invoice),
        ways=_ways_out(invoice),
        receipts=receipts_of(invoice),
        revisions=revisions,
        paper=version,
        lines=line_data(version),
        credit_notes=credit_notes_of(invoice) if invoice.receivable.credited_yen else (),
        borne_yen=borne_fees_yen(invoice) if invoice.receivable.given_back_yen else 0,
        refunds=refunds_of(invoice),
        written_off=write_offs_of(invoice),
        moves=moves_of(invoice),
        neighbours=neighbours(invoice),
        ordered=chain_with(invoice),
        steps=story(invoice, for_staff=True),
        today=clock.today(),
    )


def _ways_out(invoice: Invoice) -> dict[str, bool]:
    """What can be done with an advance: use it for another invoice, or have the provider give it back."""
    if not invoice.receivable.excess_yen:
        return {"has_targets": False, "has_provider": False}
    return {"has_targets": bool(owed_beside(invoice)), "has_provider": bool(refundable(invoice))}


@blueprint.post("/billing/invoices/<id:invoice_id>/file")
@books
def download_invoice(invoice_id: int) -> Response:
    """The PDF as it was issued."""
    return download(open_paper(any_invoice(invoice_id).file_id, by=actor()))


@blueprint.post("/billing/receipts/<id:receipt_id>/file")
@books
def download_receipt(receipt_id: int) -> Response:
    """The PDF as it was issued."""
    return download(open_paper(any_receipt(receipt_id).file_id, by=actor()))


def _chosen() -> Filter:
    chip = next((each for each in Chip if each.value == request.args.get("show")), Chip.ALL)
    typed = request.args.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else None
    text = request.args.get("q", "").strip()[:100].replace("\x00", "")
    return Filter(chip=chip, today=clock.today(), year=year, text=text)


def _arguments(chosen: Filter, **changes: Any) -> dict[str, Any]:
    given = {
        "show": chosen.chip.value if chosen.chip is not Chip.ALL else None,
        "year": chosen.year,
        "q": chosen.text or None,
    }
    return {name: value for name, value in (given | changes).items() if value is not None}


def _chips(chosen: Filter) -> list[dict[str, Any]]:
    return [
        {
            "label": chip.label,
            "url": _list_url(chosen, show=None if chip is Chip.ALL else chip.value),
            "active": chip is chosen.chip,
        }
        for chip in Chip
    ]


def _years(chosen: Filter) -> list[dict[str, Any]]:
    every: list[dict[str, Any]] = [
        {"label": _("All years"), "url": _list_url(chosen, year=None), "active": chosen.year is None}
    ]
    return every + [
        {"label": year, "is_year": True, "url": _list_url(chosen, year=year), "active": year == chosen.year}
        for year in office.fiscal_years()
    ]


def _list_url(chosen: Filter, **changes: Any) -> str:
    return url_for("billing_staff.list_invoices", **_arguments(chosen, **changes))
