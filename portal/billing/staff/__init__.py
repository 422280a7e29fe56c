"""The secretariat's pages of billing, one module a noun."""

from portal.billing.staff import bank, corrections, credits, invoices, issuer, ledger, payments, provider
from portal.billing.staff.blueprint import blueprint

__all__ = [
    "bank",
    "blueprint",
    "corrections",
    "credits",
    "invoices",
    "issuer",
    "ledger",
    "payments",
    "provider",
]
