"""The groups of an invoice: parties, account, tax, totals, lines. Amounts are whole yen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.documents import BankAccount, DocumentLine, PartySnapshot, Period
from portal.domain.money import sum_yen
from portal.domain.pint.values import CATEGORIES, CORPORATE_NUMBER, CREDIT_TRANSFER, ONE
from portal.domain.pint.xml import Element, group, leaf, plain
from portal.domain.tax import Subtotal, TaxCategory

_KINDS = {"ordinary": "1", "current": "2", "savings": "4"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is written: `quantity` below nothing gives back."""

    name: str
    quantity: int
    unit_price_yen: int
    category: TaxCategory
    percent: int
    note: str = ""

    @property
    def amount_yen(self) -> int:
        """Quantity times unit price, ex tax."""
        return self.quantity * self.unit_price_yen


def lines_of(lines: Iterable[DocumentLine], rates: dict[TaxCategory, int], sign: int) -> tuple[Line, ...]:
    """Lines of a document, turned round when `sign` is -1; a price is never below nothing (rule ibr-027)."""
    return tuple(
        Line(
            each.description,
            sign * each.quantity * (-1 if each.unit_price_yen < 0 else 1),
            abs(each.unit_price_yen),
            each.category,
            rates[each.category],
            each.detail,
        )
        for each in lines
    )


def money(name: str, amount_yen: int) -> Element:
    """An amount in yen, without decimals (rule ibr-jp-06)."""
    return leaf(name, amount_yen, currencyID="JPY")


def party(snapshot: PartySnapshot, scheme: str, number: str, corporate_number: str = "") -> Element:
    """One side: its address on the network, name, postal address, tax number, legal name, contact."""
    person = f"{snapshot.title} {snapshot.person}" if snapshot.person else snapshot.department
    return group(
        "Party",
        leaf("EndpointID", number, schemeID=scheme),
        group("PartyName", leaf("Name", snapshot.name)),
        group(
            "PostalAddress",
            leaf("StreetName", snapshot.address),
            leaf("PostalZone", snapshot.postal_code),
            group("Country", leaf("IdentificationCode", "JP")),
        ),
        group("PartyTaxScheme", *_tax_number(snapshot.registration_number)),
        group(
            "PartyLegalEntity",
            leaf("RegistrationName", snapshot.name),
            leaf("CompanyID", corporate_number, schemeID=CORPORATE_NUMBER),
        ),
        group(
            "Contact",
            leaf("Name", person),
            leaf("Telephone", snapshot.telephone),
            leaf("ElectronicMail", snapshot.email),
        ),
    )


def _tax_number(number: str) -> tuple[Element, ...]:
    return (leaf("CompanyID", number), _scheme()) if number else ()


def _scheme() -> Element:
    return group("TaxScheme", leaf("ID", "VAT"))  # stands for consumption tax (rule ibr-jp-03)


def tax_category(name: str, category: TaxCategory, percent: int) -> Element:
    """Category with its rate; what is not subject to tax has none (rule ibrp-o-05), what is exempt has 0."""
    rate = [] if category is TaxCategory.OUT_OF_SCOPE else leaf("Percent", percent)
    return group(name, leaf("ID", CATEGORIES[category]), rate, _scheme())


def period(supply: Period) -> Element:
    """The period of the supply (rule ibrp-052)."""
    return group(
        "InvoicePeriod", leaf("StartDate", supply.first.isoformat()), leaf("EndDate", supply.last.isoformat())
    )


def account(bank: BankAccount, reference: str) -> Element:
    """Where to pay by transfer: bank, branch, kind and number in one (rule ibrp-016)."""
    number = f"{bank.bank_code}:{bank.branch_code}:{_KINDS[bank.kind]}:{bank.number}"
    return group(
        "PaymentMeans",
        leaf("PaymentMeansCode", CREDIT_TRANSFER),
        leaf("PaymentID", reference),
        group("PayeeFinancialAccount", leaf("ID", number), leaf("Name", bank.holder)),
    )


def tax_total(rows: Iterable[Subtotal], sign: int) -> Element:
    """One breakdown a category (rules ibrp-e-01, ibrp-o-01), and their sum."""
    listed = tuple(rows)
    return group(
        "TaxTotal",
        money("TaxAmount", sign * sum_yen(row.tax_yen for row in listed)),
        *(
            group(
                "TaxSubtotal",
                money("TaxableAmount", sign * row.net_yen),
                money("TaxAmount", sign * row.tax_yen),
                tax_category("TaxCategory", row.category, row.percent),
            )
            for row in listed
        ),
    )


def totals(net_yen: int, gross_yen: int, prepaid_yen: int = 0) -> Element:
    """Sums of the document; what was paid before goes off what is to be paid (rule ibr-co-16)."""
    return group(
        "LegalMonetaryTotal",
        money("LineExtensionAmount", net_yen),
        money("TaxExclusiveAmount", net_yen),
        money("TaxInclusiveAmount", gross_yen),
        *([money("PrepaidAmount", prepaid_yen)] if prepaid_yen else []),
        money("PayableAmount", gross_yen - prepaid_yen),
    )


def line(place: int, each: Line) -> Element:
    """One line; a name that XML cannot hold at all becomes a dash, as a line needs one (rule ibr-025)."""
    return group(
        "InvoiceLine",
        leaf("ID", place),
        leaf("Note", each.note),
        leaf("InvoicedQuantity", each.quantity, unitCode=ONE),
        money("LineExtensionAmount", each.amount_yen),
        group(
            "Item",
            leaf("Name", plain(each.name) or "-"),
            tax_category("ClassifiedTaxCategory", each.category, each.percent),
        ),
        group("Price", money("PriceAmount", each.unit_price_yen), leaf("BaseQuantity", 1, unitCode=ONE)),
    )
