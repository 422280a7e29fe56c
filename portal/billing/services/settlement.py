"""Move what is owed: the rules decide on amounts that were read, the row moves only if they still hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NoReturn

from sqlalchemy import func, select, update

from portal.billing.enums import ReceivableState
from portal.billing.models import Invoice, Receivable
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.settlement import Debt, Settlement

MOST_TRIES = 50


def move(invoice_id: int, change: Callable[[Debt], Settlement], *, on: date) -> Settlement:
    """Apply `change` to what is owed on an invoice; two at once take turns. `on` is the day it is settled, if it is.

    `change` is asked again when somebody was faster, so it may read what else it depends on. Raises Refused as `check` does.
    """
    for _try in range(MOST_TRIES):
        seen = debt_of(invoice_id)
        settlement = check(invoice_id, change(seen))
        if write(invoice_id, seen, settlement.after, on):
            return settlement
    raise OutOfDate(_l("Somebody else is changing this invoice. Please look at it again."))


def check(invoice_id: int, wanted: Settlement) -> Settlement:
    """The same movement; raises Refused where the claim is written off: only the whole of it can come back first."""
    if wanted.disturbs_write_off:
        refuse_written_off(invoice_id)
    return wanted


def refuse_written_off(invoice_id: int, *, field: str | None = None) -> NoReturn:
    """Say what comes first, and where. Raises Refused."""
    number = db.session.get_one(Invoice, invoice_id).number
    message = _l(
        "The claim of invoice %(number)s was written off. Please undo the write-off on the page of the invoice first.",
        number=number,
    )
    raise Refused(message, field=field)


def lock(*invoice_ids: int) -> None:
    """Others who move what is owed on these wait (PostgreSQL; on SQLite this transaction is the only writer)."""
    rows = select(Receivable.invoice_id).where(Receivable.invoice_id.in_(invoice_ids))
    db.session.execute(rows.order_by(Receivable.invoice_id).with_for_update()).all()


def debt_of(invoice_id: int) -> Debt:
    """What is owed at this moment."""
    columns = select(
        Receivable.total_yen, Receivable.outstanding_yen, Receivable.excess_yen,
        Receivable.credited_yen, Receivable.written_off_yen,
    )  # fmt: skip
    row = db.session.execute(columns.where(Receivable.invoice_id == invoice_id)).one_or_none()
    if row is None:
        raise NotFound
    return Debt(*row)


def write(invoice_id: int, seen: Debt, after: Debt, on: date) -> bool:
    """Write the new amounts if the row still says what was seen; whether it did. What was settled before keeps its day."""
    as_seen = (
        update(Receivable)
        .where(
            Receivable.invoice_id == invoice_id,
            Receivable.outstanding_yen == seen.outstanding_yen,
            Receivable.excess_yen == seen.excess_yen,
            Receivable.credited_yen == seen.credited_yen,
            Receivable.written_off_yen == seen.written_off_yen,
        )
        .values(
            outstanding_yen=after.outstanding_yen,
            excess_yen=after.excess_yen,
            credited_yen=after.credited_yen,
            written_off_yen=after.written_off_yen,
            state=ReceivableState(after.standing.value),
            settled_on=func.coalesce(Receivable.settled_on, on) if after.is_settled else None,
        )
        .returning(Receivable.invoice_id)
    )
    return db.session.execute(as_seen, execution_options={"synchronize_session": "fetch"}).first() is not None
