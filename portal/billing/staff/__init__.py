"""The secretariat's pages of billing, one module a noun."""

from portal.billing.staff import invoices, issuer, ledger, payments, provider
from portal.billing.staff.blueprint import blueprint

__all__ = ["blueprint", "invoices", "issuer", "ledger", "payments", "provider"]
