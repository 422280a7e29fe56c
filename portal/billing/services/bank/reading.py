"""What a file of the bank would add: read and compared with what is there, nothing written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from sqlalchemy import select

from portal.billing.deposits import BankFileKind
from portal.billing.models import BankAccount, BankDeposit, BankFile
from portal.billing.services.bank.accounts import account_of, columns_of
from portal.billing.wording import say_bad_file
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain import zengin
from portal.domain.bank_csv import parse_bank_csv
from portal.domain.zengin import BadBankFile, Direction, Entry, FileKind

KINDS = {FileKind.NOTICES: BankFileKind.NOTICES, FileKind.MOVEMENTS: BankFileKind.MOVEMENTS}
_PART = "\x1f"
LONG_PAST = timedelta(days=366)


class NewDeposit(NamedTuple):
    """A deposit that is not there yet."""

    account: BankAccount
    identity: str
    entry: Entry


@dataclass(frozen=True)
class FilePlan:
    """What importing a file would do. `already` is the import of the very same file; `left_out` are payments out."""

    sha256: str
    kind: BankFileKind
    account_key: str
    new: tuple[NewDeposit, ...]
    known: int
    left_out: int
    already: BankFile | None = None
    accounts: tuple[str, ...] = field(default=())

    @cached_property
    def deposits(self) -> tuple[NewDeposit, ...]:
        """New money."""
        return tuple(each for each in self.new if not each.entry.takes_back)

    @cached_property
    def cancellations(self) -> tuple[NewDeposit, ...]:
        """New records that take money back."""
        return tuple(each for each in self.new if each.entry.takes_back)

    @property
    def total_yen(self) -> int:
        """What the new deposits come to."""
        return sum(each.entry.amount_yen for each in self.deposits)

    @cached_property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day of the new deposits."""
        return _span([each.entry for each in self.deposits]) if self.deposits else None

    @cached_property
    def long_past(self) -> int:
        """How many of them are more than a year back: perhaps the years of two digits count in something else."""
        least = clock.today() - LONG_PAST
        return sum(each.entry.booked_on < least for each in self.deposits)

    @property
    def cancelled_yen(self) -> int:
        """What the cancellations come to."""
        return sum(each.entry.amount_yen for each in self.cancellations)


def plan_file(content: bytes, *, account_key: str = "") -> FilePlan:
    """Read a file. `account_key` names the account of a CSV; empty for Zengin files, which name theirs.

    Raises Refused at `file` for a file that is wrong anywhere, and at `account` for a CSV nobody has mapped.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    kind, parts = _read(content, account_key)
    same = select(BankFile).where(BankFile.sha256 == sha256, BankFile.account_key == account_key)
    already = db.session.scalars(same).one_or_none()
    new: list[NewDeposit] = []
    known = left_out = 0
    for account, entries in parts:
        coming = [each for each in entries if each.direction is Direction.IN or each.takes_back]
        left_out += len(entries) - len(coming)
        there = _known(account, coming)
        for entry, identity in zip(coming, identities(account.key, coming), strict=True):
            if identity in there:
                known += 1
            else:
                new.append(NewDeposit(account, identity, entry))
    keys = tuple(dict.fromkeys(account.key for account, _ in parts))
    return FilePlan(sha256, kind, account_key, tuple(new), known, left_out, already, keys)


def identities(account_key: str, entries: Sequence[Entry]) -> Iterator[str]:
    """The hash that makes each deposit itself, in order: account, day, reference, what the record says, its occurrence."""
    seen: dict[str, int] = {}
    for e in entries:
        said = _PART.join(
            (
                account_key, iso(e.booked_on), e.reference.lstrip("0"), str(e.amount_yen), e.payer_name,
                e.payer_code.lstrip("0"), e.category, e.bank, e.branch, e.edi, e.remarks,
                "1" if e.takes_back else "", iso(e.value_on) if e.value_on else "",
            )
        )  # fmt: skip
        seen[said] = occurrence = seen.get(said, 0) + 1
        yield hashlib.blake2b(f"{said}{_PART}{occurrence}".encode(), digest_size=20).hexdigest()


@lru_cache(maxsize=4000)
def iso(day: date) -> str:
    """A day in words of the database; a file has few of them."""
    return day.isoformat()


def _named_account(key: str) -> BankAccount:
    try:
        return account_of(key)
    except Refused as refused:
        message = _l(
            "%(account)s is no account that is registered as ours. An account is named for a CSV alone; other files of the bank name theirs.",
            account=key,
        )
        raise Refused(message, field="account") from refused


def _read(
    content: bytes, account_key: str
) -> tuple[BankFileKind, list[tuple[BankAccount, tuple[Entry, ...]]]]:
    today = clock.today()
    try:
        if account_key:
            account = _named_account(account_key)
            columns = columns_of(account.id)
            if columns is None:
                raise Refused(
                    _l("Please say under the bank's settings first how this account's CSV is read."),
                    field="account",
                )
            return BankFileKind.CSV, [(account, parse_bank_csv(content, columns, today=today))]
        file = zengin.parse(content, today=today)
    except BadBankFile as bad:
        raise Refused(say_bad_file(bad), field="file") from bad
    merged: dict[str, tuple[Entry, ...]] = {}
    for statement in file.statements:
        key = statement.header.account
        merged[key] = merged.get(key, ()) + statement.entries
    return KINDS[file.kind], [(account_of(key), entries) for key, entries in merged.items()]


def _known(account: BankAccount, entries: Sequence[Entry]) -> set[str]:
    """Identities of the account's deposits in the days of these."""
    if not entries or account.id is None:
        return set()
    first, last = _span(entries)
    there = select(BankDeposit.identity).where(
        BankDeposit.bank_account_id == account.id, BankDeposit.booked_on.between(first, last)
    )
    return set(db.session.scalars(there))


def _span(entries: Sequence[Entry]) -> tuple[date, date]:
    days = [entry.booked_on for entry in entries]
    return min(days), max(days)
