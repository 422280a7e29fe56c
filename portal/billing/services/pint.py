"""Issued invoices and credit notes as JP PINT XML, for buyers whose system reads it. Sending needs an access point."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.audit.services import record
from portal.billing import documents
from portal.billing.models import CreditNote, Invoice, InvoiceRevision
from portal.billing.queries.versions import Version
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.pint import Identities, PintProblem, Unfit, credit_note_xml, invoice_xml

MEDIA_TYPE = "application/xml"
PROBLEMS = {
    PintProblem.SELLER_NUMBER: _l(
        "An issuer that is not registered needs its corporate number. Please enter it with the consortium's own organisation."
    ),
    PintProblem.BUYER_NUMBER: _l(
        "The company has no corporate number, which is its address on the Peppol network."
    ),
    PintProblem.TAX: _l(
        "This paper takes the rest of the tax, which no rounding of its own amount gives. JP PINT cannot say that."
    ),
}


def version_pint(version: Version, invoice: Invoice) -> bytes:
    """An invoice as it was issued, or a correction of it; the invoice's lines must be loaded. Raises Refused."""
    if isinstance(version, InvoiceRevision):
        document = documents.revision_document(version)
    else:
        document = documents.invoice_document(version, version.lines)
    return _fit(lambda: invoice_xml(document, identities_of(invoice.organisation_id)))


def credit_note_pint(note: CreditNote) -> bytes:
    """A credit note; it names the paper of the invoice that held when it was issued. Raises Refused."""
    before = (
        select(InvoiceRevision)
        .where(InvoiceRevision.invoice_id == note.invoice_id, InvoiceRevision.created_at <= note.created_at)
        .order_by(InvoiceRevision.revision.desc())
        .limit(1)
    )
    paper = db.session.scalars(before).first() or db.session.get_one(Invoice, note.invoice_id)
    document = documents.credit_note_document(note, paper)
    return _fit(lambda: credit_note_xml(document, identities_of(note.organisation_id)))


def note_opening(issued: Version | CreditNote, organisation_id: int, *, by: Actor) -> None:
    """The trail remembers that somebody of the office took a paper along as XML."""
    record(
        verb="paper.opened",
        subject=issued,
        organisation_id=organisation_id,
        by=by,
        changes={"number": issued.number, "format": "JP PINT"},
    )


def file_name(number: str) -> str:
    """What the file is called on the reader's disk."""
    return f"{number}_JP-PINT.xml"


def identities_of(organisation_id: int) -> Identities:
    """The corporate numbers of the consortium and of a company."""
    numbers = select(Organisation.corporate_number)
    ours = numbers.where(Organisation.kind == OrganisationKind.CONSORTIUM).order_by(Organisation.id).limit(1)
    theirs = numbers.where(Organisation.id == organisation_id)
    return Identities(db.session.scalar(ours) or "", db.session.scalar(theirs) or "")


def _fit(write: Callable[[], bytes]) -> bytes:
    try:
        return write()
    except Unfit as unfit:
        raise Refused(PROBLEMS[unfit.problems[0]]) from unfit
