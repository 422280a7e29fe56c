"""Compare deposits with what is owed, and write down what seems to fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import String, select, type_coerce

from portal.accounts.models import Organisation
from portal.billing.deposits import AliasKind, DepositState
from portal.billing.models import BankDeposit, DepositStanding, Invoice, NumberSeries, PayerAlias, Receivable
from portal.billing.services.bank.accounts import matching_rules
from portal.core.bulk import insert_rows, undisturbed, update_rows
from portal.core.db import db
from portal.domain.numbering import DocumentKind
from portal.domain.reconciliation import (
    Claim,
    Deposit,
    Grade,
    Match,
    OpenClaims,
    Payer,
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
_STANDING = (
    type_coerce(DepositStanding.grade, String), DepositStanding.invoice_id, DepositStanding.invoices,
    DepositStanding.reasons,
)  # fmt: skip


def open_claims() -> OpenClaims:
    """Everything that is owed now, and by whom."""
    connection = db.session.connection()
    owed = (
        select(
            Invoice.id,
            Invoice.number,
            Receivable.organisation_id,
            Receivable.outstanding_yen,
            Receivable.due_on,
        )
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .where(Receivable.outstanding_yen > 0)
    )
    claims = [Claim._make(row) for row in connection.execute(owed).all()]
    return OpenClaims(claims, _payers(), _last_numbers())


def _last_numbers() -> dict[int, int]:
    """Of the invoices of each year; they are counted in the transaction that issues them, so all before were issued too."""
    counted = select(NumberSeries.fiscal_year, NumberSeries.last)
    rows = db.session.connection().execute(counted.where(NumberSeries.kind == DocumentKind.INVOICE))
    return {row.fiscal_year: row.last for row in rows}


def _payers() -> list[Payer]:
    """Everybody by the reading of the name and the English name, and by every name and code that was confirmed."""
    connection = db.session.connection()
    known: dict[int, dict[AliasKind, list[str]]] = {}
    remembered = select(PayerAlias.organisation_id, PayerAlias.kind, PayerAlias.key, PayerAlias.name)
    remembered = remembered.where(PayerAlias.forgotten_at.is_(None))
    for organisation_id, kind, key, name in connection.execute(remembered):
        said = name if kind is AliasKind.NAME else key
        known.setdefault(organisation_id, {}).setdefault(kind, []).append(said)
    names = connection.execute(select(Organisation.id, Organisation.name_kana, Organisation.name_en))
    return [
        Payer(
            id,
            kana,
            tuple(known.get(id, {}).get(AliasKind.NAME, ())),
            tuple(known.get(id, {}).get(AliasKind.CODE, ())),
            latin,
        )
        for id, kana, latin in names
    ]


def proposals_for(deposit: BankDeposit) -> Match:
    """What fits one deposit at this moment; undecided ones that want the same invoice are known to it."""
    return proposals_beside(deposit)[0]


def proposals_beside(deposit: BankDeposit) -> tuple[Match, Sequence[BankDeposit]]:
    """What fits one deposit at this moment, and the undecided ones that seem to pay an invoice of its best proposal."""
    if deposit.is_cancellation:
        return Match(deposit.id, ()), ()
    claims, rules = open_claims(), matching_rules()
    alone = match_one(asked_of(deposit), claims, rules)
    rivals = _rivals_of(deposit, alone)
    if not rivals:
        return alone, ()
    asked = [asked_of(each) for each in (deposit, *rivals)]
    return match_all(asked, claims, rules)[deposit.id], rivals


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


def asked_of(deposit: BankDeposit) -> Deposit:
    """A deposit as the rules know it."""
    return Deposit(deposit.id, deposit.amount_yen, deposit.payer_name, deposit.payer_code, deposit.text)


def match_open_deposits(new_in: int | None = None) -> int:
    """Compare every undecided deposit with every open invoice; gives how many proposals have changed.

    `new_in` is a file that has just been imported: its deposits stand nowhere yet and begin here.
    """
    with undisturbed():
        known = _asked(
            select(*_DEPOSIT, *_STANDING)
            .join(DepositStanding, DepositStanding.deposit_id == BankDeposit.id)
            .where(DepositStanding.state == DepositState.OPEN)
        )
        new = _asked(select(*_DEPOSIT).where(BankDeposit.bank_file_id == new_in)) if new_in else []
        if not known and not new:
            return 0
        asked = [deposit for deposit, *_rest in (*known, *new)]
        matches = match_all(
            [each for each, cancels in zip(asked, _cancels(known, new), strict=True) if not cancels],
            open_claims(),
            matching_rules(),
        )
        _begin([(deposit.id, booked_on, matches.get(deposit.id)) for deposit, _c, booked_on, *_s in new])
        return _write(
            (matches[deposit.id], tuple(standing))
            for deposit, cancels, _day, *standing in known
            if not cancels
        )


def _asked(statement: Any) -> list[tuple[Any, ...]]:
    """Deposits as the rules know them, whether they cancel, their day, and what else was selected."""
    rows = db.session.connection().execute(statement).all()
    return [
        (Deposit(id, amount, name, code, f"{edi} {remarks}" if edi or remarks else ""), cancels, day, *more)
        for id, amount, name, code, edi, remarks, cancels, day, *more in rows
    ]


def _cancels(*parts: list[tuple[Any, ...]]) -> list[bool]:
    return [row[1] for part in parts for row in part]


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
