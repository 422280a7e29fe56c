"""Compare deposits with what is owed, and write down what seems to fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import String, select, type_coerce

from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit, DepositStanding
from portal.billing.services.bank.accounts import matching_rules
from portal.billing.services.bank.owing import open_claims
from portal.billing.services.bank.twins import doubles_on, twins_of
from portal.core.bulk import insert_rows, undisturbed, update_rows
from portal.core.db import db
from portal.domain.reconciliation import (
    Deposit,
    Grade,
    Match,
    Proposal,
    Reason,
    match_all,
    match_one,
)

MOST_RIVALS = 20
_DEPOSIT = (
    BankDeposit.id, BankDeposit.amount_yen, BankDeposit.payer_name, BankDeposit.payer_code, BankDeposit.edi,
    BankDeposit.remarks, BankDeposit.is_cancellation, type_coerce(BankDeposit.booked_on, String),
)  # fmt: skip
_DAY = len(_DEPOSIT) - 1
_STANDING = (
    type_coerce(DepositStanding.grade, String), DepositStanding.invoice_id, DepositStanding.invoices,
    DepositStanding.reasons,
)  # fmt: skip


class Beside(NamedTuple):
    """What fits a deposit, undecided ones that seem to pay an invoice of its best proposal, and those that may be itself."""

    match: Match
    rivals: Sequence[BankDeposit] = ()
    twins: Sequence[tuple[BankDeposit, DepositState]] = ()


def proposals_for(deposit: BankDeposit) -> Match:
    """What fits one deposit at this moment; undecided ones that want the same invoice are known to it."""
    return proposals_beside(deposit).match


def proposals_beside(deposit: BankDeposit) -> Beside:
    """What fits one deposit at this moment, and the deposits that this has to do with."""
    if deposit.is_cancellation:
        return Beside(Match(deposit.id, ()))
    claims, rules, twins = open_claims({deposit.booked_on}), matching_rules(), twins_of(deposit)
    standing = db.session.get(DepositStanding, deposit.id)
    asked = asked_of(deposit, standing, is_told_twice=bool(twins))
    alone = match_one(asked, claims, rules)
    rivals = _rivals_of(deposit, alone)
    if not rivals:
        return Beside(alone, twins=twins)
    both = match_all([asked, *(asked_of(each) for each in rivals)], claims, rules)
    return Beside(both[deposit.id], rivals, twins)


def _rivals_of(deposit: BankDeposit, match: Match) -> Sequence[BankDeposit]:
    if not match.proposals:
        return []
    wanted = [part.invoice_id for part in match.proposals[0].parts]
    theirs = (
        select(BankDeposit)
        .join(DepositStanding, DepositStanding.deposit_id == BankDeposit.id)
        .where(
            DepositStanding.state == DepositState.OPEN,
            DepositStanding.invoice_id.in_(wanted),
            BankDeposit.id != deposit.id,
            BankDeposit.is_cancellation.is_(False),
        )
    )
    return db.session.scalars(theirs.order_by(BankDeposit.id).limit(MOST_RIVALS)).all()


def senders_of(deposit: BankDeposit) -> set[int]:
    """Companies whose name or code it carries, whether they owe anything or not."""
    claims, asked = open_claims(), asked_of(deposit)
    known = set(claims.payers(asked))
    return known | set(claims.idle(asked, known))


def asked_of(
    deposit: BankDeposit, standing: DepositStanding | None = None, *, is_told_twice: bool = False
) -> Deposit:
    """A deposit as the rules know it; an undecided one that has rounds was decided once, and somebody undid that."""
    is_undone = standing is not None and standing.state is DepositState.OPEN and standing.round > 0
    return Deposit(
        deposit.id, deposit.amount_yen, deposit.payer_name, deposit.payer_code, deposit.text, deposit.booked_on,
        is_told_twice, is_undone,
    )  # fmt: skip


def match_open_deposits(new_in: int | None = None) -> int:
    """Compare every undecided deposit with every open invoice; gives how many proposals have changed.

    `new_in` is a file that has just been imported: its deposits stand nowhere yet and begin here.
    """
    with undisturbed():
        known = _rows(
            select(*_DEPOSIT, *_STANDING, DepositStanding.round)
            .join(DepositStanding, DepositStanding.deposit_id == BankDeposit.id)
            .where(DepositStanding.state == DepositState.OPEN)
        )
        new = _rows(select(*_DEPOSIT).where(BankDeposit.bank_file_id == new_in)) if new_in else []
        if not known and not new:
            return 0
        days = {_day(told) for told in {row[_DAY] for rows in (known, new) for row in rows}}
        undone = {row[0] for row in known if row[-1]}
        matches = match_all(_asked((*known, *new), days, undone), open_claims(days), matching_rules())
        _begin([(row[0], row[_DAY], matches.get(row[0])) for row in new])
        return _write((matches[row[0]], row[_DAY + 1 : -1]) for row in known if row[0] in matches)


def _rows(statement: Any) -> Sequence[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.connection().execute(statement)]


def _asked(rows: Iterable[tuple[Any, ...]], days: set[date], undone: set[int]) -> list[Deposit]:
    """Deposits as the rules know them; cancellations pay nothing."""
    doubles = doubles_on(days)
    return [
        Deposit(
            id, amount, name, code, f"{edi} {remarks}" if edi or remarks else "", _day(day), id in doubles, id in undone
        )
        for id, amount, name, code, edi, remarks, cancels, day, *_standing in rows
        if not cancels
    ]  # fmt: skip


@lru_cache(maxsize=4000)
def _day(told: date | str) -> date:
    """As SQLite keeps a day, or as PostgreSQL gives it."""
    return told if isinstance(told, date) else date.fromisoformat(told)


def _begin(new: list[tuple[int, str, Match | None]]) -> None:
    """Where new deposits stand: undecided, with what fits them."""
    state = DepositState.OPEN.value
    rows = [(id, day, state, 0, *(_said(match) if match else _NOTHING)) for id, day, match in new]
    columns = ("deposit_id", "booked_on", "state", "round", "grade", "invoice_id", "invoices", "reasons")
    insert_rows(DepositStanding, columns, rows)


def refresh(deposit: BankDeposit) -> None:
    """Say anew what fits one deposit (it has just become undecided again)."""
    _write([(proposals_for(deposit), ())])


_NOTHING = (Grade.NONE.value, None, 0, "")


def _said(match: Match) -> tuple[str, int | None, int, str]:
    if not match.proposals:
        return _NOTHING
    best = match.proposals[0]
    grade, reasons = _why(best.reasons)
    return grade, best.parts[0].invoice_id, len(best.parts), reasons


@lru_cache(maxsize=2000)
def _why(reasons: frozenset[Reason]) -> tuple[str, str]:
    return Proposal((), reasons).grade.value, ",".join(sorted(reasons))


def _write(matches: Iterable[tuple[Match, tuple[Any, ...]]]) -> int:
    """Where a deposit is still undecided and something else is said of it now."""
    still = DepositState.OPEN.value
    rows = [(match.deposit_id, still, *said) for match, before in matches if (said := _said(match)) != before]
    update_rows(
        DepositStanding, ("deposit_id", "state"), ("grade", "invoice_id", "invoices", "reasons"), rows
    )
    return len(rows)
