"""News from below: payments move terms (a term only remembers the day it was paid), who leaves a company leaves its drafts."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.accounts.models import Organisation, Person
from portal.accounts.signals import person_left
from portal.billing.models import Invoice
from portal.billing.signals import (
    claim_moved,
    claim_shown,
    fee_given_back,
    invoice_cancelled,
    invoice_paid,
    invoice_reopened,
)
from portal.core import clock
from portal.core.access import Actor
from portal.domain.renewal_flow import RenewalState
from portal.membership.models import ContractTerm
from portal.membership.queries.bills import fee_bill, term_of_invoice
from portal.membership.queries.renewals import renewal_for_term
from portal.membership.renewing import lapsed_words
from portal.membership.services import activate_term, cancel_term, deactivate_term
from portal.membership.services.collaborators import end_sharing_with
from portal.membership.services.renewals import (
    follow_claim,
    note_ended,
    note_given_back,
    note_joined,
    note_paid,
    note_reopened,
)
from portal.membership.signals import term_agreed


@person_left.connect
def person_has_left(person: Person, organisation: Organisation, by: Actor, **more: Any) -> None:
    """Somebody holds no role of a company any more."""
    end_sharing_with(person=person, organisation=organisation, by=by)


@invoice_paid.connect
def invoice_was_paid(invoice: Invoice, paid_on: date | None = None, **more: Any) -> None:
    """The last yen arrived."""
    term_id = term_of_invoice(invoice)
    if term_id is not None and _is_leading(invoice, term_id):
        activate_term(term_id=term_id, paid_on=paid_on or clock.today())
        note_paid(term_id)


@invoice_reopened.connect
def invoice_was_reopened(invoice: Invoice, **more: Any) -> None:
    """A payment was undone."""
    term_id = term_of_invoice(invoice)
    if term_id is not None and _is_leading(invoice, term_id):
        deactivate_term(term_id=term_id)
        note_reopened(term_id)


@invoice_cancelled.connect
@fee_given_back.connect
def fee_was_given_back(invoice: Invoice, is_billed_anew: bool = False, **more: Any) -> None:
    """All of it, or all of its fee: the contract ends, unless a change of tier bills it with another invoice. Where no money has
    settled anything of that one, and none is on its way, the contract awaits payment. Seats alone carry no membership."""
    term_id = term_of_invoice(invoice)
    if term_id is None:
        return
    leading = fee_bill(term_id)
    if leading is None:
        cancel_term(term_id=term_id, on=clock.today())
        note_given_back(term_id)
        note_ended(term_id)
    elif leading.debt.is_paid:
        activate_term(term_id=term_id, paid_on=leading.settled_on or clock.today())
        note_paid(term_id)
    elif not is_billed_anew and not leading.debt.settled_yen and deactivate_term(term_id=term_id):
        note_reopened(term_id)
    follow_claim(term_id)


@claim_moved.connect
def claim_has_moved(invoice: Invoice, **more: Any) -> None:
    """It can be paid until a later day."""
    term_id = term_of_invoice(invoice)
    if term_id is not None:
        follow_claim(term_id)


@claim_shown.connect
def say_that_it_lapsed(invoice: Invoice, **more: Any) -> str:
    """Paying the invoice of a lapsed renewal alone makes no member."""
    term_id = term_of_invoice(invoice)
    renewal = renewal_for_term(term_id) if term_id is not None else None
    if renewal is None or renewal.state is not RenewalState.LAPSED:
        return ""
    return lapsed_words(renewal.fiscal_year)


def _is_leading(invoice: Invoice, term_id: int) -> bool:
    """Whether the membership rests on this invoice: news of the money for seats alone moves neither contract nor renewal."""
    leading = fee_bill(term_id)
    return leading is not None and leading.invoice_id == invoice.id


@term_agreed.connect
def term_was_agreed(term: ContractTerm, by: Actor | None = None, **more: Any) -> None:
    """An application became a contract."""
    note_joined(term, by)
