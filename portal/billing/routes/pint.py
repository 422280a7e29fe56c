"""A company's invoices and credit notes as JP PINT, for a system that reads it."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.billing.queries.credits import credit_note_for
from portal.billing.queries.invoices import invoice_for
from portal.billing.queries.versions import latest_version
from portal.billing.routes.blueprint import blueprint
from portal.billing.routes.invoices import paying
from portal.billing.services import pint
from portal.core.access import actor
from portal.files.downloads import download_bytes


@blueprint.get("/billing/invoices/<id:invoice_id>/pint")
@paying
def download_invoice_pint(invoice_id: int) -> Response:
    """The invoice that holds, as XML."""
    invoice = invoice_for(actor(), invoice_id)
    version = latest_version(invoice)
    return _send(pint.version_pint(version, invoice), version.number)


@blueprint.get("/billing/credit-notes/<id:note_id>/pint")
@paying
def download_credit_note_pint(note_id: int) -> Response:
    """The credit note as XML."""
    note = credit_note_for(actor(), note_id)
    return _send(pint.credit_note_pint(note), note.number)


def _send(content: bytes, number: str) -> Response:
    """The XML, always to be saved."""
    return download_bytes(content, name=pint.file_name(number), media_type=pint.MEDIA_TYPE)
