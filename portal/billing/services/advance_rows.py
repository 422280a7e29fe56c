"""The rows, the books and the news of an advance that moves; `portal.billing.services.advances` decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import mail
from portal.billing.models import AdvanceMove, AdvancePart, Invoice, Payment
from portal.billing.services import ledger
from portal.billing.services.allocations import allocate
from portal.billing.services.bills import person_id
from portal.billing.services.payments import complete
from portal.billing.services.reopening import follow_loss
from portal.billing.signals import invoice_paid
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain import ledger as books
from portal.domain.ledger import EntryKind, Transfers
from portal.domain.settlement import Settlement
from portal.jobs.services import enqueue


@dataclass(frozen=True, slots=True)
class Part:
    """What a payment gives to a move; `released_yen` of it had settled the invoice that it leaves."""

    payment: Payment
    amount_yen: int
    released_yen: int = 0


def write(
    source: Invoice,
    target: Invoice,
    parts: Sequence[Part],
    *,
    reason: str,
    by: Actor | int | None,
    source_key: str,
    undoes: AdvanceMove | None = None,
) -> AdvanceMove:
    """The rows of a move."""
    move = AdvanceMove(
        source_key=source_key,
        undoes_id=undoes.id if undoes else None,
        organisation_id=source.organisation_id,
        from_invoice_id=source.id,
        to_invoice_id=target.id,
        amount_yen=sum(part.amount_yen for part in parts),
        reason=reason.strip()[:300],
        moved_on=clock.today(),
        moved_by_id=person_id(by),
        created_at=clock.now(),
    )
    db.session.add(move)
    db.session.flush()
    for part in parts:
        row = AdvancePart(
            move_id=move.id,
            payment_id=part.payment.id,
            amount_yen=part.amount_yen,
            released_yen=part.released_yen,
        )
        db.session.add(row)
    db.session.flush()
    return move


def arrive(
    move: AdvanceMove,
    source: Invoice,
    target: Invoice,
    parts: Sequence[Part],
    came: Settlement,
    *,
    by: Actor | int | None,
    tells: bool = True,
) -> None:
    """What follows where the money comes to: as with every payment."""
    left = came.applied_yen
    for part in parts:
        share = min(left, part.amount_yen)
        if share:
            allocate(part.payment, target.id, share)
            left -= share
    _post(move, "used", EntryKind.ADVANCE_USED, target, books.advance_used(came.applied_yen))
    _tell(move, source, target, by)
    enqueue("billing.close_checkouts", invoice_id=target.id)
    if came.is_completed:
        complete(target, parts[-1].payment, by=by)
        invoice_paid.send(target, paid_on=move.moved_on)
    elif came.applied_yen and tells:
        mail.send_advance_used(move, source, target)


def depart(back: AdvanceMove, source: Invoice, left: Settlement, *, by: Actor | int | None) -> None:
    """What follows where money goes that had settled something: it is owed again, unless another advance covers it."""
    gone = books.reversed_all(books.advance_used(-left.applied_yen))
    _post(back, "released", EntryKind.ADVANCE_RELEASED, source, gone)
    follow_loss(source, left, reason=back.reason, reference=f"advance:move:{back.id}", by=by)


def _post(move: AdvanceMove, what: str, kind: EntryKind, invoice: Invoice, transfers: Transfers) -> None:
    """An advance that only changes its invoice moves no account."""
    if transfers:
        ledger.post(
            kind,
            source=f"advance_move:{move.id}:{what}",
            transfers=transfers,
            booked_on=move.moved_on,
            memo=invoice.number,
            invoice_id=invoice.id,
        )


def _tell(move: AdvanceMove, source: Invoice, target: Invoice, by: Actor | int | None) -> None:
    verb = "advance.moved_back" if move.undoes_id else "advance.moved"
    for invoice in (source, target):
        record(
            verb=verb,
            subject=invoice,
            organisation_id=invoice.organisation_id,
            by=by,
            changes={"number": f"{source.number} → {target.number}", "amount_yen": move.amount_yen},
            note=move.reason,
            audience=Audience.PARTY,
        )
