"""The books as the office reads them: balances, what is owed, income, tax, money received."""

from portal.billing.staff.books import balance

__all__ = ["balance"]
