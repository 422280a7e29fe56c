"""The books as the office reads them: balances, what is owed, income, tax, money received."""

from portal.billing.staff.books import balance, cash, income, receivables, tax

__all__ = ["balance", "cash", "income", "receivables", "tax"]
