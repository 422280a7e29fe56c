"""The parts that documents share: parties, lines, totals per rate, bank accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.domain.documents.wording import Language, span, yen
from portal.domain.money import require_yen, sum_yen
from portal.domain.tax import Subtotal, TaxCategory

Data = dict[str, Any]
"""Plain values only, ready for JSON."""

TaxRow = Subtotal
"""One rate on a document, as `portal.domain.tax.total_by_rate` gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySnapshot:
    """A sender or addressee as it stood on the day of issue, names in the language of the document.

    `address` may hold several lines. `registration_number` is `T` and 13 digits, empty for an issuer that is not
    registered and for buyers.
    """

    name: str
    is_organisation: bool = True
    postal_code: str = ""
    address: str = ""
    department: str = ""
    title: str = ""
    person: str = ""
    telephone: str = ""
    email: str = ""
    registration_number: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a party needs a name")

    @property
    def honorific(self) -> str:
        """様 when a person is addressed, 御中 when an organisation or its department is; never both."""
        return "様" if self.person or not self.is_organisation else "御中"

    def as_data(self, language: Language) -> Data:
        """All fields, `address` as a list of lines, `honorific` empty in English."""
        return {
            "name": self.name,
            "honorific": self.honorific if language is Language.JAPANESE else "",
            "postal_code": self.postal_code,
            "address": [line.strip() for line in self.address.splitlines() if line.strip()],
            "department": self.department,
            "title": self.title,
            "person": self.person,
            "telephone": self.telephone,
            "email": self.email,
            "registration_number": self.registration_number,
        }


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of a supply; a contract year is a range, a single event one day twice."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period ends before it begins")

    def written(self, language: Language) -> str:
        """`2026年4月1日〜2027年3月31日`."""
        return span(self.first, self.last, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One line, ex tax. `detail` is small print below the description; both may hold line breaks."""

    description: str
    unit_price_yen: int
    category: TaxCategory
    quantity: int = 1
    unit: str = ""
    detail: str = ""

    @property
    def amount_yen(self) -> int:
        """Quantity times unit price, ex tax."""
        return require_yen(self.quantity * self.unit_price_yen, name="line")

    def as_data(self) -> Data:
        return {
            "description": self.description,
            "detail": self.detail,
            "quantity": f"{self.quantity:,}",
            "unit": self.unit,
            "unit_price": yen(self.unit_price_yen),
            "amount": yen(self.amount_yen),
            "category": self.category.value,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Where to pay. `holder` as the bank spells it, usually kana; `kind` is `ordinary`, `current` or `savings`.

    Names in Latin letters (`bank_en`, `branch_en`, `holder_en`) may be empty. English papers show them first and the
    Japanese ones behind, for a payer needs both.
    """

    bank: str
    branch: str
    number: str
    holder: str
    bank_code: str = ""
    branch_code: str = ""
    kind: str = "ordinary"
    bank_en: str = ""
    branch_en: str = ""
    holder_en: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ("ordinary", "current", "savings"):
            raise ValueError(f"unknown kind of account: {self.kind}")

    def names(self, language: Language) -> dict[str, tuple[str, str]]:
        """Of `bank`, `branch` and `holder` the name to show first and the other one, empty where there is none."""
        pairs = {
            "bank": (self.bank_en, self.bank),
            "branch": (self.branch_en, self.branch),
            "holder": (self.holder_en, self.holder),
        }
        if language == Language.JAPANESE:
            return {key: (japanese, "") for key, (_latin, japanese) in pairs.items()}
        return {
            key: (latin, japanese) if latin else (japanese, "") for key, (latin, japanese) in pairs.items()
        }

    def as_data(self, language: Language) -> Data:
        """Plain data; `bank_other`, `branch_other` and `holder_other` stand behind in small print."""
        data: Data = {"kind": self.kind, "number": self.number}
        data |= {"bank_code": self.bank_code, "branch_code": self.branch_code}
        for key, (first, other) in self.names(language).items():
            data |= {key: first, f"{key}_other": other}
        return data


def tax_row_data(row: TaxRow) -> Data:
    """`{"category", "percent", "net", "tax", "gross"}`, amounts written out."""
    return {
        "category": row.category.value,
        "percent": row.percent,
        "net": yen(row.net_yen),
        "tax": yen(row.tax_yen),
        "gross": yen(row.gross_yen),
    }


def totals_data(rows: tuple[TaxRow, ...]) -> Data:
    """The sums over all rates, written out: `{"net", "tax", "gross"}`."""
    return {
        "net": yen(sum_yen(row.net_yen for row in rows)),
        "tax": yen(sum_yen(row.tax_yen for row in rows)),
        "gross": yen(sum_yen(row.gross_yen for row in rows)),
    }


def require_adding_up(lines: tuple[DocumentLine, ...], rows: tuple[TaxRow, ...]) -> None:
    """Raise ValueError unless every rate has one row, the lines make up its net, and net and tax its gross."""
    if len({row.category for row in rows}) != len(rows):
        raise ValueError("a tax category stands twice among the totals")
    for row in rows:
        if row.net_yen + row.tax_yen != row.gross_yen:
            raise ValueError(f"{row.category.value}: net and tax are not the gross amount")
    stated = {row.category: row.net_yen for row in rows}
    summed: dict[TaxCategory, int] = {}
    for line in lines:
        summed[line.category] = summed.get(line.category, 0) + line.amount_yen
    if lines and stated != summed:
        raise ValueError("the lines do not add up to the totals per rate")
