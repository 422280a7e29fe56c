"""What a layout says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from portal.domain.ledger import Account
from portal.domain.tax import TaxCategory

MOST_COLUMNS = 60
LONGEST_TITLE = 60


class Shape(StrEnum):
    """PAIR: debit and credit of a transfer side by side in one row. SIDES: one row for each side."""

    PAIR = "pair"
    SIDES = "sides"


class Field(StrEnum):
    """What can stand in a column. `debit_*` and `credit_*` belong to PAIR, `account_*` and `side` to SIDES."""

    SLIP = "slip"  # counts entries from 1
    ROW = "row"  # counts rows of an entry from 1
    DAY = "day"
    MEMO = "memo"
    PARTNER = "partner"
    DOCUMENT = "document"
    EVENT = "event"
    ENTRY = "entry"  # the portal's own number, the same in every export
    DEBIT_CODE = "debit_code"
    DEBIT_NAME = "debit_name"
    DEBIT_SUB = "debit_sub"
    DEBIT_DEPARTMENT = "debit_department"
    DEBIT_TAX = "debit_tax"
    DEBIT_AMOUNT = "debit_amount"
    CREDIT_CODE = "credit_code"
    CREDIT_NAME = "credit_name"
    CREDIT_SUB = "credit_sub"
    CREDIT_DEPARTMENT = "credit_department"
    CREDIT_TAX = "credit_tax"
    CREDIT_AMOUNT = "credit_amount"
    ACCOUNT_CODE = "account_code"
    ACCOUNT_NAME = "account_name"
    ACCOUNT_SUB = "account_sub"
    ACCOUNT_DEPARTMENT = "account_department"
    ACCOUNT_TAX = "account_tax"

    @property
    def shape(self) -> Shape | None:
        """The shape that it belongs to; None for both. Amounts of either side stand in both."""
        if self in (Field.DEBIT_AMOUNT, Field.CREDIT_AMOUNT):
            return None
        head = self.value.partition("_")[0]
        return {"debit": Shape.PAIR, "credit": Shape.PAIR, "account": Shape.SIDES}.get(head)


class DayFormat(StrEnum):
    """How days are written."""

    SLASHES = "yyyy/mm/dd"
    HYPHENS = "yyyy-mm-dd"
    DIGITS = "yyyymmdd"
    ERA = "era"  # R8.05.01


class Letters(StrEnum):
    """How letters are coded."""

    CP932 = "cp932"
    UTF_8 = "utf-8-sig"


class Strangers(StrEnum):
    """What happens to characters that the file cannot hold: the export says which, or 〓 stands in their place."""

    REFUSE = "refuse"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class AccountCode:
    """One of our accounts in the other program. `sub` may hold `{company}`; empty code and name: not mapped."""

    code: str = ""
    name: str = ""
    sub: str = ""
    department: str = ""
    tax: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title and what stands in it. Without a field `fixed` stands in every row."""

    title: str
    field: Field | None = None
    fixed: str = ""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Everything about the file. `taxes` gives fee income its tax code by category, where it is known and not empty."""

    shape: Shape = Shape.PAIR
    columns: tuple[Column, ...] = ()
    accounts: Mapping[Account, AccountCode] = field(default_factory=dict)
    taxes: Mapping[TaxCategory, str] = field(default_factory=dict)
    day_format: DayFormat = DayFormat.SLASHES
    letters: Letters = Letters.CP932
    strangers: Strangers = Strangers.REFUSE
    has_head: bool = True

    def as_data(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "shape": self.shape.value,
            "columns": [[c.title, c.field.value if c.field else None, c.fixed] for c in self.columns],
            "accounts": {account.value: asdict(code) for account, code in self.accounts.items()},
            "taxes": {category.value: code for category, code in self.taxes.items()},
            "day_format": self.day_format.value,
            "letters": self.letters.value,
            "strangers": self.strangers.value,
            "has_head": self.has_head,
        }

    @classmethod
    def from_data(cls, kept: Mapping[str, Any]) -> Layout:
        """What `as_data` gave; accounts that there are no longer are left out."""
        known = {account.value for account in Account}
        return cls(
            shape=Shape(kept["shape"]),
            columns=tuple(Column(t, Field(f) if f else None, fixed) for t, f, fixed in kept["columns"]),
            accounts={Account(a): AccountCode(**c) for a, c in kept["accounts"].items() if a in known},
            taxes={TaxCategory(category): code for category, code in kept["taxes"].items()},
            day_format=DayFormat(kept["day_format"]),
            letters=Letters(kept["letters"]),
            strangers=Strangers(kept["strangers"]),
            has_head=kept["has_head"],
        )
