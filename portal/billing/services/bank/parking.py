"""Deposits that nobody can place: parked as suspense receipts, or sent back where they came from."""

from __future__ import annotations

from portal.audit.services import record
from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit, DepositDecision
from portal.billing.services import ledger
from portal.billing.services.bank.decisions import check_money, decide, standing_of, take_back
from portal.core import clock
from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain import ledger as books
from portal.domain.ledger import EntryKind


def park_deposit(*, deposit: BankDeposit, note: str, seen: int, by: Actor) -> DepositDecision:
    """Keep the money as a suspense receipt until somebody knows whose it is. Raises Refused without a note."""
    _check(deposit, note)
    decision = decide(deposit, DepositState.PARKED, seen=seen, by=by, note=note)
    _post_parked(deposit, decision)
    _tell("deposit.parked", deposit, note, by)
    return decision


def send_deposit_back(*, deposit: BankDeposit, note: str, seen: int, by: Actor) -> DepositDecision:
    """The money was not for us and has gone back; a parked deposit may. Raises Refused without a note."""
    _check(deposit, note)
    seen = take_up(deposit, seen=seen, by=by)
    decision = decide(deposit, DepositState.RETURNED, seen=seen, by=by, note=note)
    _post_parked(deposit, decision)
    ledger.post(
        EntryKind.DEPOSIT_SENT_BACK,
        source=f"sent_back:{decision.id}",
        transfers=books.deposit_sent_back(deposit.amount_yen),
        booked_on=clock.today(),
        memo=deposit.payer_name,
    )
    _tell("deposit.sent_back", deposit, note, by)
    return decision


def take_up(deposit: BankDeposit, *, seen: int, by: Actor | None) -> int:
    """A parked deposit becomes undecided, to be decided at once; gives the round that is seen from here on."""
    if standing_of(deposit.id).state is DepositState.PARKED:
        decision = take_back(deposit, seen=seen, reason="", by=by)
        unpost(deposit, decision)
    return seen


def unpost(deposit: BankDeposit, decision: DepositDecision) -> None:
    """The opposite of what parking or sending back wrote into the books."""
    if decision.state is DepositState.RETURNED:
        _post_opposite(decision, "sent_back", deposit)
    _post_opposite(decision, "parked", deposit)


def _post_opposite(decision: DepositDecision, what: str, deposit: BankDeposit) -> None:
    ledger.post_reversal(
        f"{what}:{decision.id}",
        EntryKind.DEPOSIT_TAKEN_UP,
        source=f"{what}:{decision.id}:undone",
        booked_on=clock.today(),
        memo=deposit.payer_name,
    )


def _post_parked(deposit: BankDeposit, decision: DepositDecision) -> None:
    ledger.post(
        EntryKind.DEPOSIT_PARKED,
        source=f"parked:{decision.id}",
        transfers=books.deposit_parked(deposit.amount_yen),
        booked_on=deposit.booked_on,
        memo=deposit.payer_name,
    )


def _check(deposit: BankDeposit, note: str) -> None:
    check_money(deposit)
    if not note.strip():
        raise Refused(_l("Please write a note, so that others know what is being done."), field="note")


def _tell(verb: str, deposit: BankDeposit, note: str, by: Actor | None) -> None:
    record(verb=verb, subject=deposit, by=by, changes={"amount_yen": deposit.amount_yen}, note=note[:300])
