"""The secretariat's pages of billing, one module a noun."""

from portal.billing.staff import (
    advances,
    bank,
    books,
    corrections,
    credits,
    disputes,
    invoices,
    issuer,
    journal,
    papers,
    payments,
    pint,
    provider,
    quotes,
    replacements,
    returns,
    writeoffs,
)
from portal.billing.staff.blueprint import blueprint

__all__ = [
    "advances",
    "bank",
    "blueprint",
    "books",
    "corrections",
    "credits",
    "disputes",
    "invoices",
    "issuer",
    "journal",
    "papers",
    "payments",
    "pint",
    "provider",
    "quotes",
    "replacements",
    "returns",
    "writeoffs",
]
