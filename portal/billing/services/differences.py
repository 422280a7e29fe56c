"""Note where our books and the provider's differ, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from portal.audit.services import record
from portal.billing.enums import DifferenceKind
from portal.billing.models import ProviderDifference
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db, insert_or_ignore
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.gateways.payments import ProviderRefused, ProviderUnavailable

log = structlog.get_logger()


def note_difference(
    kind: DifferenceKind, *, reference: str, details: dict[str, Any], invoice_id: int | None = None
) -> bool:
    """Write a difference down unless it is known; whether it is new. `reference` is what differs, e.g. `pi_…`."""
    same = select(ProviderDifference.id).where(
        ProviderDifference.kind == kind, ProviderDifference.reference == reference
    )
    if db.session.scalar(same) is not None:
        return False
    insert_or_ignore(
        ProviderDifference,
        kind=kind,
        reference=reference,
        invoice_id=invoice_id,
        details=details,
        found_at=clock.now(),
        note="",
    )
    return True


def resolve_difference(*, difference: ProviderDifference, note: str, by: Actor) -> None:
    """Say what became of a difference; raises Refused without words, OutOfDate when somebody did before."""
    if not note.strip():
        raise Refused(_l("Please say what became of it."), field="note")
    first = (
        update(ProviderDifference)
        .where(ProviderDifference.id == difference.id, ProviderDifference.resolved_at.is_(None))
        .values(resolved_at=clock.now(), resolved_by_id=by.id, note=note[:500])
        .returning(ProviderDifference.id)
    )
    if db.session.execute(first, execution_options={"synchronize_session": "fetch"}).first() is None:
        raise OutOfDate(_l("Somebody has resolved this already."))
    record(verb="difference.resolved", subject=difference, by=by, note=note[:500])


@contextmanager
def alone(**what: str) -> Iterator[None]:
    """What goes wrong with one of many stops none of the others; the log says which. An outage stops all."""
    try:
        yield
    except (ProviderUnavailable, ProviderRefused, OperationalError):
        raise
    except Exception:
        log.warning("comparison_passed_over", exc_info=True, **what)
