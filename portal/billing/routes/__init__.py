"""Members' pages of billing, one module a noun."""

from portal.billing.routes import invoices, webhooks
from portal.billing.routes.blueprint import blueprint

__all__ = ["blueprint", "invoices", "webhooks"]
