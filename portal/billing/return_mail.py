"""Mails about refunds, contested payments and expired ways to pay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.accounts.enums import Role
from portal.accounts.queries import recipient_for, staff_with
from portal.billing.mail import send_about
from portal.billing.models import CheckoutAttempt, Dispute, Invoice, Receivable, RefundOrder, WriteOff
from portal.billing.returns import REASON_LABELS
from portal.core import clock
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.notifications.services import send_mail

OFFICE = (Role.SECRETARIAT,)
ANSWER_WITHIN = timedelta(days=7)  # when the provider does not say


def send_refund(order: RefundOrder, invoice: Invoice) -> None:
    """To the company: money went back, how much, on which day."""
    gone = {
        "amount_yen": order.amount_yen,
        "paid_on": order.settled_on or clock.today(),
        "note": order.note,
    }
    send_about("refund_given_back", invoice, f"refund_order:{order.id}:sent", refund=gone)


def tell_failed_refund(order: RefundOrder, invoice: Invoice, used_yen: int) -> None:
    """To the office: the money did not reach the payer; `used_yen` of it pay the invoice, which was owed again."""
    where = absolute_url("billing_staff.show_invoice", invoice_id=invoice.id)
    _to_office(
        "refund_failed", invoice, f"refund_order:{order.id}:failed", where, order=order, used_yen=used_yen
    )


def tell_dispute_to_answer(dispute: Dispute, invoice: Invoice, *, again: bool = False) -> None:
    """To the office: a payment is contested, answer until a day."""
    key = f"dispute:{dispute.id}:answer" + (":soon" if again else "")
    reason = REASON_LABELS.get(dispute.reason, dispute.reason)
    where = absolute_url("billing_staff.show_dispute", dispute_id=dispute.id)
    due = dispute.evidence_due_at or dispute.opened_at + ANSWER_WITHIN
    _to_office("dispute_opened", invoice, key, where, dispute=dispute, reason=reason, due=due)


def tell_dispute_ended(dispute: Dispute, invoice: Invoice) -> None:
    """To the office: how it ended."""
    where = absolute_url("billing_staff.show_dispute", dispute_id=dispute.id)
    _to_office("dispute_ended", invoice, f"dispute:{dispute.id}:ended", where, dispute=dispute)


def send_dispute_lost(dispute: Dispute, invoice: Invoice) -> None:
    """To the company: this invoice is owed again."""
    receivable = db.session.get_one(Receivable, invoice.id, populate_existing=True)
    key = f"dispute:{dispute.id}:lost" + ("" if invoice.id == dispute.invoice_id else f":{invoice.id}")
    send_about("dispute_lost", invoice, key, dispute=dispute, receivable=receivable)


def tell_recovered(row: WriteOff, invoice: Invoice, arrived_yen: int) -> None:
    """To the office: money moved on a claim that was written off, so it is owed again; 0 arrived: money went away."""
    where = absolute_url("billing_staff.show_invoice", invoice_id=invoice.id)
    key = f"write_off:{row.id}:recovered"
    _to_office("write_off_undone", invoice, key, where, row=row, arrived_yen=arrived_yen)


def send_expired(attempt: CheckoutAttempt, invoice: Invoice) -> None:
    """To the company: a way to pay has expired; nothing was charged, please choose again."""
    receivable = db.session.get_one(Receivable, invoice.id)
    send_about(
        "payment_expired", invoice, f"attempt:{attempt.id}:expired", attempt=attempt, receivable=receivable
    )


def _to_office(event: str, invoice: Invoice, key: str, where: str, **context: Any) -> None:
    for person in staff_with(*OFFICE):
        send_mail(
            event=f"billing/{event}",
            to=recipient_for(person),
            context={"invoice": invoice, "company": invoice.organisation.name(person.language)} | context,
            button=(_l("See it"), where),
            key=f"{key}:{person.id}",
        )
