"""The rules of JP PINT that our documents can break, each under the name that the specification gives it.

The order of elements is that of the UBL 2.1 schema (UBL-Invoice-2.1.xsd) for the elements that we write; the golden files
were validated with the schema itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from xml.etree import ElementTree as ET

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
SPACES = {
    "": f"{UBL}Invoice-2",
    "cac": f"{UBL}CommonAggregateComponents-2",
    "cbc": f"{UBL}CommonBasicComponents-2",
}
SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
ORDER = {
    "Invoice": "CustomizationID ProfileID ID IssueDate DueDate InvoiceTypeCode Note DocumentCurrencyCode InvoicePeriod "
    "OrderReference BillingReference AccountingSupplierParty AccountingCustomerParty PaymentMeans TaxTotal LegalMonetaryTotal "
    "InvoiceLine",
    "InvoicePeriod": "StartDate EndDate",
    "OrderReference": "ID",
    "BillingReference": "InvoiceDocumentReference",
    "InvoiceDocumentReference": "ID IssueDate",
    "AccountingSupplierParty": "Party",
    "AccountingCustomerParty": "Party",
    "Party": "EndpointID PartyName PostalAddress PartyTaxScheme PartyLegalEntity Contact",
    "PartyName": "Name",
    "PostalAddress": "StreetName PostalZone Country",
    "Country": "IdentificationCode",
    "PartyTaxScheme": "CompanyID TaxScheme",
    "TaxScheme": "ID",
    "PartyLegalEntity": "RegistrationName CompanyID",
    "Contact": "Name Telephone ElectronicMail",
    "PaymentMeans": "PaymentMeansCode PaymentID PayeeFinancialAccount",
    "PayeeFinancialAccount": "ID Name",
    "TaxTotal": "TaxAmount TaxSubtotal",
    "TaxSubtotal": "TaxableAmount TaxAmount TaxCategory",
    "TaxCategory": "ID Percent TaxScheme",
    "ClassifiedTaxCategory": "ID Percent TaxScheme",
    "LegalMonetaryTotal": "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount PrepaidAmount PayableAmount",
    "InvoiceLine": "ID Note InvoicedQuantity LineExtensionAmount Item Price",
    "Item": "Name ClassifiedTaxCategory",
    "Price": "PriceAmount BaseQuantity",
}
MANY = {"TaxSubtotal", "InvoiceLine"}
Root = ET.Element
RULES: dict[str, Callable[[Root], bool]] = {}


def rule(name: str) -> Callable[[Callable[[Root], bool]], Callable[[Root], bool]]:
    def keep(check: Callable[[Root], bool]) -> Callable[[Root], bool]:
        RULES[name] = check
        return check

    return keep


def broken_rules(xml: bytes) -> list[str]:
    """The names of the rules that a document breaks."""
    root = ET.fromstring(xml)  # noqa: S314 - our own document
    return [name for name, check in RULES.items() if not check(root)]


def text(root: Root, path: str) -> str:
    return root.findtext(path, "", SPACES)


def number(root: Root, path: str) -> Decimal:
    return Decimal(text(root, path))


def each(root: Root, path: str) -> list[Root]:
    return root.findall(path, SPACES)


def local(element: Root) -> str:
    return element.tag.rpartition("}")[2]


def subtotals(root: Root) -> Iterator[tuple[str, str, Decimal, Decimal]]:
    for row in each(root, "cac:TaxTotal/cac:TaxSubtotal"):
        category = "cac:TaxCategory/cbc:"
        yield (
            text(row, f"{category}ID"), text(row, f"{category}Percent"),
            number(row, "cbc:TaxableAmount"), number(row, "cbc:TaxAmount"),
        )  # fmt: skip


def is_registered(root: Root) -> bool:
    return "nontaxinvoice" not in text(root, "cbc:CustomizationID")


@rule("ubl-order")
def _order(root: Root) -> bool:
    for element in root.iter():
        inner = [local(child) for child in element]
        if not inner:
            continue
        wanted = ORDER[local(element)].split()
        if sorted(inner, key=wanted.index) != inner or any(
            inner.count(n) > 1 and n not in MANY for n in inner
        ):
            return False
    return True


@rule("ubl-not-empty")
def _not_empty(root: Root) -> bool:
    return all(len(element) or (element.text or "").strip() for element in root.iter())


@rule("aligned-ibrp-001-jp and 002-jp: specification and process")
def _profile(root: Root) -> bool:
    return (
        text(root, "cbc:CustomizationID")
        in (
            "urn:peppol:pint:billing-1@jp-1",
            "urn:peppol:pint:nontaxinvoice-1@jp-1",
        )
        and text(root, "cbc:ProfileID") == "urn:peppol:bis:billing"
    )


@rule("ibr-002 to 005: number, day, type, currency")
def _heads(root: Root) -> bool:
    return (
        bool(text(root, "cbc:ID"))
        and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text(root, "cbc:IssueDate")))
        and (text(root, "cbc:InvoiceTypeCode"), text(root, "cbc:DocumentCurrencyCode")) == ("380", "JPY")
    )


@rule("ibr-006 and 007: names of both")
def _names(root: Root) -> bool:
    return all(text(root, f"{who}/cac:PartyLegalEntity/cbc:RegistrationName") for who in (SELLER, BUYER))


@rule("ibr-008 to 011: addresses with their country")
def _addresses(root: Root) -> bool:
    return all(
        text(root, f"{who}/cac:PostalAddress/cac:Country/cbc:IdentificationCode") == "JP"
        for who in (SELLER, BUYER)
    )


@rule("ibr-062, 063, 080, 081: both have an address on the network, with its scheme")
def _endpoints(root: Root) -> bool:
    for who in (SELLER, BUYER):
        (found,) = each(root, f"{who}/cbc:EndpointID")
        shape = {"0188": r"[0-9]{13}", "0221": r"T[0-9]{13}"}[found.get("schemeID", "")]
        if not re.fullmatch(shape, found.text or ""):
            return False
    return True


@rule("aligned-ibr-jp-01, jp-04, jp-04-ntr: the seller's number")
def _seller_number(root: Root) -> bool:
    found = [e.text or "" for e in each(root, f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID")]
    if not is_registered(root):
        return found == []
    return len(found) == 1 and bool(re.fullmatch(r"T[0-9]{13}", found[0]))


@rule("aligned-ibr-jp-03: the scheme is VAT")
def _scheme(root: Root) -> bool:
    return {e.text for e in root.iterfind(".//cac:TaxScheme/cbc:ID", SPACES)} == {"VAT"}


@rule("aligned-ibr-jp-06: no decimals in yen")
def _whole(root: Root) -> bool:
    amounts = [e for e in root.iter() if e.get("currencyID")]
    return all(e.get("currencyID") == "JPY" and re.fullmatch(r"-?\d+", e.text or "") for e in amounts)


@rule("aligned-ibrp-016, 049: the account")
def _account(root: Root) -> bool:
    means = each(root, "cac:PaymentMeans")
    return all(
        text(m, "cbc:PaymentMeansCode") == "30" and text(m, "cac:PayeeFinancialAccount/cbc:ID") for m in means
    )


@rule("aligned-ibrp-051-jp, ntr-07, ntr-08: tax between floor and ceiling; none of the unregistered")
def _tax(root: Root) -> bool:
    for category, percent, base, tax in subtotals(root):
        share = base * Decimal(percent or 0) / 100 if is_registered(root) and category != "O" else Decimal(0)
        if not math.floor(share) <= tax <= math.ceil(share):
            return False
    return True


@rule("aligned-ibrp-052: a period")
def _period(root: Root) -> bool:
    start, end = text(root, "cac:InvoicePeriod/cbc:StartDate"), text(root, "cac:InvoicePeriod/cbc:EndDate")
    return bool(start) and start <= end


@rule("aligned-ibrp-cl-01-jp: categories of Japan")
def _codes(root: Root) -> bool:
    return {e.text for e in root.iterfind(".//cac:TaxCategory/cbc:ID", SPACES)} <= {"S", "AA", "E", "O"}


@rule("aligned-ibrp-e-01, o-01, s-01: one breakdown for each category of the lines")
def _breakdowns(root: Root) -> bool:
    rows = [category for category, *_ in subtotals(root)]
    used = {e.text for e in each(root, "cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory/cbc:ID")}
    return len(set(rows)) == len(rows) and used == set(rows)


@rule("aligned-ibrp-e-05, o-05, 048, 050: rate 0 of the exempt, none of what is not subject to tax, else one")
def _rates(root: Root) -> bool:
    wanted = {"S": "10", "AA": "8", "E": "0", "O": ""}
    places = [
        *root.iterfind(".//cac:TaxCategory", SPACES),
        *root.iterfind(".//cac:ClassifiedTaxCategory", SPACES),
    ]
    return all(text(p, "cbc:Percent") == wanted.get(text(p, "cbc:ID")) for p in places)


@rule("aligned-ibrp-e-09, o-09: no tax of the untaxed")
def _untaxed(root: Root) -> bool:
    return all(tax == 0 for category, _, _, tax in subtotals(root) if category in ("E", "O"))


@rule("ibr-016, 021 to 026: lines are complete")
def _lines(root: Root) -> bool:
    lines = each(root, "cac:InvoiceLine")
    needed = (
        "cbc:ID",
        "cbc:InvoicedQuantity",
        "cbc:LineExtensionAmount",
        "cac:Item/cbc:Name",
        "cac:Price/cbc:PriceAmount",
    )
    return bool(lines) and all(text(line, path) for line in lines for path in needed)


@rule("ibr-027: no price below nothing")
def _prices(root: Root) -> bool:
    return all(int(e.text or "-1") >= 0 for e in root.iterfind(".//cac:Price/cbc:PriceAmount", SPACES))


@rule("ibr-023: quantity has a unit")
def _units(root: Root) -> bool:
    return all(e.get("unitCode") for e in root.iterfind(".//cbc:InvoicedQuantity", SPACES))


@rule("ibr-co-04: each line has its category")
def _categorised(root: Root) -> bool:
    return all(
        text(line, "cac:Item/cac:ClassifiedTaxCategory/cbc:ID") for line in each(root, "cac:InvoiceLine")
    )


@rule("ibr-co-10: lines add up")
def _line_sum(root: Root) -> bool:
    lines = each(root, "cac:InvoiceLine")
    priced = all(
        number(x, "cbc:LineExtensionAmount")
        == number(x, "cbc:InvoicedQuantity") * number(x, "cac:Price/cbc:PriceAmount")
        for x in lines
    )
    total = sum(number(line, "cbc:LineExtensionAmount") for line in lines)
    return priced and total == number(root, "cac:LegalMonetaryTotal/cbc:LineExtensionAmount")


@rule("ibr-co-13 to 16: totals add up")
def _totals(root: Root) -> bool:
    total = "cac:LegalMonetaryTotal/cbc:"
    net, gross = number(root, f"{total}TaxExclusiveAmount"), number(root, f"{total}TaxInclusiveAmount")
    return (
        net == number(root, f"{total}LineExtensionAmount")
        and gross == net + number(root, "cac:TaxTotal/cbc:TaxAmount")
        and gross - _prepaid(root) == number(root, f"{total}PayableAmount")
    )


def _prepaid(root: Root) -> Decimal:
    path = "cac:LegalMonetaryTotal/cbc:PrepaidAmount"
    return number(root, path) if text(root, path) else Decimal(0)


@rule("ibr-co-14 and the bases: breakdowns add up")
def _bases(root: Root) -> bool:
    rows = list(subtotals(root))
    for category, _, base, _ in rows:
        of_it = [
            x
            for x in each(root, "cac:InvoiceLine")
            if text(x, "cac:Item/cac:ClassifiedTaxCategory/cbc:ID") == category
        ]
        if sum(number(x, "cbc:LineExtensionAmount") for x in of_it) != base:
            return False
    return sum(tax for *_, tax in rows) == number(root, "cac:TaxTotal/cbc:TaxAmount")


@rule("ibr-co-25: due on a day when there is something to pay")
def _due(root: Root) -> bool:
    return number(root, "cac:LegalMonetaryTotal/cbc:PayableAmount") <= 0 or bool(text(root, "cbc:DueDate"))


@rule("ibr-055: the invoice before is named")
def _before(root: Root) -> bool:
    return all(text(e, "cbc:ID") for e in root.iterfind(".//cac:InvoiceDocumentReference", SPACES))
