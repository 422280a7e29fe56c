"""Files of the bank, imported or looked at, and our accounts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.billing.models import (
    BankAccount,
    BankFile,
)
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Slice, keyset
from portal.files.models import StoredFile

UPLOADED = "application/x-bank-statement"  # looked at, not imported yet


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
