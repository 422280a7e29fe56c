"""One step of a wish: a conditional update, so that of several at once one succeeds, and its line in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.tier_change_flow import NEXT, ChangeState
from portal.membership.models import ContractTerm, TierChange
from portal.membership.queries.tier_changes import open_change_of

CHANGED = _l("The contract or its price has changed in the meantime. Please look at it again.")
OPEN_ALREADY = _l("A wish for another tier is open already. Please see to that one first.")
VERBS = {
    ChangeState.ASKED: "tier_change.asked",
    ChangeState.PLANNED: "tier_change.planned",
    ChangeState.AGREED: "tier_change.agreed",
    ChangeState.DECLINED: "tier_change.declined",
    ChangeState.WITHDRAWN: "tier_change.withdrawn",
    ChangeState.OVERTAKEN: "tier_change.overtaken",
    ChangeState.TAKEN_BACK: "tier_change.taken_back",
}
COLUMNS = [column.key for column in TierChange.__mapper__.column_attrs]


def locked_term(term_id: int) -> ContractTerm:
    """The term as it is now, kept from others until the commit; raises NotFound."""
    mine = select(ContractTerm).where(ContractTerm.id == term_id).with_for_update()
    found = db.session.scalars(mine, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound
    return found


def refuse_second(term: ContractTerm) -> None:
    """One open wish at a time. Raises Refused."""
    if open_change_of(term.id) is not None:
        raise Refused(OPEN_ALREADY)


def note(change: TierChange, *, by: Actor | int | None, changes: Mapping[str, Any] | None = None) -> None:
    """Its line in the trail, where it stands now."""
    record(
        verb=VERBS[change.state], subject=change, organisation_id=change.organisation_id, by=by, note=change.reason,
        changes=changes, audience=Audience.PARTY,
    )  # fmt: skip


def take(
    change: TierChange,
    new: ChangeState,
    *,
    by: Actor | int | None,
    changes: Mapping[str, Any] | None = None,
    **values: Any,
) -> None:
    """Bring it to `new` with `values` if it stands where that is allowed. Raises OutOfDate when another was faster."""
    old = change.state
    if new not in NEXT[old]:
        raise OutOfDate(CHANGED)
    values |= {
        "state": new,
        "decided_at": clock.now(),
        "decided_by_id": by.id if isinstance(by, Actor) else by,
    }
    claim = update(TierChange).where(TierChange.id == change.id, TierChange.state == old)
    done: Any = db.session.execute(claim.values(**values), execution_options={"synchronize_session": False})
    db.session.refresh(change, COLUMNS)
    if done.rowcount != 1:
        raise OutOfDate(CHANGED)
    note(change, by=by, changes=changes)
