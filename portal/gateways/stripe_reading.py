"""From the SDK's objects to the house's values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import stripe

from portal.gateways.payment_values import (
    Checkout,
    CheckoutStatus,
    Dispute,
    DisputeStatus,
    Event,
    Intent,
    IntentStatus,
    Method,
    Movement,
    Refund,
    RefundStatus,
    TransferAccount,
)

_METHODS = {"card": Method.CARD, "customer_balance": Method.BANK_TRANSFER}
LONGEST_NAME = 120  # the provider's own have some 30 letters


def checkout(session: stripe.checkout.Session) -> Checkout:
    """A checkout session."""
    return Checkout(
        id=session.id,
        url=session.url,
        payment_intent_id=_id(session.payment_intent),
        expires_at=_moment(session.expires_at),
        status=CheckoutStatus(session.status or "open"),
        is_paid=session.payment_status == "paid",
        amount_yen=session.amount_total or 0,
        reference=session.client_reference_id or "",
        customer=_id(session.customer),
        metadata=_notes(session.metadata),
    )


def intent(found: stripe.PaymentIntent) -> Intent:
    """A payment; its latest charge must have been expanded for the refunded amount to be known."""
    charge = found.latest_charge if isinstance(found.latest_charge, stripe.Charge) else None
    account = _transfer_account(found)
    return Intent(
        id=found.id,
        status=IntentStatus(found.status),
        amount_yen=found.amount,
        received_yen=found.amount - account.remaining_yen if account else found.amount_received,
        refunded_yen=charge.amount_refunded if charge else 0,
        method=Method.BANK_TRANSFER if account else _method(charge),
        charge_ids=(charge.id,) if charge else (),
        metadata=_notes(found.metadata),
        customer=_id(found.customer),
        created=_moment(found.created),
        transfer_account=account,
        failure=found.last_payment_error.message if found.last_payment_error else None,
    )


def refund(found: stripe.Refund) -> Refund:
    """A refund."""
    return Refund(
        id=found.id,
        status=RefundStatus(found.status or "pending"),
        amount_yen=found.amount,
        payment_intent_id=_id(found.payment_intent),
        charge_id=_id(found.charge),
        created=_moment(found.created),
        metadata=_notes(found.metadata),
        failure=found.failure_reason,
    )


def dispute(found: stripe.Dispute) -> Dispute:
    """A contested payment; its own movements say what was taken and given back."""
    due = found.evidence_details.due_by if found.evidence_details else None
    moves = found.balance_transactions or []
    return Dispute(
        id=found.id,
        status=DisputeStatus(found.status),
        amount_yen=found.amount,
        withdrawn_yen=-sum(each.amount for each in moves),
        fee_yen=sum(each.fee for each in moves),
        reason=found.reason,
        payment_intent_id=_id(found.payment_intent),
        created=_moment(found.created),
        evidence_due=_moment(due) if due else None,
    )


def movement(found: stripe.BalanceTransaction) -> Movement:
    """A movement of our balance."""
    return Movement(
        id=found.id,
        kind=found.type,
        amount_yen=found.amount,
        fee_yen=found.fee,
        source_id=_id(found.source),
        created=_moment(found.created),
    )


def event(body: Mapping[str, Any]) -> Event:
    """An event's envelope; raises KeyError, TypeError or ValueError when it is none."""
    about = body["data"]["object"]
    return Event(
        id=_text(body["id"]),
        type=_text(body["type"]),
        object_id=_text(str(about.get("id") or "")),
        object_type=_text(about["object"]),
        created=_moment(body["created"]),
    )


def _transfer_account(found: stripe.PaymentIntent) -> TransferAccount | None:
    action = found.next_action
    if not action or action.type != "display_bank_transfer_instructions":
        return None
    shown = action.display_bank_transfer_instructions
    if not shown:
        return None
    addresses = [address.zengin for address in shown.financial_addresses or [] if address.type == "zengin"]
    zengin = addresses[0] if addresses else None
    return TransferAccount(
        bank_name=zengin and zengin.bank_name or "",
        bank_code=zengin and zengin.bank_code or "",
        branch_name=zengin and zengin.branch_name or "",
        branch_code=zengin and zengin.branch_code or "",
        account_type=zengin and zengin.account_type or "",
        account_number=zengin and zengin.account_number or "",
        account_holder=zengin and zengin.account_holder_name or "",
        remaining_yen=found.amount if shown.amount_remaining is None else shown.amount_remaining,
        instructions_url=shown.hosted_instructions_url,
    )


def _method(charge: stripe.Charge | None) -> Method | None:
    details = charge.payment_method_details if charge else None
    return _METHODS.get(details.type) if details else None


def _id(reference: Any) -> str | None:
    """An expandable field is a name or the object itself."""
    return reference if reference is None or isinstance(reference, str) else str(reference.id)


def _notes(metadata: Any) -> dict[str, str]:
    return {} if metadata is None else dict(metadata.to_dict())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _text(value: object) -> str:
    """What a database can hold: no lone surrogate, no NUL, not endlessly long."""
    if not isinstance(value, str):
        raise TypeError("text expected")
    if (
        len(value.encode()) > LONGEST_NAME or "\0" in value
    ):  # a lone surrogate raises UnicodeEncodeError, a ValueError
        raise ValueError("no name of the provider's")
    return value
