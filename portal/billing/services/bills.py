"""What is billed, before it is issued: lines with their tax, totals, and who issues it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.billing.documents import issuer_snapshot, tax_row_data
from portal.billing.enums import FeeProduct
from portal.billing.models import IssuerProfile
from portal.billing.queries.issuers import UNDECIDED, issuer_on, treatments_on
from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.i18n import _, _l, in_language
from portal.domain.tax import Line, Subtotal, TaxCategory, Totals, total_as_said

Words = Mapping[str, str]
"""A text in both languages: {"ja": …, "en": …}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line to bill, ex tax. `category` None: as the issuer treats the product on the day of issue."""

    description: Words
    unit_price_yen: int
    quantity: int = 1
    product: FeeProduct = FeeProduct.MEMBERSHIP
    category: TaxCategory | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line whose tax category is decided."""

    line: BillLine
    category: TaxCategory

    @property
    def amount_yen(self) -> int:
        """Quantity times unit price."""
        return self.line.quantity * self.line.unit_price_yen

    def as_data(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "product": self.line.product.value,
            "description_ja": self.line.description["ja"],
            "description_en": self.line.description["en"],
            "detail": self.line.detail,
            "quantity": self.line.quantity,
            "unit_price_yen": self.line.unit_price_yen,
            "amount_yen": self.amount_yen,
            "category": self.category.value,
        }


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines with totals per rate, the notices that go with them, and the issuer of that day."""

    lines: tuple[PricedLine, ...]
    totals: Totals
    notice: str
    profile: IssuerProfile

    def columns(self, language: str) -> dict[str, Any]:
        """What every issued document keeps of it."""
        return {
            "issuer": issuer_snapshot(self.profile, language),
            "tax_rows": [tax_row_data(row) for row in self.totals.subtotals],
            "net_yen": self.totals.net_yen,
            "tax_yen": self.totals.tax_yen,
            "total_yen": self.totals.gross_yen,
        }


def make_bill(
    lines: Sequence[BillLine],
    *,
    supplied_on: date,
    issued_on: date,
    language: str,
    said: Sequence[Subtotal] = (),
) -> Bill:
    """Decide the tax of each line and total them, rounding once per rate; as another paper `said`, if it did.

    Raises Refused without an issuer or an amount.
    """
    profile = issuer_on(issued_on)
    if profile is None:
        raise Refused(
            _l(
                "The issuer's name and address have not been entered yet. The secretariat does this once under Settings."
            )
        )
    treatments = treatments_on(issued_on)
    priced = tuple(
        PricedLine(line, line.category or _category(treatments.get(line.product))) for line in lines
    )
    listed = (
        Line(p.line.description[language], p.line.quantity, p.line.unit_price_yen, p.category) for p in priced
    )
    totals = total_as_said(listed, said, profile.rounding, supplied_on)
    if totals.gross_yen <= 0:
        raise Refused(_l("A document needs an amount of at least one yen."))
    return Bill(priced, totals, _notice(priced, treatments, language), profile)


def _category(treatment: Any) -> TaxCategory:
    return treatment.category if treatment else UNDECIDED


def _notice(lines: Sequence[PricedLine], treatments: Mapping[FeeProduct, Any], language: str) -> str:
    """What the issuer says of the tax of these lines; whatever is out of scope is said to be."""
    notices = [_notice_of(each, treatments.get(each.line.product), language) for each in lines]
    return "\n".join(dict.fromkeys(notice for notice in notices if notice))


def _notice_of(line: PricedLine, treatment: Any, language: str) -> str:
    if treatment is not None and treatment.category is line.category:
        said: str = getattr(treatment, f"notice_{language}")
        if said:
            return said
    if line.category is not TaxCategory.OUT_OF_SCOPE:
        return ""
    with in_language(language):
        return _("What is marked out of scope is no consideration for a supply and bears no consumption tax.")


def person_id(by: Actor | int | None) -> int | None:
    """The number of the person who did it; None is the house itself."""
    return by.id if isinstance(by, Actor) else by
