"""Our bank accounts, how their CSV is read, and what the office decided about fees."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import select

from portal.audit.services import record
from portal.billing.models import BankAccount, BankMapping, BankRule
from portal.billing.queries.issuers import issuer_on
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain.bank_csv import Columns, Encoding
from portal.domain.bank_days import ShortYears
from portal.domain.reconciliation import Rules

KINDS = {"ordinary": "1", "current": "2", "savings": "4"}
TWICE = _l("This account is registered already.")
explain("uq_bank_accounts_key", TWICE, field="number")


def account_key(bank_code: str, branch_code: str, kind: str, number: str) -> str:
    """`9990-001-1-0001234`, as files of the bank name it."""
    return f"{bank_code}-{branch_code}-{KINDS.get(kind, kind)}-{number.lstrip('0').zfill(7)}"


def add_account(*, key: str, name: str, by: Actor | None) -> BankAccount:
    """Register an account of ours; raises Refused at `number` when it is registered."""
    if db.session.scalar(select(BankAccount.id).where(BankAccount.key == key)) is not None:
        raise Refused(TWICE, field="number")
    account = BankAccount(key=key, name=name[:100], created_at=clock.now())
    db.session.add(account)
    db.session.flush()
    record(verb="bank_account.added", subject=account, by=by, changes={"account": key})
    return account


def account_of(key: str) -> BankAccount:
    """The registered account, or the one on our invoices, not registered yet. Raises Refused for somebody else's."""
    standing = db.session.scalars(select(BankAccount).where(BankAccount.key == key)).one_or_none()
    if standing is not None:
        return standing
    if key == issuers_key():
        return BankAccount(key=key, name="", created_at=clock.now())
    raise Refused(
        _l(
            "This file is of account %(account)s, which is not registered as ours. Nothing was imported. If it is ours, "
            "please add it under the bank's settings first.",
            account=key,
        ),
        field="file",
    )


def registered(account: BankAccount, *, by: Actor | None) -> BankAccount:
    """The account with its row; the one on our invoices registers itself when its first file is imported."""
    return account if account.id is not None else add_account(key=account.key, name="", by=by)


def issuers_key() -> str | None:
    """The account that our invoices name today."""
    profile = issuer_on(clock.today())
    if profile is None or not (profile.bank_code and profile.branch_code and profile.account_number):
        return None
    return account_key(profile.bank_code, profile.branch_code, profile.account_kind, profile.account_number)


def rules_now() -> BankRule | None:
    """What the office decided last."""
    return db.session.scalars(select(BankRule).order_by(BankRule.id.desc()).limit(1)).first()


def matching_rules() -> Rules:
    """For the matching; undecided: fees up to 1,000 yen are proposed."""
    decided = rules_now()
    return Rules(decided.fee_yen) if decided else Rules()


def applies_itself() -> bool:
    """Whether sure deposits are applied without a click; undecided: they are."""
    decided = rules_now()
    return decided is None or decided.applies_itself


def set_rules(*, fee_yen: int, applies_itself: bool, by: Actor | None) -> BankRule:
    """Decide about fees that payers keep back, and whether what is sure needs a click."""
    Rules(fee_yen)
    before = rules_now()
    decided = BankRule(
        fee_yen=fee_yen,
        applies_itself=applies_itself,
        created_at=clock.now(),
        created_by_id=by.id if by else None,
    )
    db.session.add(decided)
    db.session.flush()
    changes = {
        "fee_yen": [before.fee_yen if before else None, fee_yen],
        "applies_itself": [before.applies_itself if before else None, applies_itself],
    }
    record(verb="bank_rules.decided", subject=decided, by=by, changes=changes)
    return decided


def set_mapping(*, account: BankAccount, columns: Columns, by: Actor | None) -> BankMapping:
    """Say how the CSV of an account is read from now on."""
    mapping = BankMapping(
        bank_account_id=account.id,
        columns=asdict(columns),
        created_at=clock.now(),
        created_by_id=by.id if by else None,
    )
    db.session.add(mapping)
    db.session.flush()
    record(verb="bank_mapping.decided", subject=mapping, by=by, changes={"account": account.key})
    return mapping


def columns_of(account_id: int) -> Columns | None:
    """How the CSV of an account is read; None when nobody has said so."""
    latest = select(BankMapping).where(BankMapping.bank_account_id == account_id)
    found = db.session.scalars(latest.order_by(BankMapping.id.desc()).limit(1)).first()
    return _columns(found.columns) if found else None


def _columns(kept: dict[str, Any]) -> Columns:
    names = {field.name for field in fields(Columns)}
    given = {name: value for name, value in kept.items() if name in names}
    given["in_words"] = tuple(given.get("in_words", ()))
    given["encoding"] = Encoding(given.get("encoding", Encoding.AUTO))
    given["short_years"] = ShortYears(given.get("short_years", ShortYears.ERA))
    return Columns(**given)
