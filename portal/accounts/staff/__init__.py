"""The office's pages of accounts."""

from portal.accounts.staff import organisations, people
from portal.accounts.staff.blueprint import blueprint

__all__ = ["blueprint", "organisations", "people"]
