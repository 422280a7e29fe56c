"""Contested card payments."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.billing.forms import WriteOffForm
from portal.billing.models import Dispute
from portal.billing.queries import returns
from portal.billing.queries.invoices import any_invoice
from portal.billing.returns import REASON_LABELS, DisputeState
from portal.billing.services.returns.writeoffs import write_off
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.formats import yen
from portal.core.forms import refuse
from portal.core.i18n import _
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
    owed = returns.claim_of(dispute).receivable.outstanding_yen
    return _page(dispute, WriteOffForm(amount_yen=min(owed, dispute.amount_yen) or None))


@blueprint.post("/billing/disputes/<id:dispute_id>/give-up")
@books
def give_dispute_up(dispute_id: int) -> Response:
    """Nobody will pay what was lost; sent twice, it is written off once."""
    dispute = returns.find_dispute(dispute_id)
    if dispute.state is not DisputeState.LOST:
        raise NotFound
    form = WriteOffForm()
    if form.validate():
        try:
            row = write_off(
                invoice=returns.claim_of(dispute),
                amount_yen=form.amount_yen.data,
                reason=form.reason.data,
                by=actor(),
                source=f"dispute:{dispute.id}:{form.once.data}",
            )
            flash(_("%(amount)s are written off.", amount=yen(row.amount_yen)), "success")
            return redirect(url_for("billing_staff.show_dispute", dispute_id=dispute_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return _page(dispute, form)


def _page(dispute: Dispute, form: WriteOffForm) -> Response:
    claim = returns.claim_of(dispute)
    return page(
        "staff/billing/show_dispute.html",
        dispute=dispute,
        invoice=any_invoice(dispute.invoice_id),
        claim=claim,
        receivable=claim.receivable,
        written_off=returns.write_offs_of(claim),
        reason=REASON_LABELS.get(dispute.reason, dispute.reason),
        form=form,
        now=clock.now(),
    )
