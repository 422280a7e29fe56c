"""The office proposes seats, the company agrees or declines; or the office writes down that it agreed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from portal.accounts.models import Organisation
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.models.credits import REST
from portal.billing.services import issue_invoice
from portal.billing.services.credits import issue_credit_note
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _, _l, in_language
from portal.domain.documents import Period
from portal.domain.seats import NEXT, SeatState, last_day_to_agree
from portal.domain.tax import TaxCategory
from portal.membership import seat_mail
from portal.membership.changing import rest_words
from portal.membership.models import ContractTerm, SeatArrangement
from portal.membership.policy import may_keep_renewals
from portal.membership.services.renewals.buyers import renewal_buyer
from portal.membership.services.seat_lines import seat_line
from portal.membership.services.seats.planning import SeatPlan, plan_end, plan_seats, require_going_on
from portal.membership.services.tier_changes.moves import CHANGED, locked_term
from portal.membership.services.tier_changes.upgrades import NOT_YOURS, SAY_WHO

SEATS_SOURCE = "seats:"
SEE_TO_IT = _l("Please see to the price first, or tick that this was done.")
VERBS = {
    SeatState.PROPOSED: "seats.proposed",
    SeatState.AGREED: "seats.agreed",
    SeatState.DECLINED: "seats.declined",
    SeatState.WITHDRAWN: "seats.withdrawn",
    SeatState.OVERTAKEN: "seats.overtaken",
    SeatState.ENDED: "seats.ended",
}
COLUMNS = [column.key for column in SeatArrangement.__mapper__.column_attrs]


def propose_seats(
    *, term_id: int, seats: int, price_yen: int, category: TaxCategory, goes_on: bool, note: str, is_agreed: bool,
    seen: str, once: str, by: Actor,
) -> SeatArrangement:  # fmt: skip
    """Seats for the rest of a term; `is_agreed`: the company agreed already, `note` says who and when.

    `seen` is the fingerprint of the preview; the same `once` gives the first result. Raises Refused at `note`, at `goes_on`
    where the renewal that would carry them along is agreed; OutOfDate.
    """
    term = locked_term(term_id)
    standing = db.session.scalars(
        select(SeatArrangement).where(SeatArrangement.once_key == once)
    ).one_or_none()
    if standing is not None:
        return standing
    if not may_keep_renewals(by, term.organisation_id):
        raise Refused(NOT_YOURS)
    if is_agreed and not note.strip():
        raise Refused(SAY_WHO, field="note")
    plan = plan_seats(term, seats, price_yen, category, goes_on=goes_on)
    require_going_on(term, plan, goes_on)
    if plan.fingerprint != seen:
        raise OutOfDate(CHANGED)
    made = SeatArrangement(
        organisation_id=term.organisation_id, term_id=term.id, state=SeatState.PROPOSED, seats=seats, price_yen=price_yen,
        category=category, goes_on=goes_on, once_key=once, note=note.strip(),
        answer_by=last_day_to_agree(clock.today(), term.ends_on), proposed_by_id=by.id, proposed_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    _note(made, by)
    if is_agreed:
        _carry_out(made, term, plan, by)
    else:
        seat_mail.tell_company(made, plan.cost)
    return made


def agree_seats(*, arrangement: SeatArrangement, seen: str, by: Actor) -> None:
    """The company agrees to what its page showed: invoice and seats at once. Raises OutOfDate."""
    term = locked_term(arrangement.term_id)
    plan = plan_seats(
        term, arrangement.seats, arrangement.price_yen, arrangement.category, goes_on=arrangement.goes_on
    )
    if plan.fingerprint != seen:
        raise OutOfDate(CHANGED)
    _carry_out(arrangement, term, plan, by)


def close_seats(*, arrangement: SeatArrangement, state: SeatState, by: Actor | None) -> None:
    """The company declines, the office withdraws, or the day has passed. Raises Refused, OutOfDate."""
    if state is SeatState.WITHDRAWN and (
        by is None or not may_keep_renewals(by, arrangement.organisation_id)
    ):
        raise Refused(NOT_YOURS)
    _take(arrangement, state, by)
    if state is SeatState.DECLINED:
        seat_mail.tell_office(arrangement)
    else:
        seat_mail.tell_company(arrangement, None)


def end_seats(*, arrangement: SeatArrangement, reason: str, by: Actor, settled: bool = False) -> None:
    """By arrangement the seats end today; what remains of their price is given back. `settled`: the office has seen to a price
    that stands on no line of its own any more. Raises Refused at `reason` and `settled`; OutOfDate."""
    if not may_keep_renewals(by, arrangement.organisation_id):
        raise Refused(NOT_YOURS)
    if not reason.strip():
        raise Refused(_l("Please say why; the company reads it."), field="reason")
    term = locked_term(arrangement.term_id)
    plan = plan_end(arrangement, term)
    if plan.unbilled and not settled:
        raise Refused(SEE_TO_IT, field="settled")
    _take(arrangement, SeatState.ENDED, by, ended_on=clock.today(), note=reason.strip())
    _count(term, -arrangement.seats)
    if plan.amounts:
        credit = issue_credit_note(
            invoice=plan.invoice, amounts=plan.amounts, reason=reason, by=by, source_key=f"{REST}{SEATS_SOURCE}{arrangement.id}",
            tells=False,
        )  # fmt: skip
        arrangement.credit_note_id = credit.id
        db.session.flush()
        seat_mail.tell_with_papers(arrangement, plan.invoice, credit)
    else:
        seat_mail.tell_company(arrangement, None)


def _carry_out(arrangement: SeatArrangement, term: ContractTerm, plan: SeatPlan, by: Actor) -> None:
    cost = plan.cost
    organisation = db.session.get_one(Organisation, term.organisation_id)
    buyer, language = renewal_buyer(organisation, term)
    _take(arrangement, SeatState.AGREED, by, effective_on=cost.remaining.first, goes_on=plan.goes_on)
    _count(term, arrangement.seats)
    invoice = issue_invoice(
        organisation=organisation,
        buyer=buyer,
        subject=_subject(term.fiscal_year),
        lines=[
            seat_line(cost.seats, cost.unit_yen, arrangement.category, lambda: rest_words(cost.remaining))
        ],
        period=Period(cost.remaining.first, cost.remaining.last),
        fiscal_year=term.fiscal_year,
        source_key=f"{SEATS_SOURCE}{arrangement.id}",
        language=language,
        by=by,
        tells=False,
    )
    if invoice.total_yen != cost.totals.gross_yen:
        raise RuntimeError(f"the invoice says {invoice.total_yen}, the preview said {cost.totals.gross_yen}")
    arrangement.invoice_id = invoice.id
    db.session.flush()
    seat_mail.tell_with_papers(arrangement, invoice)
    seat_mail.tell_office(arrangement)


def _count(term: ContractTerm, more: int) -> None:
    """The term's snapshot counts the seats from now on; the term is locked."""
    snapshot = term.snapshot
    now = snapshot.training_seats or 0 if snapshot.agreed_seats is None else snapshot.agreed_seats
    term.tier_snapshot = dict(term.tier_snapshot) | {"agreed_seats": max(0, now + more)}
    db.session.flush()


def _take(arrangement: SeatArrangement, new: SeatState, by: Actor | None, **values: Any) -> None:
    old = arrangement.state
    if new not in NEXT[old]:
        raise OutOfDate(CHANGED)
    values |= {"state": new, "decided_at": clock.now(), "decided_by_id": by.id if by else None}
    claim = update(SeatArrangement).where(SeatArrangement.id == arrangement.id, SeatArrangement.state == old)
    done: Any = db.session.execute(claim.values(**values), execution_options={"synchronize_session": False})
    db.session.refresh(arrangement, COLUMNS)
    if done.rowcount != 1:
        raise OutOfDate(CHANGED)
    _note(arrangement, by)


def _note(arrangement: SeatArrangement, by: Actor | None) -> None:
    record(
        verb=VERBS[arrangement.state], subject=arrangement, organisation_id=arrangement.organisation_id, by=by, note=arrangement.note,
        changes={"seats": arrangement.seats, "price_yen": arrangement.price_yen}, audience=Audience.PARTY,
    )  # fmt: skip


def _subject(year: int) -> dict[str, str]:
    found = {}
    for language in ("ja", "en"):
        with in_language(language):
            found[language] = _("Extra training seats, fiscal year %(year)s", year=year)
    return found
