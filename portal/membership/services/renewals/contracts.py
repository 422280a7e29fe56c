"""A renewal's contract when the money does not come: more time for all of it, cancelled as the renewal lapses, standing again when it is reinstated."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.due_days import give_time
from portal.core.access import Actor
from portal.core.db import db
from portal.membership.models import ContractTerm
from portal.membership.queries.bills import bills_of, leading_bill


def lapse_term(term_id: int, on: date) -> bool:
    """No membership from `on` on, as the fee never came. Its invoice stays as it is; giving it back is billing's step."""
    claim = update(ContractTerm).where(
        ContractTerm.id == term_id, ContractTerm.cancelled_on.is_(None), ContractTerm.activated_on.is_(None)
    )
    return _set(claim.values(cancelled_on=on), "term.lapsed", term_id, None)


def restore_term(term_id: int, by: Actor) -> bool:
    """The contract stands again, unpaid as it was."""
    claim = update(ContractTerm).where(ContractTerm.id == term_id, ContractTerm.cancelled_on.is_not(None))
    return _set(claim.values(cancelled_on=None), "term.restored", term_id, by)


def give_term_time(term_id: int, until: date, by: Actor | None) -> None:
    """The invoice on which the contract rests, and every open one beside it, can be paid until a later day."""
    leading = leading_bill(term_id)
    for bill in bills_of(term_id):
        is_leading = leading is not None and bill.invoice_id == leading.invoice_id
        if bill.state.is_owed or is_leading:
            give_time(any_invoice(bill.invoice_id), until, by=by)


def _set(statement: object, verb: str, term_id: int, by: Actor | None) -> bool:
    changed = statement.returning(ContractTerm.id)  # type: ignore[attr-defined]
    done = db.session.execute(changed, execution_options={"synchronize_session": False})
    if done.one_or_none() is None:
        return False
    term = db.session.scalars(
        select(ContractTerm).where(ContractTerm.id == term_id), execution_options={"populate_existing": True}
    ).one()
    record(verb=verb, subject=term, organisation_id=term.organisation_id, by=by, audience=Audience.PARTY)
    return True
