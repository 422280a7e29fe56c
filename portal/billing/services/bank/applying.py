"""A deposit pays invoices: through the one way in which payments are taken, each part a payment of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import update

from portal.audit.services import record
from portal.billing.deposits import DepositState
from portal.billing.enums import PaymentSource, PayMethod
from portal.billing.models import (
    BankDeposit,
    DepositDecision,
    DepositPart,
    DepositStanding,
    Invoice,
)
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import settlement
from portal.billing.services.bank.accounts import matching_rules
from portal.billing.services.bank.aliases import learn_name
from portal.billing.services.bank.decisions import check_money, decide
from portal.billing.services.bank.fees import return_fee
from portal.billing.services.bank.parking import take_up
from portal.billing.services.payments import Arrival, take
from portal.billing.services.reversals import DEPOSIT
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l

MOST_SHARES = 50


@dataclass(frozen=True, slots=True)
class Share:
    """What of a deposit goes to an invoice, the fee that is taken over there, and what was owed when this was decided."""

    invoice_id: int
    amount_yen: int
    fee_yen: int
    open_yen: int


def apply_deposit(
    *,
    deposit: BankDeposit,
    shares: Sequence[Share],
    seen: int,
    by: Actor | None,
    reasons: str = "",
    is_automatic: bool = False,
    learns: bool = True,
) -> DepositDecision:
    """Pay the invoices of `shares` with the whole of a deposit; one who was slower changes nothing.

    Receipts, mails and what depends on a payment follow as with every payment. A person's click teaches us the name, unless it
    is known as somebody else's (`learns` False).
    Raises Refused where the shares cannot be right, OutOfDate where something has changed since it was shown.
    """
    check_shares(deposit, shares)
    seen = take_up(deposit, seen=seen, by=by)
    decision = decide(
        deposit, DepositState.APPLIED, seen=seen, by=by, reasons=reasons, is_automatic=is_automatic
    )
    settlement.lock(*(share.invoice_id for share in shares))
    payers = set()
    for share in sorted(shares, key=lambda each: each.invoice_id):
        invoice = any_invoice(share.invoice_id)
        _check_owed(invoice, share)
        if share.fee_yen:
            return_fee(invoice, decision, share.fee_yen, on=deposit.booked_on, by=by)
        _pay(deposit, decision, invoice, share, by)
        payers.add(invoice.organisation_id)
    _show(deposit, shares, reasons)
    if by is not None and learns and len(payers) == 1:
        learn_name(deposit, payers.pop(), by=by)
    record(
        verb="deposit.applied",
        subject=deposit,
        by=by,
        changes={
            "amount_yen": deposit.amount_yen,
            "invoices": [share.invoice_id for share in shares],
            "automatic": is_automatic,
        },
    )
    return decision


def check_shares(deposit: BankDeposit, shares: Sequence[Share]) -> None:
    """Raise Refused where the shares cannot be right, whatever is owed."""
    check_money(deposit)
    if not 0 < len(shares) <= MOST_SHARES or len({share.invoice_id for share in shares}) < len(shares):
        raise Refused(_l("Please name each invoice once."))
    if any(share.amount_yen <= 0 for share in shares):
        raise Refused(_l("Please write how much goes to each invoice, at least one yen."))
    if sum(share.amount_yen for share in shares) != deposit.amount_yen:
        raise Refused(_l("The amounts must come to exactly what arrived."))
    most = matching_rules().fee_yen
    if any(not 0 <= share.fee_yen <= most for share in shares):
        raise Refused(_l("A transfer fee of this size is not taken over here."))


def _check_owed(invoice: Invoice, share: Share) -> None:
    owed = settlement.debt_of(invoice.id).outstanding_yen
    if owed != share.open_yen:
        raise OutOfDate(
            _l("What is owed on %(number)s has changed. Please look at it again.", number=invoice.number)
        )
    if share.fee_yen and share.amount_yen + share.fee_yen != owed:
        raise Refused(_l("A transfer fee is taken over only where it settles the invoice."))


def _show(deposit: BankDeposit, shares: Sequence[Share], reasons: str) -> None:
    """Lists name what was paid instead of what was proposed."""
    paid = update(DepositStanding).where(DepositStanding.deposit_id == deposit.id)
    first = min(share.invoice_id for share in shares)
    paid = paid.values(invoice_id=first, invoices=len(shares), reasons=reasons[:200])
    db.session.execute(paid, execution_options={"synchronize_session": "fetch"})


def _pay(
    deposit: BankDeposit, decision: DepositDecision, invoice: Invoice, share: Share, by: Actor | None
) -> None:
    arrival = Arrival(
        source=PaymentSource.BANK,
        reference=f"{DEPOSIT}{deposit.id}:{decision.round}:{invoice.id}",
        method=PayMethod.PLAIN_TRANSFER,
        amount_yen=share.amount_yen,
        received_on=deposit.booked_on,
        payer_name=deposit.payer_name[:120],
    )
    payment = take(invoice, arrival, by=by)
    db.session.add(
        DepositPart(
            decision_id=decision.id,
            invoice_id=invoice.id,
            payment_id=payment.id,
            amount_yen=share.amount_yen,
        )
    )
    db.session.flush()
