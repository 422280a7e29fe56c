"""Pages of accounts, one module a page family."""

from portal.accounts.routes import languages, sign_in
from portal.accounts.routes.blueprint import blueprint

__all__ = ["blueprint", "languages", "sign_in"]
