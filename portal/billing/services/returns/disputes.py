"""Contested payments: what the provider takes is held apart; only what is lost is owed again.

Amounts are cumulative and states have a rank, so repeating, doubling and shuffling change nothing.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import return_mail
from portal.billing.enums import DifferenceKind
from portal.billing.models import CheckoutAttempt, Dispute, Invoice
from portal.billing.models.receipts import CONTESTED
from portal.billing.queries.invoices import any_invoice
from portal.billing.returns import DISPUTE_STATES, DisputeState
from portal.billing.services import ledger
from portal.billing.services.differences import note_difference
from portal.billing.services.returns.whereabouts import taken_by
from portal.billing.services.returns.withdrawals import Cause, withdraw
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain import ledger as books
from portal.domain.ledger import Account, EntryKind, Transfers
from portal.gateways.payments import Dispute as Found

_PARTY = ("dispute.opened", "dispute.won", "dispute.lost", "dispute.closed")
_VERBS = {
    DisputeState.INQUIRY: "dispute.inquired",
    DisputeState.NEEDS_RESPONSE: "dispute.raised",
    DisputeState.UNDER_REVIEW: "dispute.answered",
    DisputeState.CLOSED: "dispute.closed",
    DisputeState.WON: "dispute.won",
    DisputeState.LOST: "dispute.lost",
}
REMIND_BEFORE = timedelta(days=3)


def take_note(found: Found) -> None:
    """Bring our row up to a contested payment as the provider has it."""
    with transaction():
        dispute = _row(found)
        if dispute is None:
            details = {"amount_yen": found.amount_yen, "payment": found.payment_intent_id}
            note_difference(DifferenceKind.DISPUTE_WITHOUT_INVOICE, reference=found.id, details=details)
            return
        _bring(dispute, found)


def _row(found: Found) -> Dispute | None:
    named = select(Dispute).where(Dispute.provider_id == found.id).with_for_update()
    fresh = {"populate_existing": True}
    dispute = db.session.scalars(named, execution_options=fresh).one_or_none()
    if dispute is not None:
        return dispute
    paid = select(CheckoutAttempt).where(CheckoutAttempt.intent_id == (found.payment_intent_id or ""))
    attempt = db.session.scalars(paid).one_or_none()
    if attempt is None:
        return None
    made = Dispute(
        provider_id=found.id,
        organisation_id=attempt.organisation_id,
        invoice_id=attempt.invoice_id,
        attempt_id=attempt.id,
        amount_yen=found.amount_yen,
        reason=found.reason[:60],
        state=DisputeState.INQUIRY,
        opened_at=found.created,
        evidence_due_at=found.evidence_due,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # another worker was faster
        return db.session.scalars(named, execution_options=fresh).one()
    _tell("dispute.opened", made, any_invoice(made.invoice_id))
    return made


def _bring(dispute: Dispute, found: Found) -> None:
    state, was = DISPUTE_STATES[found.status], dispute.state
    if state.rank < was.rank:
        return
    invoice = any_invoice(dispute.invoice_id)
    _hold(dispute, invoice, max(found.withdrawn_yen, 0), state)
    _keep_fee(dispute, invoice, found.fee_yen)
    if found.evidence_due is not None:
        dispute.evidence_due_at = found.evidence_due
    if state is not was:
        dispute.state = state
        dispute.closed_on = None if state.is_open else clock.today()
        _tell(_VERBS[state], dispute, invoice)
    if state is DisputeState.LOST and dispute.held_yen:
        _lose(dispute, invoice)
    db.session.flush()
    if state is DisputeState.NEEDS_RESPONSE:
        return_mail.tell_dispute_to_answer(dispute, invoice)
    elif state is not was and not state.is_open:
        return_mail.tell_dispute_ended(dispute, invoice)


def _hold(dispute: Dispute, invoice: Invoice, taken_yen: int, state: DisputeState) -> None:
    """Money taken stands apart until somebody has won; an older look never takes it back."""
    before = dispute.held_yen
    is_over = dispute.state is DisputeState.LOST and taken_by(f"dispute:{dispute.id}") > 0
    grows = taken_yen > before
    if is_over or taken_yen == before or (grows is (state in (DisputeState.WON, DisputeState.CLOSED))):
        return
    amount = abs(taken_yen - before)
    transfers = books.disputed(amount)
    _post(
        EntryKind.DISPUTE_HELD if grows else EntryKind.DISPUTE_RETURNED,
        f"dispute:{dispute.id}:held:{before}:{taken_yen}",
        transfers if grows else books.reversed_all(transfers),
        invoice,
    )
    dispute.held_yen = taken_yen
    db.session.flush()


def _keep_fee(dispute: Dispute, invoice: Invoice, fee_yen: int) -> None:
    before = dispute.fee_yen
    if fee_yen == before or fee_yen < 0:
        return
    source = f"dispute:{dispute.id}:fee:{before}:{fee_yen}"
    _post(EntryKind.DISPUTE_FEE, source, books.provider_fee(Account.DISPUTE_FEES, fee_yen - before), invoice)
    dispute.fee_yen = fee_yen
    db.session.flush()


def _lose(dispute: Dispute, invoice: Invoice) -> None:
    """It is gone: what the payment had settled is owed again, on whichever invoice that is by now."""
    amount = dispute.held_yen
    attempt = db.session.get_one(CheckoutAttempt, dispute.attempt_id)
    dispute.held_yen = 0
    db.session.flush()
    cause = Cause(Account.DISPUTED, EntryKind.DISPUTE_LOST, f"dispute:{dispute.id}", CONTESTED, None)
    for place in withdraw(invoice, attempt, amount, cause):
        if place.id != invoice.id:
            _tell("dispute.lost", dispute, place)
        return_mail.send_dispute_lost(dispute, place)


def _post(kind: EntryKind, source: str, transfers: Transfers, invoice: Invoice) -> None:
    ledger.post(
        kind,
        source=source,
        transfers=transfers,
        booked_on=clock.today(),
        memo=invoice.number,
        invoice_id=invoice.id,
    )


def _tell(verb: str, dispute: Dispute, invoice: Invoice) -> None:
    record(
        verb=verb,
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=None,
        changes={"amount_yen": dispute.amount_yen},
        audience=Audience.PARTY if verb in _PARTY else Audience.STAFF,
    )


def remind_of_evidence() -> int:
    """Tell the office once more, three days before an answer is due; how many."""
    soon = select(Dispute).where(
        Dispute.state == DisputeState.NEEDS_RESPONSE,
        Dispute.evidence_due_at <= clock.now() + REMIND_BEFORE,
        Dispute.evidence_due_at > clock.now(),
    )
    found = db.session.scalars(soon).all()
    for dispute in found:
        return_mail.tell_dispute_to_answer(dispute, any_invoice(dispute.invoice_id), again=True)
    return len(found)
