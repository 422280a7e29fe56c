"""Compare deposits with what is owed, and write down what seems to fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select, update

from portal.accounts.models import Organisation
from portal.billing.deposits import AliasKind, DepositState
from portal.billing.models import BankDeposit, DepositStanding, Invoice, PayerAlias, Receivable
from portal.billing.services.bank.accounts import matching_rules
from portal.core.db import db
from portal.domain.reconciliation import (
    Claim,
    Deposit,
    Grade,
    Match,
    OpenClaims,
    Payer,
    match_all,
    match_one,
)

_DEPOSIT = (
    BankDeposit.id, BankDeposit.amount_yen, BankDeposit.payer_name, BankDeposit.payer_code, BankDeposit.edi,
    BankDeposit.remarks,
)  # fmt: skip
_STANDING = (
    DepositStanding.grade, DepositStanding.invoice_id, DepositStanding.invoices, DepositStanding.reasons
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
    claims = [Claim._make(row) for row in connection.execute(owed)]
    return OpenClaims(claims, _payers({claim.payer_id for claim in claims}))


def _payers(owing: set[int]) -> list[Payer]:
    """Those who owe, with every name and code that was confirmed for somebody (also for one who owes nothing now)."""
    connection = db.session.connection()
    known: dict[int, dict[AliasKind, list[str]]] = {}
    remembered = select(PayerAlias.organisation_id, PayerAlias.kind, PayerAlias.key)
    for organisation_id, kind, key in connection.execute(remembered.where(PayerAlias.forgotten_at.is_(None))):
        known.setdefault(organisation_id, {}).setdefault(kind, []).append(key)
    names = connection.execute(select(Organisation.id, Organisation.name_kana))
    return [
        Payer(
            id,
            kana if id in owing else "",
            tuple(known.get(id, {}).get(AliasKind.NAME, ())),
            tuple(known.get(id, {}).get(AliasKind.CODE, ())),
        )
        for id, kana in names
        if id in owing or id in known
    ]


def proposals_for(deposit: BankDeposit) -> Match:
    """What fits one deposit at this moment."""
    if deposit.is_cancellation:
        return Match(deposit.id, ())
    asked = Deposit(deposit.id, deposit.amount_yen, deposit.payer_name, deposit.payer_code, deposit.text)
    return match_one(asked, open_claims(), matching_rules())


def match_open_deposits() -> int:
    """Compare every undecided deposit with every open invoice; gives how many proposals have changed."""
    connection = db.session.connection()
    undecided = (
        select(*_DEPOSIT, *_STANDING)
        .join(DepositStanding, DepositStanding.deposit_id == BankDeposit.id)
        .where(DepositStanding.state == DepositState.OPEN, BankDeposit.is_cancellation.is_(False))
    )
    before: dict[int, tuple[Any, ...]] = {}
    deposits: list[Deposit] = []
    for id, amount, name, code, edi, remarks, *standing in connection.execute(undecided):
        deposits.append(Deposit(id, amount, name, code, f"{edi} {remarks}" if edi or remarks else ""))
        before[id] = tuple(standing)
    if not deposits:
        return 0
    found = match_all(deposits, open_claims(), matching_rules())
    return _write((match, before[match.deposit_id]) for match in found.values())


def refresh(deposit: BankDeposit) -> None:
    """Say anew what fits one deposit (it has just become undecided again)."""
    _write([(proposals_for(deposit), ())])


def _said(match: Match) -> tuple[Grade, int | None, int, str]:
    if not match.proposals:
        return Grade.NONE, None, 0, ""
    best = match.proposals[0]
    return best.grade, best.parts[0].invoice_id, len(best.parts), ",".join(sorted(best.reasons))


def _write(matches: Iterable[tuple[Match, tuple[Any, ...]]]) -> int:
    rows: list[dict[str, Any]] = []
    for match, before in matches:
        said = _said(match)
        if said != before:
            rows.append(dict(zip(_SAID, (match.deposit_id, *said), strict=True)))
    if rows:
        one = (
            update(DepositStanding)
            .where(DepositStanding.deposit_id == bindparam("row"), DepositStanding.state == DepositState.OPEN)
            .values({name.removeprefix("new_"): bindparam(name) for name in _SAID[1:]})
        )
        db.session.connection().execute(one, rows)
    return len(rows)


_SAID = ("row", "new_grade", "new_invoice_id", "new_invoices", "new_reasons")
