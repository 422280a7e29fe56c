"""Contested card payments."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.billing.queries import returns
from portal.billing.queries.invoices import any_invoice
from portal.billing.returns import REASON_LABELS
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.pages import page


@blueprint.get("/billing/disputes")
@books
def list_disputes() -> Response:
    """Those that wait for an answer first."""
    return page(
        "staff/billing/list_disputes.html",
        found=returns.list_disputes(),
        reasons=REASON_LABELS,
        now=clock.now(),
    )


@blueprint.get("/billing/disputes/<id:dispute_id>")
@books
def show_dispute(dispute_id: int) -> Response:
    """What is contested, until when to answer, what it has cost, what to do."""
    dispute = returns.find_dispute(dispute_id)
    claim = returns.claim_of(dispute)
    return page(
        "staff/billing/show_dispute.html",
        dispute=dispute,
        invoice=any_invoice(dispute.invoice_id),
        claim=claim,
        receivable=claim.receivable,
        written_off=returns.write_offs_of(claim),
        reason=REASON_LABELS.get(dispute.reason, dispute.reason),
        now=clock.now(),
    )
