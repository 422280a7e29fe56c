"""Members' pages of billing, one module a noun."""

from portal.billing.routes import checkouts, invoices, orders, pint, quotes, webhooks
from portal.billing.routes.blueprint import blueprint

__all__ = ["blueprint", "checkouts", "invoices", "orders", "pint", "quotes", "webhooks"]
