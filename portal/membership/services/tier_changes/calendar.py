"""What the calendar does: a wish that came true with the renewal, or whose day has passed, is closed. Often or late, once."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.transaction import transaction
from portal.domain.renewal_flow import RenewalState
from portal.domain.tier_change_flow import OPEN, ChangeState, Outcome, calendar_step
from portal.membership import tier_mail
from portal.membership.models import ContractTerm, TierChange
from portal.membership.queries.renewals import renewal_in
from portal.membership.services.tier_changes.moves import locked_term, take

ENDS = (RenewalState.DECLINED, RenewalState.LAPSED)


def close_tier_changes() -> int:
    """Close what is over, one transaction each; gives how many were looked at."""
    open_ones = list(db.session.scalars(select(TierChange.id).where(TierChange.state.in_(OPEN))))
    for change_id in open_ones:
        with transaction():
            close_if_over(change_id)
    return len(open_ones)


def close_if_over(change_id: int) -> None:
    """Take the calendar's step, if there is one today."""
    mine = select(TierChange).where(TierChange.id == change_id).options(joinedload(TierChange.tier))
    change = db.session.scalars(mine).one_or_none()
    if change is None:
        raise NotFound
    term = locked_term(change.term_id)
    db.session.refresh(change, ["state"])
    outcome = _outcome(term)
    step = calendar_step(change.state, change.answer_by, change.tier.code, outcome, clock.today())
    if step is None:
        return
    take(change, step, by=None)
    if step is ChangeState.OVERTAKEN and outcome.next_tier is None:
        tier_mail.tell_closed(change)


def _outcome(term: ContractTerm) -> Outcome:
    following = select(ContractTerm.tier_code).where(
        ContractTerm.organisation_id == term.organisation_id,
        ContractTerm.fiscal_year == term.fiscal_year + 1,
        ContractTerm.cancelled_on.is_(None),
    )
    renewal = renewal_in(term.organisation_id, term.fiscal_year + 1)
    is_closed = term.cancelled_on is not None or (renewal is not None and renewal.state in ENDS)
    return Outcome(db.session.scalar(following), is_closed)
