"""Deposits that are nothing to book here: interest, tax refunds, transfers between own accounts, money told of twice."""

from __future__ import annotations

from portal.audit.services import record
from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit, DepositDecision
from portal.billing.services.bank.cancellations import newest_equal
from portal.billing.services.bank.decisions import check_money, decide
from portal.billing.services.bank.parking import take_up
from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.i18n import _l

TAKEN_BACK = (DepositState.OPEN, DepositState.APPLIED, DepositState.PARKED)


def set_deposit_aside(*, deposit: BankDeposit, reason: str, seen: int, by: Actor) -> DepositDecision:
    """It is no money of members: no entry in the books; what parking had written there gets its opposite.

    A cancellation may be set aside where the deposit that it takes back never was here. Raises Refused without a reason.
    """
    if deposit.is_cancellation:
        _check_alone(deposit)
    else:
        check_money(deposit)
    if not reason.strip():
        raise Refused(_l("Please say why nothing is to be booked for this deposit."), field="why")
    seen = take_up(deposit, seen=seen, by=by)
    decision = decide(deposit, DepositState.ASIDE, seen=seen, by=by, note=reason)
    record(
        verb="deposit.set_aside",
        subject=deposit,
        by=by,
        changes={"amount_yen": deposit.amount_yen},
        note=reason[:300],
    )
    return decision


def is_alone(cancellation: BankDeposit) -> bool:
    """Whether no deposit is here that a cancellation may take back."""
    found = newest_equal(
        cancellation.bank_account_id,
        cancellation.amount_yen,
        cancellation.payer_name,
        cancellation.booked_on,
        states=TAKEN_BACK,
    )
    return found is None


def _check_alone(cancellation: BankDeposit) -> None:
    if not is_alone(cancellation):
        raise Refused(
            _l(
                "The deposit that the bank took back is here. Please undo what was decided about it first, then settle both."
            )
        )
