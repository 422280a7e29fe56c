"""News that moves a renewal: an application became a contract, an invoice was paid, reopened or given back."""

from __future__ import annotations

from sqlalchemy import select

from portal.audit.services import record
from portal.billing.services.due_days import give_time
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.renewal_flow import Act, Party, RenewalState, check_act, pay_by
from portal.membership import renewal_mail
from portal.membership.models import ContractTerm, Renewal
from portal.membership.queries.renewals import receivable_of, renewal_in
from portal.membership.renewing import AnswerWay
from portal.membership.services.renewals.links import forget_answer_links
from portal.membership.services.renewals.moves import NO_ANSWER, locked, take
from portal.membership.services.renewals.notices import stop_notices


def note_joined(term: ContractTerm, by: Actor | None) -> None:
    """A member applied instead of answering, and was approved: the renewal follows the contract."""
    renewal = renewal_in(term.organisation_id, term.fiscal_year)
    if renewal is None or renewal.is_agreed:
        return
    renewal = locked(renewal.id)
    found = receivable_of(term.id)
    answer = NO_ANSWER | {"answered_at": clock.now(), "answer_way": AnswerWay.APPLICATION}
    take(
        renewal, Act.JOIN, Party.OFFICE, by=by, is_agreed=True, term_id=term.id, changes={"tier": term.tier_code},
        **answer,
    )  # fmt: skip
    if found is not None:
        until = pay_by(renewal.deadline_on, found[1].due_on)
        give_time(found[0], until, by=by)
        take(renewal, Act.INVOICE, Party.OFFICE, by=by, pay_by=until, changes={"number": found[0].number})
    stop_notices(renewal)
    forget_answer_links(renewal)


def note_paid(term_id: int) -> None:
    """The last yen of the fee arrived. After the renewal has lapsed, the office decides what becomes of it."""
    renewal = _of(term_id)
    if renewal is None:
        _note_paid_beside(db.session.get_one(ContractTerm, term_id))
    elif check_act(renewal.state, Act.PAY, Party.BOOKS, agreed=renewal.is_agreed).is_allowed:
        take(renewal, Act.PAY, Party.BOOKS, by=None)
    elif renewal.state is RenewalState.LAPSED:
        record(verb="renewal.paid_late", subject=renewal, organisation_id=renewal.organisation_id, by=None)
        found = receivable_of(term_id)
        renewal_mail.paid_late(renewal, found[0] if found else None)


def _note_paid_beside(term: ContractTerm) -> None:
    """Paid for a contract that had ended, while the renewal stands on another one since: the office hears of it."""
    renewal = renewal_in(term.organisation_id, term.fiscal_year)
    found = receivable_of(term.id)
    if term.cancelled_on is None or renewal is None or found is None:
        return
    record(
        verb="renewal.paid_beside", subject=renewal, organisation_id=renewal.organisation_id, by=None,
        changes={"number": found[0].number},
    )  # fmt: skip
    renewal_mail.paid_beside(renewal, found[0])


def note_reopened(term_id: int) -> None:
    """A payment was undone: the money is awaited again, and not before tomorrow missed."""
    renewal = _of(term_id)
    if renewal is not None and renewal.state is RenewalState.PAID:
        found = receivable_of(term_id)
        until = max(renewal.standing.awaited_on, found[1].due_on) if found else renewal.pay_by
        take(renewal, Act.REOPEN, Party.BOOKS, by=None, pay_by=until)


def note_given_back(term_id: int) -> None:
    """All of the invoice was credited, and the contract with it."""
    renewal = _of(term_id)
    if renewal is None:
        return
    if check_act(renewal.state, Act.CANCEL, Party.BOOKS, agreed=renewal.is_agreed).is_allowed:
        take(renewal, Act.CANCEL, Party.BOOKS, by=None, is_agreed=False)


def note_ended(term_id: int) -> None:
    """The contract was cancelled: whoever is no member is not asked to renew. The office is told, also of a next year that stands."""
    number = db.session.scalar(select(Renewal.id).where(Renewal.from_term_id == term_id))
    renewal = locked(number) if number is not None else None
    if renewal is None or (renewal.state.is_final and not renewal.is_agreed):
        return
    if not renewal.is_agreed:
        close_ended(renewal)
    found = receivable_of(renewal.term_id) if renewal.is_agreed and renewal.term_id else None
    renewal_mail.tell_ended(renewal, found[0] if found else None)


def close_ended(renewal: Renewal) -> None:
    """Nothing is offered, held or asked any more. `enrol` begins it anew when the company is a member again before the deadline."""
    take(renewal, Act.END, Party.BOOKS, by=None)
    stop_notices(renewal)
    forget_answer_links(renewal)


FOLLOWS = {
    RenewalState.INVOICED: Act.EXTEND,
    RenewalState.GRACE: Act.EXTEND,
    RenewalState.SUSPENDED: Act.REINSTATE,
}


def follow_claim(term_id: int) -> None:
    """The day for the money is the claim's on which the contract rests, whatever moved it; never an earlier one than was told."""
    renewal, found = _of(term_id), receivable_of(term_id)
    if renewal is None or found is None or not renewal.is_agreed or renewal.state not in FOLLOWS:
        return
    until, was = found[1].due_on, renewal.standing.awaited_on
    if until > was and until >= clock.today():
        take(
            renewal, FOLLOWS[renewal.state], Party.BOOKS, by=None, pay_by=until,
            changes={"pay_by": [was, until], "number": found[0].number},
        )  # fmt: skip


def _of(term_id: int) -> Renewal | None:
    mine = select(Renewal.id).where(Renewal.term_id == term_id)
    found = db.session.scalar(mine)
    return locked(found) if found is not None else None
