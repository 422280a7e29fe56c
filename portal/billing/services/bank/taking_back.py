"""What the cancellations of a file that is looked at would take back, found as importing it finds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit
from portal.billing.services.bank.cancellations import newest_equal
from portal.billing.services.bank.reading import FilePlan, NewDeposit

DECIDED = (DepositState.APPLIED, DepositState.PARKED, DepositState.ASIDE)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The deposit that a cancellation is about: a line of the same file, or one that is here (`deposit_id`).

    One that was decided is not settled by importing the file: `is_decided` asks for undoing that first.
    """

    booked_on: date
    line: int | None = None
    deposit_id: int | None = None
    is_decided: bool = False


def taken_back(plan: FilePlan, most: int) -> dict[str, TakenBack]:
    """For the first `most` cancellations, by identity, what each takes back; those that find nothing are left out."""
    found: dict[str, TakenBack] = {}
    used: set[str] = set()
    here: set[int] = set()
    for cancellation in plan.cancellations[:most]:
        coming = _in_file(cancellation, plan.deposits, used)
        known = _known(cancellation, here)
        if coming is not None and (known is None or coming.entry.booked_on >= known.booked_on):
            used.add(coming.identity)
            found[cancellation.identity] = TakenBack(coming.entry.booked_on, line=coming.entry.line)
        elif known is not None:
            here.add(known.id)
            found[cancellation.identity] = TakenBack(known.booked_on, deposit_id=known.id)
        elif (decided := _known(cancellation, here, *DECIDED)) is not None:
            told = TakenBack(decided.booked_on, deposit_id=decided.id, is_decided=True)
            found[cancellation.identity] = told
    return found


def _in_file(cancellation: NewDeposit, deposits: Iterable[NewDeposit], used: set[str]) -> NewDeposit | None:
    """The newest equal one of the file that no cancellation before this one has taken."""
    asked = cancellation.entry
    same = [
        each
        for each in deposits
        if each.account.key == cancellation.account.key
        and each.identity not in used
        and (each.entry.amount_yen, each.entry.payer_name) == (asked.amount_yen, asked.payer_name)
        and each.entry.booked_on <= asked.booked_on
    ]
    return max(same, key=lambda each: (each.entry.booked_on, each.entry.line), default=None)


def _known(cancellation: NewDeposit, used: set[int], *states: DepositState) -> BankDeposit | None:
    asked = cancellation.entry
    if not cancellation.account.id:  # ours by the invoices, and no file of it was imported yet
        return None
    return newest_equal(
        cancellation.account.id,
        asked.amount_yen,
        asked.payer_name,
        asked.booked_on,
        states=states or (DepositState.OPEN,),
        but=used,
    )
