"""One step of an application: a conditional update, so that of two at once one succeeds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate
from portal.core.i18n import _l
from portal.domain.application_flow import ApplicationState, Mover, MoveReason, check_move, sources_of
from portal.membership.models import Application

REASONS = {
    MoveReason.ALREADY_THERE: _l("This has been done already. The page shows the newest state."),
    MoveReason.FINAL: _l("This application is closed; nothing can be changed any more."),
    MoveReason.NO_SUCH_STEP: _l("This step is not possible at present. The page shows the newest state."),
    MoveReason.NOT_YOURS: _l("This step is for somebody else to take."),
}
CHANGED = _l("Somebody has changed this application in the meantime. Please look at it again.")


def move(
    application: Application,
    new: ApplicationState,
    mover: Mover,
    *,
    revision: int | None = None,
    **values: Any,
) -> ApplicationState:
    """Bring the application to `new` with `values`, if it still stands where that is allowed; returns the old state.

    `revision` is what the mover has seen. Raises Refused for a step that is not allowed, OutOfDate when another was
    faster. The row in memory is read again afterwards.
    """
    old = application.state
    verdict = check_move(old, new, mover)
    if not verdict.is_allowed:
        raise OutOfDate(REASONS[verdict.reason])
    conditions = [Application.id == application.id, Application.state.in_(sources_of(new, mover))]
    conditions.append(Application.revision == (application.revision if revision is None else revision))
    values = {"state": new, "moved_at": clock.now()} | values
    statement = update(Application).where(*conditions).values(values)
    result: Any = db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.refresh(application)
    if result.rowcount != 1:
        raise OutOfDate(CHANGED)
    return old
