"""Use an advance: on the invoice that it stands on, or on another of the same company. A move is undone by its opposite."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.billing.models import AdvanceMove, AdvancePart, Invoice, Payment
from portal.billing.queries.advances import undone_by
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import advance_rows, settlement
from portal.billing.services.advance_rows import Part
from portal.billing.services.allocations import held_by, parts_of_advance, settled_by
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain import settlement as rules
from portal.domain.settlement import Debt, Settlement

explain("uq_advance_moves_undoes_id", _l("This advance was moved back already."))


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move does to the invoice that the money leaves, and to the one that it comes to."""

    left: Settlement
    came: Settlement


def check_move(*, source: Invoice, target: Invoice, amount_yen: int) -> Moved:
    """What moving this would do now; raises Refused at the field that cannot be right."""
    if source.organisation_id != target.organisation_id or source.id == target.id:
        raise Refused(_l("Please choose another invoice of the same company."), field="target")
    left = _leave(settlement.debt_of(source.id), amount_yen)
    return Moved(left, _come(settlement.debt_of(target.id), amount_yen))


def move_advance(
    *,
    source: Invoice,
    target: Invoice,
    amount_yen: int,
    reason: str,
    by: Actor | int | None,
    source_key: str,
    tells: bool = True,
) -> AdvanceMove:
    """Settle `target` with money that was too much on `source`; what follows is as with every payment.

    The same `source_key` gives the first move. Whoever says that himself has no mail sent about a part that is left (`tells`).
    Raises Refused as `check_move` does.
    """
    standing = db.session.scalars(select(AdvanceMove).where(AdvanceMove.source_key == source_key)).first()
    if standing is not None:
        return standing
    settlement.lock(source.id, target.id)
    check_move(source=source, target=target, amount_yen=amount_yen)
    today = clock.today()
    settlement.move(source.id, lambda debt: _leave(debt, amount_yen), on=today)
    came = settlement.move(target.id, lambda debt: _come(debt, amount_yen), on=today)
    parts = [Part(payment, part) for payment, part in parts_of_advance(source, amount_yen)]
    move = advance_rows.write(source, target, parts, reason=reason, by=by, source_key=source_key)
    advance_rows.arrive(move, source, target, parts, came, by=by, tells=tells)
    return move


def undo_move(*, move: AdvanceMove, reason: str, by: Actor) -> AdvanceMove:
    """Bring moved money back; what it had settled is owed again, unless another advance covers it.

    Raises Refused without a reason, a second time, and when the money was paid back or moved on since.
    """
    if not reason.strip():
        raise Refused(_l("Please say why this is undone."), field="reason")
    if move.undoes_id is not None or undone_by(move) is not None:
        raise Refused(_l("This advance was moved back already."))
    source, target = any_invoice(move.to_invoice_id), any_invoice(move.from_invoice_id)
    settlement.lock(source.id, target.id)
    today = clock.today()
    parts: list[Part] = []

    def change(debt: Debt) -> Settlement:
        parts[:] = _parts_back(move, debt)
        released = sum(part.released_yen for part in parts)
        return rules.take_back(debt, released, move.amount_yen - released)

    left = settlement.move(source.id, change, on=today)
    came = settlement.move(target.id, lambda debt: rules.receive(debt, move.amount_yen), on=today)
    back = advance_rows.write(
        source, target, parts, reason=reason, by=by, source_key=f"undo:{move.id}", undoes=move
    )
    advance_rows.depart(back, source, left, by=by)
    advance_rows.arrive(back, source, target, parts, came, by=by)
    return back


def _leave(debt: Debt, amount_yen: int) -> Settlement:
    if not 0 < amount_yen <= debt.excess_yen:
        message = _l(
            "The advance on this invoice is %(amount)s; more cannot be moved.", amount=yen(debt.excess_yen)
        )
        raise Refused(message, field="amount_yen")
    return rules.pay_back(debt, amount_yen)


def _come(debt: Debt, amount_yen: int) -> Settlement:
    if amount_yen > debt.outstanding_yen:
        message = _l(
            "%(amount)s are still to be paid there; more cannot be moved.", amount=yen(debt.outstanding_yen)
        )
        raise Refused(message, field="amount_yen")
    return rules.receive(debt, amount_yen)


def _parts_back(move: AdvanceMove, debt: Debt) -> list[Part]:
    """The same money, where it is now: as an advance first, else as what it settles. Raises Refused where it is gone."""
    parts, free = [], debt.excess_yen
    for given in db.session.scalars(
        select(AdvancePart).where(AdvancePart.move_id == move.id).order_by(AdvancePart.id)
    ):
        payment = db.session.get_one(Payment, given.payment_id)
        held = max(0, min(given.amount_yen, held_by(payment, move.to_invoice_id), free))
        released = given.amount_yen - held
        if released > settled_by(payment, move.to_invoice_id):
            raise Refused(
                _l("A part of this money was paid back or moved on since, so it cannot be moved back.")
            )
        parts.append(Part(payment, given.amount_yen, released))
        free -= held
    return parts
