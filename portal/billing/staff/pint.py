"""Invoices and credit notes as JP PINT, for the office; the trail remembers who opened which."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.billing.queries.credits import any_credit_note
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.versions import latest_version
from portal.billing.services import pint
from portal.billing.staff.blueprint import blueprint, books
from portal.core.access import actor
from portal.files.downloads import download_bytes


@blueprint.post("/billing/invoices/<id:invoice_id>/pint")
@books
def download_invoice_pint(invoice_id: int) -> Response:
    """The invoice that holds, as XML."""
    invoice = any_invoice(invoice_id)
    version = latest_version(invoice)
    content = pint.version_pint(version, invoice)
    pint.note_opening(version, invoice.organisation_id, by=actor())
    return _send(content, version.number)


@blueprint.post("/billing/credit-notes/<id:note_id>/pint")
@books
def download_credit_note_pint(note_id: int) -> Response:
    """The credit note as XML."""
    note = any_credit_note(note_id)
    content = pint.credit_note_pint(note)
    pint.note_opening(note, note.organisation_id, by=actor())
    return _send(content, note.number)


def _send(content: bytes, number: str) -> Response:
    return download_bytes(content, name=pint.file_name(number), media_type=pint.MEDIA_TYPE)
