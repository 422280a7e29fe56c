"""One step of a renewal: a conditional update, so that of several at once one succeeds, and its line in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate
from portal.core.i18n import _l
from portal.domain.renewal_flow import Act, Party, RenewalState, Standing, check_act, next_step
from portal.membership.models import Renewal, RenewalCampaign
from portal.membership.renewing import REASON_WORDS

CHANGED = _l("Somebody has changed this renewal in the meantime. Please look at it again.")
VERBS = {
    Act.OFFER: "renewal.offered",
    Act.RENEW: "renewal.renewed",
    Act.JOIN: "renewal.joined",
    Act.INVOICE: "renewal.invoiced",
    Act.PAY: "renewal.paid",
    Act.REOPEN: "renewal.reopened",
    Act.CANCEL: "renewal.cancelled",
    Act.DECLINE: "renewal.declined",
    Act.MISS: "renewal.missed",
    Act.SUSPEND: "renewal.suspended",
    Act.LAPSE: "renewal.lapsed",
    Act.EXTEND: "renewal.extended",
    Act.REINSTATE: "renewal.reinstated",
    Act.END: "renewal.ended",
    Act.ENROL: "renewal.enrolled_again",
}
# of a renewal that is open again; what was answered before stands in its timeline
NO_ANSWER: dict[str, Any] = {
    "answered_at": None, "answered_by_id": None, "answer_way": None, "decline_reason": None, "decline_note": "",
}  # fmt: skip
COLUMNS = [column.key for column in Renewal.__mapper__.column_attrs]


def require_seen(renewal: Renewal, seen: int | None) -> None:
    """An old page is told so before anything else. Raises OutOfDate."""
    if seen is not None and seen != renewal.version:
        raise OutOfDate(CHANGED)


def take(
    renewal: Renewal,
    act: Act,
    party: Party,
    *,
    by: Actor | int | None,
    seen: int | None = None,
    agreed: bool | None = None,
    note: str = "",
    changes: Mapping[str, Any] | None = None,
    **values: Any,
) -> RenewalState:
    """Do `act` with `values` if the renewal still stands where that is allowed; returns the old state.

    `seen` is the version that the page showed; `agreed` is given where a contract is made to stand again. Raises OutOfDate, with the reason, when the act is not possible now or
    another was faster. The columns in memory are read again afterwards.
    """
    require_seen(renewal, seen)
    old = renewal.state
    verdict = check_act(old, act, party, agreed=renewal.is_agreed if agreed is None else agreed)
    if verdict.new is None:
        raise OutOfDate(REASON_WORDS[verdict.reason])
    values |= {"state": verdict.new, "version": renewal.version + 1, "moved_at": clock.now()}
    values["next_on"] = _next_on(renewal, values)
    claim = update(Renewal).where(
        Renewal.id == renewal.id, Renewal.state == old, Renewal.version == renewal.version
    )
    done: Any = db.session.execute(claim.values(**values), execution_options={"synchronize_session": False})
    db.session.refresh(renewal, COLUMNS)
    if done.rowcount != 1:
        raise OutOfDate(CHANGED)
    record(
        verb=VERBS[act], subject=renewal, organisation_id=renewal.organisation_id, by=by, note=note,
        changes=changes, audience=Audience.PARTY,
    )  # fmt: skip
    return old


def _next_on(renewal: Renewal, values: Mapping[str, Any]) -> Any:
    standing = Standing(
        values["state"],
        values.get("deadline_on", renewal.deadline_on),
        values.get("is_agreed", renewal.is_agreed),
        values.get("pay_by", renewal.pay_by),
        since=clock.today(),
    )
    step = next_step(standing, campaign_of(renewal).season)
    return step.on if step else None


def campaign_of(renewal: Renewal) -> RenewalCampaign:
    """Its campaign, read once a session."""
    return db.session.get_one(RenewalCampaign, renewal.campaign_id)


def locked(renewal_id: int) -> Renewal:
    """The renewal as it is now, kept from others until the commit; raises NotFound."""
    mine = select(Renewal).where(Renewal.id == renewal_id).with_for_update()
    found = db.session.scalars(mine, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound
    return found
