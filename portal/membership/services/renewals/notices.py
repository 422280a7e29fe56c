"""The reminder ladder of one renewal: planned for its deadline, sent once, stopped by an answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.db import db
from portal.domain.reminder_ladder import Rung, due_today, left_after_offer, plan
from portal.domain.renewal_flow import RenewalState
from portal.membership.models import Renewal, RenewalNotice
from portal.membership.renewing import NoticeState
from portal.membership.services.renewals.asking import ask

REMINDED = (RenewalState.OFFERED, RenewalState.GRACE)


def plan_notices(renewal: Renewal, steps: Iterable[int]) -> None:
    """Plan the ladder for the renewal's deadline. The offer, or the new day, is told today: steps up to today are passed over.

    Steps of an earlier deadline that were still planned are stopped; one that stands for this deadline stays as it is.
    """
    stop_notices(renewal)
    mine = select(RenewalNotice).where(
        RenewalNotice.renewal_id == renewal.id, RenewalNotice.deadline_on == renewal.deadline_on
    )
    standing = {notice.offset_days: notice for notice in db.session.scalars(mine)}
    to_come, passed_over = left_after_offer(plan(renewal.deadline_on, steps), clock.today())
    for rungs, state in ((to_come, NoticeState.PLANNED), (passed_over, NoticeState.PASSED_OVER)):
        for rung in rungs:
            _write(renewal, rung, state, standing.get(rung.offset_days))
    db.session.flush()


def _write(renewal: Renewal, rung: Rung, state: NoticeState, known: RenewalNotice | None) -> None:
    done_at = None if state is NoticeState.PLANNED else clock.now()
    if known is None:
        db.session.add(
            RenewalNotice(
                renewal_id=renewal.id, deadline_on=renewal.deadline_on, offset_days=rung.offset_days, due_on=rung.on,
                state=state, done_at=done_at,
            )
        )  # fmt: skip
    elif known.state is NoticeState.STOPPED:
        known.state, known.done_at = state, done_at


def stop_notices(renewal: Renewal) -> None:
    """Somebody answered, or the days have changed: nothing that was planned goes out any more."""
    planned = update(RenewalNotice).where(
        RenewalNotice.renewal_id == renewal.id, RenewalNotice.state == NoticeState.PLANNED
    )
    db.session.execute(
        planned.values(state=NoticeState.STOPPED, done_at=clock.now()),
        execution_options={"synchronize_session": "fetch"},
    )


def pass_over(renewal: Renewal) -> None:
    """Another mail of today says it: reminders due up to today are not sent beside it."""
    for notice in planned_notices(renewal):
        if notice.due_on <= clock.today():
            settle(notice, NoticeState.PASSED_OVER)


def remind(renewal: Renewal) -> bool:
    """Send the latest reminder that is due, pass over those before it; returns whether one went out.

    The renewal is locked by the caller. A step is claimed before it is sent: a second run finds it sent.
    """
    if renewal.state not in REMINDED or renewal.is_agreed:
        return False
    planned = {(notice.due_on, notice.offset_days): notice for notice in planned_notices(renewal)}
    due = due_today((Rung(*key) for key in planned), clock.today())
    for rung in due.passed_over:
        settle(planned[rung.on, rung.offset_days], NoticeState.PASSED_OVER)
    if due.send is None or not settle(planned[due.send.on, due.send.offset_days], NoticeState.SENT):
        return False
    record(
        verb="renewal.reminded", subject=renewal, organisation_id=renewal.organisation_id, by=None,
        audience=Audience.PARTY, changes={"deadline_on": renewal.deadline_on},
    )  # fmt: skip
    offset = due.send.offset_days
    ask(renewal, "renewal_reminder", step=f"{renewal.deadline_on}:{offset}", offset_days=offset)
    return True


def planned_notices(renewal: Renewal) -> list[RenewalNotice]:
    """Steps that have not been sent, passed over or stopped."""
    mine = select(RenewalNotice).where(
        RenewalNotice.renewal_id == renewal.id, RenewalNotice.state == NoticeState.PLANNED
    )
    return list(db.session.scalars(mine.order_by(RenewalNotice.due_on, RenewalNotice.id)))


def settle(notice: RenewalNotice, state: NoticeState) -> bool:
    """Say what became of a planned step; of several at once one succeeds."""
    claim = update(RenewalNotice).where(
        RenewalNotice.id == notice.id, RenewalNotice.state == NoticeState.PLANNED
    )
    done: Any = db.session.execute(
        claim.values(state=state, done_at=clock.now()), execution_options={"synchronize_session": False}
    )
    db.session.refresh(notice)
    return bool(done.rowcount == 1)
