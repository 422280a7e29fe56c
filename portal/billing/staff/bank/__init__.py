"""The office's pages of the bank: files, deposits, names that are known, settings."""

from portal.billing.staff.bank import decisions, deposits, files, names, settings

__all__ = ["decisions", "deposits", "files", "names", "settings"]
