"""Correct the words of an invoice: a new paper with a branch number that names the one before; both are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import documents, mail
from portal.billing.models import Invoice, InvoiceRevision, Receipt
from portal.billing.queries.versions import Version, latest_version, line_data
from portal.billing.services import issuing
from portal.billing.services.due_days import claim_day
from portal.billing.services.receipts import renew_receipt, standing_receipt
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain.documents import PartySnapshot

explain(
    "uq_invoice_revisions_invoice_id_revision",
    _l("Somebody else has corrected this invoice meanwhile. Please look at it again."),
)
explain(
    "uq_invoice_revisions_number",
    _l("Somebody else has corrected this invoice meanwhile. Please look at it again."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """How the paper shall read, in the language of the invoice. `descriptions` maps positions of lines to words."""

    buyer: PartySnapshot
    subject: str
    purchase_order: str
    descriptions: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that reads otherwise."""

    field: str
    old: str
    new: str


def changes_of(invoice: Invoice, wanted: Correction) -> list[Change]:
    """What would read otherwise than on the paper that holds now."""
    now = latest_version(invoice)
    before = documents.party(now.buyer)
    pairs = [
        ("name", before.name, wanted.buyer.name),
        ("department", before.department, wanted.buyer.department),
        ("title", before.title, wanted.buyer.title),
        ("person", before.person, wanted.buyer.person),
        ("postal_code", before.postal_code, wanted.buyer.postal_code),
        ("address", before.address, wanted.buyer.address),
        ("email", before.email, wanted.buyer.email),
        ("subject", now.subject(invoice.language), wanted.subject),
        ("purchase_order", now.purchase_order, wanted.purchase_order),
    ]
    for line in line_data(now):
        words = line[f"description_{invoice.language}"]
        pairs.append((f"line_{line['position']}", words, wanted.descriptions.get(line["position"], words)))
    return [Change(*pair) for pair in pairs if pair[1] != pair[2]]


_ON_RECEIPT = frozenset(
    {"name", "department", "title", "person", "postal_code", "address", "subject", "purchase_order"}
)


def receipt_to_renew(invoice: Invoice, changes: Sequence[Change]) -> Receipt | None:
    """The receipt that holds and says what is corrected now; None: it goes on to hold."""
    is_on_it = any(each.field in _ON_RECEIPT for each in changes)
    return standing_receipt(invoice) if is_on_it else None


def correct_invoice(
    *, invoice: Invoice, wanted: Correction, reason: str, by: Actor | int | None, source_key: str
) -> InvoiceRevision:
    """Issue the corrected paper and mail it, with the receipt in the same words when one holds that says them otherwise.

    The same `source_key` gives the first one.

    Raises Refused when nothing would read otherwise, and at `reason` without one.
    """
    same = select(InvoiceRevision).where(InvoiceRevision.source_key == source_key)
    standing = db.session.scalars(same).one_or_none()
    if standing is not None:
        return standing
    if not reason.strip():
        raise Refused(_l("Please say what was wrong."), field="reason")
    changes = changes_of(invoice, wanted)
    if not changes:
        raise Refused(_l("Nothing is different from the invoice as it stands."))
    revision = _revision(invoice, latest_version(invoice), wanted, reason.strip()[:300], by, source_key)
    record(
        verb="invoice.corrected",
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={"number": revision.number} | {each.field: [each.old, each.new] for each in changes},
        note=revision.reason,
        audience=Audience.PARTY,
    )
    is_renewed = receipt_to_renew(invoice, changes) is not None
    mail.send_correction(revision, invoice, renew_receipt(invoice, by=by) if is_renewed else None)
    return revision


def _revision(
    invoice: Invoice,
    before: Version,
    wanted: Correction,
    reason: str,
    by: Actor | int | None,
    source_key: str,
) -> InvoiceRevision:
    place = before.revision + 1 if isinstance(before, InvoiceRevision) else 1
    today = clock.today()
    revision = InvoiceRevision(
        number=f"{invoice.number}-{place}",
        organisation_id=invoice.organisation_id,
        invoice_id=invoice.id,
        revision=place,
        source_key=source_key,
        reason=reason,
        replaces_number=before.number,
        replaces_issued_on=before.issued_on,
        issued_on=today,
        due_on=claim_day(invoice),
        subject_ja=wanted.subject if invoice.language == "ja" else before.subject_ja,
        subject_en=wanted.subject if invoice.language == "en" else before.subject_en,
        issuer=issuing.issuer_of_sale(invoice.language, today, invoice),
        buyer=asdict(wanted.buyer),
        purchase_order=wanted.purchase_order,
        lines=_lines(invoice, before, wanted),
        **issuing.signed(by),
        **issuing.same_as(invoice, "series_year", "series_sequence", "language", "prepaid_yen"),
        **issuing.same_as(before, "period_from", "period_to", "notes", *issuing.SUMS),
    )
    issuing.keep(revision, documents.revision_pdf(revision), "corrected_invoice")
    return revision


def _lines(invoice: Invoice, before: Version, wanted: Correction) -> list[dict[str, Any]]:
    key = f"description_{invoice.language}"
    return [line | {key: wanted.descriptions.get(line["position"], line[key])} for line in line_data(before)]
