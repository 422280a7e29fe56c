"""Members' pages of billing, one module a noun."""

from portal.billing.routes import checkouts, invoices, pint, quotes, webhooks
from portal.billing.routes.blueprint import blueprint

__all__ = ["blueprint", "checkouts", "invoices", "pint", "quotes", "webhooks"]
