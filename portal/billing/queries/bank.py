"""Deposits, files of the bank and known names, as the office sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import String, and_, bindparam, func, or_, select, type_coerce

from portal.accounts.models import Organisation, Person
from portal.accounts.queries.organisations import name_column
from portal.billing.deposits import DepositState
from portal.billing.models import (
    Allocation,
    BankAccount,
    BankDeposit,
    BankFile,
    DecisionReversal,
    DepositDecision,
    DepositPart,
    DepositStanding,
    FeeReturn,
    Invoice,
    PayerAlias,
    Receivable,
)
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import _l
from portal.core.pages import PAGE_SIZE, Listing, Slice, keyset
from portal.domain.reconciliation import Grade
from portal.files.models import StoredFile

UPLOADED = "application/x-bank-statement"  # looked at, not imported yet


class DepositChip(StrEnum):
    """The filters of the list."""

    UNDECIDED = "undecided"
    PROPOSED = "proposed"
    APPLIED = "applied"
    PARKED = "parked"
    ALL = "all"

    @property
    def label(self) -> object:
        return CHIP_LABELS[self]


CHIP_LABELS = {
    DepositChip.UNDECIDED: _l("To be decided"),
    DepositChip.PROPOSED: _l("With a proposal"),
    DepositChip.APPLIED: _l("Applied to invoices"),
    DepositChip.PARKED: _l("Parked"),
    DepositChip.ALL: _l("All"),
}
_STATES = {DepositChip.APPLIED: DepositState.APPLIED, DepositChip.PARKED: DepositState.PARKED}


def list_deposits(
    chip: DepositChip, *, language: str, cursor: str | None = None, size: int = PAGE_SIZE
) -> Slice[Any]:
    """Rows of id, day, payer, amount, state, grade, invoice, company, number of invoices, whether it cancels; newest first."""
    return _deposits(chip, language).slice(cursor, size)


@cache
def _deposits(chip: DepositChip, language: str) -> Listing:
    deposit, standing, invoice = BankDeposit.__table__.c, DepositStanding.__table__.c, Invoice.__table__.c
    statement = (
        select(
            deposit.id,
            deposit.booked_on,
            deposit.payer_name,
            deposit.amount_yen,
            type_coerce(standing.state, String),
            type_coerce(standing.grade, String),
            invoice.number,
            name_column(language),
            standing.invoices,
            deposit.is_cancellation,
        )
        .select_from(DepositStanding.__table__)
        .join(BankDeposit.__table__, deposit.id == standing.deposit_id)
        .outerjoin(Invoice.__table__, invoice.id == standing.invoice_id)
        .outerjoin(Organisation.__table__, Organisation.__table__.c.id == invoice.organisation_id)
    )
    if chip is DepositChip.ALL:
        return Listing(statement, (standing.deposit_id, True))
    statement = statement.where(standing.state == _STATES.get(chip, DepositState.OPEN))
    if chip is DepositChip.PROPOSED:
        statement = statement.where(standing.grade != Grade.NONE)
    return Listing(statement, (standing.booked_on, True), (standing.deposit_id, True))


@dataclass(frozen=True, slots=True)
class Seen:
    """A deposit with where it stands and where it came from."""

    deposit: BankDeposit
    standing: DepositStanding
    file: BankFile
    account: BankAccount


def find_deposit(deposit_id: int) -> Seen:
    """A deposit; NotFound when there is none."""
    statement = (
        select(BankDeposit, DepositStanding, BankFile, BankAccount)
        .join(DepositStanding, DepositStanding.deposit_id == BankDeposit.id)
        .join(BankFile, BankFile.id == BankDeposit.bank_file_id)
        .join(BankAccount, BankAccount.id == BankDeposit.bank_account_id)
        .where(BankDeposit.id == deposit_id)
        .execution_options(populate_existing=True)
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return Seen(*row)


def decisions_of(deposit_id: int) -> Sequence[Any]:
    """Rows of decision, its reversal if it was undone, and who did each; the latest first."""
    decider, undoer = Person.__table__.alias("decider"), Person.__table__.alias("undoer")
    statement = (
        select(
            DepositDecision,
            DecisionReversal,
            decider.c.name.label("decided_by"),
            undoer.c.name.label("undone_by"),
        )
        .outerjoin(DecisionReversal, DecisionReversal.decision_id == DepositDecision.id)
        .outerjoin(decider, decider.c.id == DepositDecision.decided_by_id)
        .outerjoin(undoer, undoer.c.id == DecisionReversal.reversed_by_id)
        .where(DepositDecision.deposit_id == deposit_id)
        .order_by(DepositDecision.id.desc())
    )
    return db.session.execute(statement).all()


def parts_of(deposit_id: int) -> Sequence[Any]:
    """Rows of invoice id, number, company (ja, en), amount, fee of the decision that holds, and how much of the amount settled it."""
    undone = select(DecisionReversal.decision_id)
    settled = (
        select(func.coalesce(func.sum(Allocation.amount_yen), 0))
        .where(Allocation.payment_id == DepositPart.payment_id, Allocation.invoice_id == Invoice.id)
        .correlate(DepositPart, Invoice)
        .scalar_subquery()
    )
    statement = (
        select(
            Invoice.id,
            Invoice.number,
            Organisation.name_ja,
            Organisation.name_en,
            DepositPart.amount_yen,
            FeeReturn.total_yen.label("fee_yen"),
            settled,
        )
        .join(DepositDecision, DepositDecision.id == DepositPart.decision_id)
        .join(Invoice, Invoice.id == DepositPart.invoice_id)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .outerjoin(
            FeeReturn,
            (FeeReturn.decision_id == DepositPart.decision_id) & (FeeReturn.invoice_id == Invoice.id),
        )
        .where(DepositDecision.deposit_id == deposit_id, DepositDecision.id.not_in(undone))
    )
    return db.session.execute(statement.order_by(Invoice.id)).all()


def deposit_of(payment_id: int) -> int | None:
    """The deposit that a payment came from."""
    found = (
        select(DepositDecision.deposit_id)
        .join(DepositPart, DepositPart.decision_id == DepositDecision.id)
        .where(DepositPart.payment_id == payment_id)
    )
    return db.session.scalar(found)


def next_open_deposit(standing: DepositStanding) -> tuple[int, int | None]:
    """How many deposits are still to be decided, and the next of them below this one on the list (then from its top)."""
    there = DepositStanding.state == DepositState.OPEN
    others = (there, DepositStanding.deposit_id != standing.deposit_id)
    below = or_(
        DepositStanding.booked_on < standing.booked_on,
        and_(
            DepositStanding.booked_on == standing.booked_on, DepositStanding.deposit_id < standing.deposit_id
        ),
    )
    order = (below.desc(), DepositStanding.booked_on.desc(), DepositStanding.deposit_id.desc())
    following = select(DepositStanding.deposit_id).where(*others).order_by(*order).limit(1)
    count = db.session.scalar(select(func.count()).select_from(DepositStanding).where(*others)) or 0
    return int(count), db.session.scalar(following)


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice that a deposit may pay."""

    id: int
    number: str
    company_id: int
    company_ja: str
    company_en: str
    subject_ja: str
    subject_en: str
    open_yen: int
    due_on: Any

    def company(self, language: str) -> str:
        """The name for a reader of `language`."""
        return self.company_en if language == "en" and self.company_en else self.company_ja

    def subject(self, language: str) -> str:
        """What it is for."""
        return self.subject_en if language == "en" else self.subject_ja


def owed_invoices(ids: Iterable[int]) -> dict[int, Owed]:
    """What is owed on these invoices, by number of the row."""
    wanted = sorted(set(ids))
    return {row.id: row for row in _owed(Invoice.id.in_(wanted))} if wanted else {}


def owed_by_number(numbers: Iterable[str]) -> dict[str, Owed]:
    """What is owed on invoices of these numbers; unknown ones are left out."""
    return {row.number: row for row in _owed(Invoice.number.in_(sorted(set(numbers))))}


def _owed(condition: Any) -> list[Owed]:
    statement = (
        select(
            Invoice.id,
            Invoice.number,
            Organisation.id,
            Organisation.name_ja,
            Organisation.name_en,
            Invoice.subject_ja,
            Invoice.subject_en,
            Receivable.outstanding_yen,
            Receivable.due_on,
        )
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .where(condition)
    )
    return [Owed(*row) for row in db.session.execute(statement.order_by(Invoice.id))]


def list_bank_files(*, cursor: str | None) -> Slice[BankFile]:
    """Files as they were imported, the latest first."""
    return keyset(select(BankFile), (BankFile.id, True), cursor=cursor, scalars=True)


def find_bank_file(bank_file_id: int) -> BankFile:
    """An imported file; NotFound when there is none."""
    found = db.session.get(BankFile, bank_file_id)
    if found is None:
        raise NotFound
    return found


def find_upload(upload_id: int) -> StoredFile:
    """A file that was looked at and not imported yet; NotFound otherwise."""
    waiting = select(StoredFile).where(
        StoredFile.id == upload_id, StoredFile.media_type == UPLOADED, StoredFile.is_kept.is_(False)
    )
    found = db.session.scalars(waiting).one_or_none()
    if found is None:
        raise NotFound
    return found


def bank_accounts() -> Sequence[BankAccount]:
    """Our accounts, in the order of their keys."""
    return db.session.scalars(select(BankAccount).order_by(BankAccount.key)).all()


def find_account(account_id: int) -> BankAccount:
    """An account of ours; NotFound when there is none."""
    found = db.session.get(BankAccount, account_id)
    if found is None:
        raise NotFound
    return found


def list_aliases(*, text: str, cursor: str | None, language: str) -> Slice[Any]:
    """Rows of id, kind, name, company's id and name, and since when, for names that hold; by company."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    typed: dict[str, Any] = {"like": f"%{escaped}%"} if text else {}
    return _aliases(language, bool(text)).slice(cursor, **typed)


@cache
def _aliases(language: str, is_searched: bool) -> Listing:
    alias, body = PayerAlias.__table__.c, Organisation.__table__.c
    columns = (
        alias.id,
        type_coerce(alias.kind, String),
        alias.name,
        body.id,
        name_column(language),
        alias.learned_at,
    )
    statement = (
        select(*columns)
        .select_from(PayerAlias.__table__)
        .join(Organisation.__table__, body.id == alias.organisation_id)
        .where(alias.forgotten_at.is_(None))
    )  # fmt: skip
    if is_searched:
        like: Any = bindparam("like")
        statement = statement.where(
            alias.name.ilike(like, escape="\\") | body.name_ja.ilike(like, escape="\\")
        )
    return Listing(statement, (alias.organisation_id, False), (alias.id, False))


def find_alias(alias_id: int) -> PayerAlias:
    """A known name; NotFound when there is none."""
    found = db.session.get(PayerAlias, alias_id)
    if found is None:
        raise NotFound
    return found


def company_by_number(corporate_number: str) -> Organisation | None:
    """The company of a corporate number."""
    same = select(Organisation).where(Organisation.corporate_number == corporate_number)
    return db.session.scalars(same).one_or_none()
