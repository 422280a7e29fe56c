"""A renewal's contract when the money does not come: more time for all of it, cancelled as the renewal lapses, standing again when it is reinstated."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.models import Invoice, Receivable
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.due_days import give_time
from portal.billing.services.settlement import refuse_written_off
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.membership.models import ContractTerm
from portal.membership.queries.bills import bills_of, fee_bill, leading_bill
from portal.membership.queries.renewals import receivable_of


def claim_to_stand_on(term_id: int) -> tuple[Invoice, Receivable] | None:
    """The invoice of the fee on which the contract can go on; None without one. What the office takes up again is asked here.

    Raises Refused while its claim is written off, as nobody is asked for it, and where seats alone are left of it: they carry no
    membership, and a new offer would bill them again.
    """
    found = receivable_of(term_id)
    if found is not None and found[1].written_off_yen:
        refuse_written_off(found[0].id)
    if found is not None and leading_bill(term_id) is not None and fee_bill(term_id) is None:
        message = _l(
            "Nothing of the membership fee is left on invoice %(number)s, only the seats. Please give the seats back too; the company can get a new offer then.",
            number=found[0].number,
        )
        raise Refused(message)
    return found


def lapse_term(term_id: int, on: date) -> bool:
    """No membership from `on` on, as the fee never came. Its invoice stays as it is; giving it back is billing's step."""
    claim = update(ContractTerm).where(
        ContractTerm.id == term_id, ContractTerm.cancelled_on.is_(None), ContractTerm.activated_on.is_(None)
    )
    return _set(claim.values(cancelled_on=on), "term.lapsed", term_id, None)


def restore_term(term_id: int, by: Actor, *, beyond_places: bool = False) -> bool:
    """The contract stands again, unpaid as it was; `beyond_places`: where others have them all by now."""
    claim = update(ContractTerm).where(ContractTerm.id == term_id, ContractTerm.cancelled_on.is_not(None))
    return _set(claim.values(cancelled_on=None, beyond_places=beyond_places), "term.restored", term_id, by)


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
