"""What JP PINT asks for besides the document: who the two sides are to the network, and what is lacking."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.documents import PartySnapshot
from portal.domain.tax import Subtotal, TaxCategory

REGISTERED = "urn:peppol:pint:billing-1@jp-1"
UNREGISTERED = "urn:peppol:pint:nontaxinvoice-1@jp-1"
PROFILE = "urn:peppol:bis:billing"
INVOICE_TYPE = "380"
CREDIT_TRANSFER = "30"  # UNCL 4461
ONE = "C62"  # UN/ECE Recommendation 20: one, a unit without a name
CORPORATE_NUMBER, ISSUER_NUMBER = "0188", "0221"  # ISO/IEC 6523 as the network lists them
QUALIFIED_SINCE = date(2023, 10, 1)

# UNCL 5305: standard, reduced, exempt, not subject to tax.
CATEGORIES = {
    TaxCategory.STANDARD_10: "S",
    TaxCategory.REDUCED_8: "AA",
    TaxCategory.EXEMPT: "E",
    TaxCategory.OUT_OF_SCOPE: "O",
}


class PintProblem(StrEnum):
    """Why a document cannot be written."""

    SELLER_NUMBER = "seller_number"
    BUYER_NUMBER = "buyer_number"
    TAX = "tax"  # a return that takes the rest of the tax, after many small ones


class Unfit(ValueError):
    """A document that lacks something; `.problems` says what."""

    def __init__(self, problems: tuple[PintProblem, ...]) -> None:
        super().__init__(", ".join(problem.value for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Identities:
    """Corporate numbers (13 digits), empty where there is none. They are the addresses on the network."""

    seller: str = ""
    buyer: str = ""


_THIRTEEN = re.compile(r"[0-9]{13}")
_ISSUER = re.compile(r"T[0-9]{13}")


def is_registered(issuer: PartySnapshot) -> bool:
    """Whether the issuer may state tax (rule ibr-jp-01: T and 13 digits)."""
    return bool(_ISSUER.fullmatch(issuer.registration_number))


def seller_address(issuer: PartySnapshot, identities: Identities) -> tuple[str, str]:
    """Scheme and number of the seller: the issuer's number where it is registered, else the corporate number."""
    if is_registered(issuer):
        return ISSUER_NUMBER, issuer.registration_number
    return CORPORATE_NUMBER, identities.seller


def problems(
    issuer: PartySnapshot, identities: Identities, rows: Iterable[Subtotal] = ()
) -> tuple[PintProblem, ...]:
    """What is lacking: addresses of both (rules ibr-080, ibr-081), tax that is a rounding of its share (ibrp-051-jp)."""
    found = []
    if not is_registered(issuer) and not _THIRTEEN.fullmatch(identities.seller):
        found.append(PintProblem.SELLER_NUMBER)
    if not _THIRTEEN.fullmatch(identities.buyer):
        found.append(PintProblem.BUYER_NUMBER)
    if is_registered(issuer) and any(abs(row.tax_yen - row.net_yen * row.rate) >= 1 for row in rows):
        found.append(PintProblem.TAX)
    return tuple(found)
