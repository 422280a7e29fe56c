"""The public pages, a company's home, and the demo's mailbox, one module a noun."""

from portal.home.routes import companies, mailbox, public
from portal.home.routes.blueprint import blueprint

__all__ = ["blueprint", "companies", "mailbox", "public"]
