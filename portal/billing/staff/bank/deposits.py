"""The list of deposits, and one of them with what fits it."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.accounts.services.exports import note_export
from portal.billing.deposits import GRADE_LABELS, REASON_LABELS, DepositState
from portal.billing.exports import deposit_rows
from portal.billing.queries import bank
from portal.billing.queries.bank import DepositChip, Seen
from portal.billing.queries.returns import written_off_of
from portal.billing.services.bank.cancellations import pair_of
from portal.billing.services.bank.decisions import DECIDABLE
from portal.billing.services.bank.setting_aside import is_alone
from portal.billing.staff.bank.forms import ROWS, AsideForm, NoteForm, ShareForm, UndoForm
from portal.billing.staff.bank.shares import fitting_no_more, fitting_now, lost_of
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.access import actor
from portal.core.exports import send_table, wanted_format
from portal.core.i18n import _, current_language
from portal.core.links import url_for
from portal.core.pages import LARGEST_EXPORT, cursor_argument, page, whole
from portal.core.transaction import outside_transaction
from portal.domain.reconciliation import Reason


@blueprint.get("/billing/deposits")
@books
def list_deposits() -> Response:
    """Deposits on the bank's statement; the filter stands in the URL."""
    chip, cursor = _chip(), cursor_argument()
    found = bank.list_deposits(chip, cursor=cursor, language=current_language())
    return page(
        "staff/billing/list_deposits.html",
        found=found,
        cursor=cursor,
        chip=chip,
        chips=[{"label": c.label, "url": _list_url(c), "active": c is chip} for c in DepositChip],
        state_words={state.value: str(state.label) for state in DepositState},
        grade_words={grade.value: str(label) for grade, label in GRADE_LABELS.items()},
        list_url=_list_url(chip),
        export_url=url_for("billing_staff.export_deposits", **_shown(chip)),
        next_url=_list_url(chip, after=found.next_cursor) if found.next_cursor else None,
    )


@blueprint.post("/billing/deposits/export")
@books
def export_deposits() -> Response:
    """The whole list as it is filtered, as CSV or XLSX. Taking it out of the house stands in the trail."""
    chip, kind, language = _chip(), wanted_format(), current_language()
    head, rows = deposit_rows(whole(bank.list_deposits(chip, language=language, size=LARGEST_EXPORT)))
    note_export(name="deposits", kind=kind.value, rows=len(rows), by=actor(), wanted={"show": chip.value})
    name = f"deposits-{clock.today():%Y%m%d}"
    with outside_transaction():  # a large sheet takes seconds
        return send_table(kind, name=name, title=_("Deposits"), head=head, rows=rows)


@blueprint.get("/billing/deposits/<id:deposit_id>")
@books
def show_deposit(deposit_id: int) -> Response:
    """One deposit: what fits it and why, or what became of it."""
    return deposit_page(bank.find_deposit(deposit_id))


def deposit_page(seen: Seen, form: Any = None, status: int | None = None) -> Response:
    """The page of a deposit; `form` is what was refused."""
    standing, deposit = seen.standing, seen.deposit
    is_open = standing.state in DECIDABLE
    fitting = fitting_now(deposit) if is_open else fitting_no_more(deposit)
    return page(
        "staff/billing/show_deposit.html",
        status,
        seen=seen,
        deposit=deposit,
        standing=standing,
        is_open=is_open,
        proposals=fitting.proposals,
        idle=fitting.idle,
        rivals=fitting.rivals,
        twins=fitting.twins,
        by_hand=fitting.by_hand,
        lost=lost_of(form)
        or (written_off_of(*(company.id for company in fitting.idle)) if fitting.idle else ()),
        parts=bank.parts_of(deposit.id) if standing.state is DepositState.APPLIED else [],
        pair=pair_of(deposit) if deposit.is_cancellation and is_open else None,
        steps=list(_steps(deposit.id)) if standing.round else [],
        form=form,
        share_form=_of(ShareForm, form, standing.round),
        note_form=_of(NoteForm, form, standing.round),
        aside_form=_of(AsideForm, form, standing.round),
        can_be_aside=is_open and (not deposit.is_cancellation or is_alone(deposit)),
        undo_form=_of(UndoForm, form, standing.round),
        rows=ROWS,
        left=(0, None) if standing.state is DepositState.OPEN else bank.next_open_deposit(standing),
    )


def _of(kind: Any, refused: Any, round: int) -> Any:
    """The form of this kind: as it was refused, or empty for this round."""
    return refused if isinstance(refused, kind) else kind(formdata=None, seen=str(round))


def _chip() -> DepositChip:
    return next((c for c in DepositChip if c.value == request.args.get("show")), DepositChip.UNDECIDED)


def _shown(chip: DepositChip) -> dict[str, Any]:
    return {} if chip is DepositChip.UNDECIDED else {"show": chip.value}


def _list_url(chip: DepositChip, **more: Any) -> str:
    return url_for("billing_staff.list_deposits", **_shown(chip), **more)


def _steps(deposit_id: int) -> Any:
    """What happened to it, the latest first."""
    for decision, reversal, decided_by, undone_by in bank.decisions_of(deposit_id):
        if reversal is not None and reversal.reason:
            yield {
                "at": reversal.reversed_at,
                "who": undone_by,
                "what": _("Undone: %(what)s", what=decision.state.label),
                "note": reversal.reason,
            }
        why = " ".join(str(REASON_LABELS[Reason(code)]) for code in decision.reasons.split(",") if code)
        yield {
            "at": decision.decided_at,
            "who": decided_by or _("By itself"),
            "what": decision.state.label,
            "note": decision.note or why,
        }
