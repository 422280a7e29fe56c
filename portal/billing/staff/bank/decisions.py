"""What the office does with a deposit: apply, share out, park, send back, undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect
from werkzeug.wrappers import Response

from portal.billing.queries import bank
from portal.billing.queries.bank import Seen
from portal.billing.services.bank.applying import Share
from portal.billing.services.bank.applying import apply_deposit as apply_to
from portal.billing.services.bank.cancellations import pair_of, settle_pair
from portal.billing.services.bank.decisions import DECIDABLE, FASTER
from portal.billing.services.bank.parking import park_deposit as park
from portal.billing.services.bank.parking import send_deposit_back as send_back
from portal.billing.services.bank.proposing import senders_of
from portal.billing.services.bank.setting_aside import set_deposit_aside as set_aside
from portal.billing.services.bank.undoing import undo_deposit as undo
from portal.billing.staff.bank.deposits import deposit_page
from portal.billing.staff.bank.forms import (
    AsideForm,
    DepositForm,
    NoteForm,
    ProposalForm,
    ShareForm,
    UndoForm,
)
from portal.billing.staff.bank.looking import Effect, effects_of, token_of
from portal.billing.staff.bank.shares import read_proposal, reasons_for, typed_shares
from portal.billing.staff.blueprint import blueprint, books
from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.formats import yen
from portal.core.forms import refuse
from portal.core.i18n import _l
from portal.core.links import url_for
from portal.core.pages import page
from portal.core.transaction import rollback


@blueprint.post("/billing/deposits/<id:deposit_id>/apply")
@books
def apply_deposit(deposit_id: int) -> Response:
    """Apply a proposal as it was shown; where the name is known as somebody else's, its preview comes first."""
    asked = ProposalForm()
    if asked.validate() and not asked.looked.data and (preview := _of_another(deposit_id, asked)):
        return preview

    def act(seen: Seen, form: Any) -> None:
        shares = read_proposal(form.proposal.data or "")
        reasons = reasons_for(seen.deposit, shares)
        apply_to(
            deposit=seen.deposit, shares=shares, seen=form.round, by=actor(), reasons=reasons, learns=not form.keeps.data
        )  # fmt: skip

    return _do(deposit_id, asked, act, _l("%(amount)s are applied."))


def _of_another(deposit_id: int, form: ProposalForm) -> Response | None:
    """The preview of a proposal whose companies are not the one that the name is known as; else None."""
    seen = bank.find_deposit(deposit_id)
    try:
        shares = read_proposal(form.proposal.data or "")
        effects = effects_of(seen.deposit, shares)
    except (Refused, KeyError):  # an invoice that is none: said where it is applied
        return None
    if form.round != seen.standing.round:
        return None
    is_theirs = all(effect.is_senders for effect in effects) or not senders_of(seen.deposit)
    return None if is_theirs else _preview(seen, effects, shares)


def _preview(seen: Seen, effects: Sequence[Effect], shares: Sequence[Share]) -> Response:
    is_known = bool(senders_of(seen.deposit))
    return page(
        "staff/billing/preview_share.html",
        deposit=seen.deposit,
        standing=seen.standing,
        effects=effects,
        token=token_of(shares),
        keeps=is_known and not all(effect.is_senders for effect in effects),
    )


@blueprint.post("/billing/deposits/<id:deposit_id>/share")
@books
def share_deposit(deposit_id: int) -> Response:
    """Show what sharing a deposit out by hand would do; the page confirms it as a proposal of its own."""
    seen, form = bank.find_deposit(deposit_id), ShareForm()
    if not form.validate():
        return deposit_page(seen, form)
    try:
        shares = typed_shares(form)
        if form.round != seen.standing.round or seen.standing.state not in DECIDABLE:
            raise OutOfDate(FASTER)
        effects = effects_of(seen.deposit, shares)
    except Refused as refused:
        refuse(form, refused)
        form.seen.data = str(seen.standing.round)
        return deposit_page(seen, form, refused.status)
    return _preview(seen, effects, shares)


@blueprint.post("/billing/deposits/<id:deposit_id>/park")
@books
def park_deposit(deposit_id: int) -> Response:
    """Keep the money as a suspense receipt."""

    def act(seen: Seen, form: Any) -> None:
        park(deposit=seen.deposit, note=form.note.data, seen=form.round, by=actor())

    return _do(deposit_id, NoteForm(), act, _l("%(amount)s are parked."))


@blueprint.post("/billing/deposits/<id:deposit_id>/send-back")
@books
def send_deposit_back(deposit_id: int) -> Response:
    """Write down that the money went back to the payer."""

    def act(seen: Seen, form: Any) -> None:
        send_back(deposit=seen.deposit, note=form.note.data, seen=form.round, by=actor())

    return _do(deposit_id, NoteForm(), act, _l("It is written down that %(amount)s went back."))


@blueprint.post("/billing/deposits/<id:deposit_id>/set-aside")
@books
def set_deposit_aside(deposit_id: int) -> Response:
    """It is no money of members: nothing is written into the books."""

    def act(seen: Seen, form: Any) -> None:
        set_aside(deposit=seen.deposit, reason=form.why.data, seen=form.round, by=actor())

    return _do(deposit_id, AsideForm(), act, _l("%(amount)s are set aside. Nothing was booked."))


@blueprint.post("/billing/deposits/<id:deposit_id>/cancel")
@books
def cancel_deposit(deposit_id: int) -> Response:
    """Settle the bank's cancellation with the deposit that it cancels."""

    def act(seen: Seen, form: Any) -> None:
        pair = pair_of(seen.deposit) if seen.deposit.is_cancellation else None
        if pair is None:
            raise OutOfDate(
                _l("There is no undecided deposit that this cancels. Undo what was decided first.")
            )
        settle_pair(seen.deposit, pair, by=actor())

    return _do(deposit_id, DepositForm(), act, _l("Deposit and cancellation are settled."))


@blueprint.post("/billing/deposits/<id:deposit_id>/undo")
@books
def undo_deposit(deposit_id: int) -> Response:
    """Undo what was decided; everything stays in the books with its opposite."""

    def act(seen: Seen, form: Any) -> None:
        undo(deposit=seen.deposit, reason=form.reason.data, seen=form.round, by=actor())

    return _do(
        deposit_id, UndoForm(), act, _l("Undone. What was booked stays in the books with its opposite.")
    )


def _do(deposit_id: int, form: Any, act: Callable[[Seen, Any], None], done: Any) -> Response:
    """Do it and go back to the deposit; what is refused stands on the page with what was typed."""
    seen = bank.find_deposit(deposit_id)
    status = None
    if form.validate():
        try:
            act(seen, form)
            flash(str(done) % {"amount": yen(seen.deposit.amount_yen)}, "success")
            return redirect(url_for("billing_staff.show_deposit", deposit_id=deposit_id), 303)
        except Refused as refused:
            rollback()
            refuse(form, refused)
            status = refused.status
            seen = bank.find_deposit(deposit_id)
            form.seen.data = str(seen.standing.round)
    return deposit_page(seen, form, status)
