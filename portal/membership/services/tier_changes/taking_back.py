"""Take a change upwards back that was agreed to and is not paid: the new invoice is given back whole, the tier before is
billed for the rest again, and money that had gone along returns."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import update

from portal.billing.models import CreditNote, Invoice
from portal.billing.queries.credits import any_credit_note, left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.issuers import issuer_on
from portal.billing.services import settlement
from portal.billing.services.due_days import due_after
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.entitlements import TierSnapshot, carried_seats
from portal.domain.settlement import Debt
from portal.domain.tier_change_flow import ChangeKind, ChangeState
from portal.membership import tier_mail
from portal.membership.models import ContractTerm, TierChange
from portal.membership.policy import may_keep_renewals
from portal.membership.queries.tier_changes import is_changeable, last_upgrade, standing_bill
from portal.membership.services.renewals.news import follow_claim
from portal.membership.services.renewals.offers import offer_anew
from portal.membership.services.tier_changes.back_papers import bill_again, give_back_whole, return_money
from portal.membership.services.tier_changes.moves import CHANGED, locked_term, refuse_second, take
from portal.membership.services.tier_changes.planning import NO_ISSUER, NO_TERM
from portal.membership.services.tier_changes.upgrades import NOT_YOURS

PAID = _l("Money has arrived for this change, so it stands. A lower tier can be planned for the next year.")
TOUCHED = _l("Its invoice was given back, in part or whole; such a change cannot be taken back any more.")
FOLLOWED = _l("Only the last change of a contract can be taken back, and only upwards.")
SAY_WHY = _l("Please say why; the company reads it.")


@dataclass(frozen=True, slots=True)
class BackPlan:
    """What taking a change back would do. `again_yen`: billed again for the tier before, `returns_yen` of it paid already.

    `invoice` is given back by `amounts`, whole; `note` had given back the share of the earlier fee. Without one nothing is billed
    again: the contract rests on the earlier invoice as before. Yen with tax.
    """

    invoice: Invoice
    note: CreditNote | None
    amounts: dict[int, int]
    again_yen: int
    returns_yen: int
    due_on: date

    @property
    def to_pay_yen(self) -> int:
        """What the company owes for the rest of the year at the tier before, besides what is open on the earlier invoice."""
        return self.again_yen - self.returns_yen

    @property
    def fingerprint(self) -> str:
        """Stands in the form of the preview: what is done is what was shown."""
        shown = (self.invoice.id, self.invoice.total_yen, self.again_yen, self.returns_yen)
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def plan_taking_back(change: TierChange, term: ContractTerm) -> BackPlan:
    """What it would do today, without changing anything. Raises Refused where the change stands."""
    if change.state is not ChangeState.AGREED:
        raise OutOfDate(CHANGED)
    last = last_upgrade(term.id)
    if change.kind is not ChangeKind.UPGRADE or last is None or last.id != change.id:
        raise Refused(FOLLOWED)
    if not is_changeable(term):
        raise Refused(NO_TERM)
    number, issuer = standing_bill(change), issuer_on(clock.today())
    if number is None:
        raise Refused(TOUCHED)
    if issuer is None:
        raise Refused(NO_ISSUER)
    invoice = any_invoice(number)
    note = any_credit_note(change.credit_note_id) if change.credit_note_id else None
    debt = settlement.debt_of(invoice.id)
    if debt.written_off_yen:
        settlement.refuse_written_off(invoice.id)
    _refuse_moved(debt, note)
    again = note.total_yen if note else 0
    returns = min(debt.settled_yen + debt.excess_yen, again)
    return BackPlan(invoice, note, left_of_lines(invoice), again, returns, due_after(invoice, issuer))


def take_back_change(*, change: TierChange, reason: str, seen: str, by: Actor) -> None:
    """The office undoes it, all in this transaction. `seen`: the fingerprint of the preview.

    The invoice for the tier before comes first, so that the contract stands on one at every moment.
    Raises Refused at `reason`, and as `plan_taking_back` does; OutOfDate.
    """
    if not may_keep_renewals(by, change.organisation_id):
        raise Refused(NOT_YOURS)
    if not reason.strip():
        raise Refused(SAY_WHY, field="reason")
    term = locked_term(change.term_id)
    db.session.refresh(change, ["state"])
    refuse_second(term)
    plan = plan_taking_back(change, term)
    if plan.fingerprint != seen:
        raise OutOfDate(CHANGED)
    _restore_contract(change, term)
    invoice = None
    if plan.note:
        invoice = bill_again(
            change, term, plan.note, not_before=plan.due_on, prepaid_yen=plan.returns_yen, by=by
        )
    note = give_back_whole(change, plan.invoice, plan.amounts, invoice, reason=reason, by=by)
    returned = return_money(change, plan.invoice, invoice, by=by) if invoice else 0
    if (note.total_yen, returned) != (plan.invoice.total_yen, plan.returns_yen):
        raise OutOfDate(CHANGED)
    # without a paper of its own the earlier invoice is as it was: another change may replace it
    values: dict[str, Any] = {} if invoice else {"credited_invoice_id": None}
    take(
        change, ChangeState.TAKEN_BACK, by=by, reason=reason.strip(),
        changes={"tier": [term.tier_code, change.before["tier"]["tier_code"]], "number": invoice.number if invoice else "",
                 "credit_note": note.number}, **values,
    )  # fmt: skip
    follow_claim(term.id)
    is_offered_anew = offer_anew(term)
    tier_mail.tell_taken_back(change, invoice, note, returned, is_offered_anew=is_offered_anew)


def _refuse_moved(debt: Debt, note: CreditNote | None) -> None:
    """Nothing but the money that came along from the earlier invoice is there, and something is still to be paid."""
    if debt.credited_yen:
        raise Refused(TOUCHED)
    came_along = note.released_yen if note else 0
    if debt.is_settled or debt.settled_yen + debt.excess_yen > came_along:
        raise Refused(PAID)


def _restore_contract(change: TierChange, term: ContractTerm) -> None:
    before = change.before
    seats = carried_seats(term.snapshot, TierSnapshot.from_document(before["tier"]).training_seats)
    values: dict[str, Any] = {
        "tier_id": before["tier_id"],
        "tier_code": before["tier"]["tier_code"],
        "tier_snapshot": before["tier"] | {"agreed_seats": seats},
        "price": before["price"],
    }
    claim = update(ContractTerm).where(
        ContractTerm.id == term.id,
        ContractTerm.tier_id == change.tier_id,
        ContractTerm.cancelled_on.is_(None),
    )
    done: Any = db.session.execute(claim.values(**values), execution_options={"synchronize_session": False})
    if done.rowcount != 1:
        raise OutOfDate(CHANGED)
    db.session.refresh(term, [*values])
