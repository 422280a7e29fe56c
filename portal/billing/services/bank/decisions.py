"""Decide about a deposit, once: the standing moves only if it still is what was seen, and each round has one decision."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit, DecisionReversal, DepositDecision, DepositStanding
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.i18n import _l

DECIDABLE = (DepositState.OPEN, DepositState.PARKED)
FASTER = _l("Somebody else has dealt with this deposit in the meantime. Please look at it again.")


def check_money(deposit: BankDeposit) -> None:
    """Refuse what is no money of ours: a transfer that the bank took back, or one of a day that has not come."""
    if deposit.is_cancellation:
        raise Refused(_l("This is a transfer that the bank took back; it pays nothing."))
    if deposit.booked_on > clock.today():
        raise Refused(_l("The day of this deposit has not come yet. Please check the file of the bank."))


def decide(
    deposit: BankDeposit,
    to: DepositState,
    *,
    seen: int,
    by: Actor | None,
    note: str = "",
    reasons: str = "",
    is_automatic: bool = False,
) -> DepositDecision:
    """Move an undecided deposit to `to`; `seen` is the round in which it was shown. Raises OutOfDate for the slower one."""
    if not move(deposit.id, seen, DepositState.OPEN, to, round=seen + 1):
        raise OutOfDate(FASTER)
    decision = DepositDecision(
        deposit_id=deposit.id,
        round=seen + 1,
        state=to,
        is_automatic=is_automatic,
        reasons=reasons[:200],
        note=note.strip()[:300],
        decided_at=clock.now(),
        decided_by_id=by.id if by else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(decision)
    except IntegrityError as error:
        raise OutOfDate(FASTER) from error
    return decision


def take_back(deposit: BankDeposit, *, seen: int, reason: str, by: Actor | None) -> DepositDecision:
    """Make a decided deposit undecided again; gives the decision that holds no longer. Raises OutOfDate."""
    decision = standing_decision(deposit.id)
    if decision is None or decision.round != seen:
        raise OutOfDate(FASTER)
    if not move(deposit.id, seen, decision.state, DepositState.OPEN, round=seen):
        raise OutOfDate(FASTER)
    reversal = DecisionReversal(
        decision_id=decision.id,
        reason=reason.strip()[:300],
        reversed_at=clock.now(),
        reversed_by_id=by.id if by else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(reversal)
    except IntegrityError as error:
        raise OutOfDate(FASTER) from error
    return decision


def move(deposit_id: int, seen: int, was: DepositState, to: DepositState, *, round: int) -> bool:
    """Write where the deposit stands if it still stands where it was seen; whether it did."""
    as_seen = (
        update(DepositStanding)
        .where(
            DepositStanding.deposit_id == deposit_id,
            DepositStanding.state == was,
            DepositStanding.round == seen,
        )
        .values(state=to, round=round)
        .returning(DepositStanding.deposit_id)
    )
    return db.session.execute(as_seen, execution_options={"synchronize_session": "fetch"}).first() is not None


def standing_decision(deposit_id: int) -> DepositDecision | None:
    """The decision that holds."""
    undone = select(DecisionReversal.decision_id)
    holding = select(DepositDecision).where(
        DepositDecision.deposit_id == deposit_id, DepositDecision.id.not_in(undone)
    )
    return db.session.scalars(holding.order_by(DepositDecision.id.desc()).limit(1)).first()


def standing_of(deposit_id: int) -> DepositStanding:
    """Where a deposit stands now; NotFound when there is none."""
    found = db.session.get(DepositStanding, deposit_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found
