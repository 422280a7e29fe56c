"""What a bank's file says, as values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class FileKind(StrEnum):
    """種別コード: notices of transfers that came in, or all movements of an account."""

    NOTICES = "01"
    MOVEMENTS = "03"


class FileForm(StrEnum):
    """How it is written: records of 200 bytes, or quoted fields with commas."""

    FIXED = "fixed"
    CSV = "csv"


class Direction(StrEnum):
    """入払区分."""

    IN = "1"
    OUT = "2"


@dataclass(frozen=True)
class Header:
    """Whose account, and for which days. `balance_yen` (03 alone) is before the first movement, below nothing when overdrawn."""

    made_on: date
    from_on: date | None
    to_on: date | None
    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    deposit_kind: str
    number: str
    holder: str
    passbook: str = ""
    balance_yen: int | None = None

    @property
    def account(self) -> str:
        """What makes it the same account: bank, branch, kind and number of at least seven digits."""
        return f"{self.bank_code}-{self.branch_code}-{self.deposit_kind}-{self.number.lstrip('0').zfill(7)}"


CORRECTION = "19"  # 取引区分 訂正


class Entry(NamedTuple):
    """One movement. `line` is where it stood in the file (not part of what the bank says)."""

    booked_on: date
    amount_yen: int
    payer_name: str = ""
    reference: str = ""
    value_on: date | None = None
    direction: Direction = Direction.IN
    category: str = ""  # 取引区分 (03): 10 cash, 11 transfer, 14 booked over, 19 correction, …
    other_banks_yen: int = 0
    payer_code: str = ""
    bank: str = ""
    branch: str = ""
    is_cancelled: bool = False  # 取消区分 (01)
    edi: str = ""
    remarks: str = ""
    presented_on: date | None = None
    returned_on: date | None = None
    bill_kind: str = ""
    bill_number: str = ""
    bill_branch: str = ""
    line: int = 0

    @property
    def takes_back(self) -> bool:
        """Whether it takes money back that had come in: a cancellation (01), or a correction that goes out (03)."""
        return self.is_cancelled or (self.category == CORRECTION and self.direction is Direction.OUT)


@dataclass(frozen=True)
class Statement:
    """One account's part of a file. `is_wide` is form B of 01; `balance_yen` (03) is after the last movement."""

    header: Header
    entries: tuple[Entry, ...]
    is_wide: bool = False
    balance_yen: int | None = None


@dataclass(frozen=True)
class BankFile:
    """A whole file; its counts and sums have been found right."""

    kind: FileKind
    form: FileForm
    statements: tuple[Statement, ...]
