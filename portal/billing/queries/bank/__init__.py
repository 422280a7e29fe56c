"""Deposits, files of the bank and known names, as the office sees them."""

from portal.billing.queries.bank.decided import decisions_of, deposit_of, parts_of
from portal.billing.queries.bank.deposits import (
    CHIP_LABELS,
    DepositChip,
    Outside,
    Seen,
    find_deposit,
    list_deposits,
    money_outside,
    next_open_deposit,
)
from portal.billing.queries.bank.files import (
    UPLOADED,
    bank_accounts,
    find_account,
    find_bank_file,
    find_upload,
    list_bank_files,
)
from portal.billing.queries.bank.names import companies_of, company_by_number, find_alias, list_aliases
from portal.billing.queries.bank.owed import Owed, owed_by_number, owed_invoices

__all__ = [
    "CHIP_LABELS",
    "DepositChip",
    "Outside",
    "Owed",
    "Seen",
    "UPLOADED",
    "bank_accounts",
    "companies_of",
    "company_by_number",
    "decisions_of",
    "deposit_of",
    "find_account",
    "find_alias",
    "find_bank_file",
    "find_deposit",
    "find_upload",
    "list_aliases",
    "list_bank_files",
    "list_deposits",
    "money_outside",
    "next_open_deposit",
    "owed_by_number",
    "owed_invoices",
    "parts_of",
]
