"""Kinds and states of deposits on the bank's statement, with their words."""

from __future__ import annotations

from enum import StrEnum

from portal.core.i18n import _l
from portal.domain.reconciliation import Grade, Reason


class DepositState(StrEnum):
    """What has become of a deposit."""

    OPEN = "undecided"
    APPLIED = "applied"
    PARKED = "parked"
    RETURNED = "sent_back"
    ASIDE = "set_aside"
    CANCELLED = "cancelled_by_bank"

    @property
    def label(self) -> object:
        return STATE_LABELS[self]


STATE_LABELS = {
    DepositState.OPEN: _l("To be decided"),
    DepositState.APPLIED: _l("Applied to invoices"),
    DepositState.PARKED: _l("Parked"),
    DepositState.RETURNED: _l("Sent back"),
    DepositState.ASIDE: _l("Set aside"),
    DepositState.CANCELLED: _l("Cancelled by the bank"),
}


class BankFileKind(StrEnum):
    """What a file of the bank was read as."""

    NOTICES = "zengin_01"
    MOVEMENTS = "zengin_03"
    CSV = "csv"

    @property
    def label(self) -> object:
        return FILE_LABELS[self]


FILE_LABELS = {
    BankFileKind.NOTICES: _l("Notices of transfers (Zengin 01)"),
    BankFileKind.MOVEMENTS: _l("Account movements (Zengin 03)"),
    BankFileKind.CSV: _l("The bank's own CSV"),
}


class AliasKind(StrEnum):
    """What a payer is known by: the name as the bank writes it, or a code (a virtual account)."""

    NAME = "name"
    CODE = "code"

    @property
    def label(self) -> object:
        return ALIAS_LABELS[self]


ALIAS_LABELS = {
    AliasKind.NAME: _l("Name on the statement"),
    AliasKind.CODE: _l("Payer code or virtual account"),
}
GRADE_LABELS = {
    Grade.AUTOMATIC: _l("Sure"),
    Grade.LIKELY: _l("Likely"),
    Grade.POSSIBLE: _l("Possible"),
    Grade.NONE: _l("Nothing fits"),
}
REASON_LABELS = {
    Reason.EXACT: _l("The amount is exactly what is owed."),
    Reason.SUM: _l("Several invoices together are exactly this amount."),
    Reason.FEE: _l("The amount lacks only what a bank takes for a transfer."),
    Reason.PART: _l("The amount is less than what is owed; the rest stays open."),
    Reason.EXCESS: _l("The amount is more than what is owed; the rest is kept as an advance."),
    Reason.TOGETHER: _l("Together with another deposit of this payer it is exactly what is owed."),
    Reason.NUMBER: _l("The invoice number stands in the payer's text."),
    Reason.CODE: _l("The payer code or virtual account belongs to this company."),
    Reason.ALIAS: _l("This name was confirmed for this company before."),
    Reason.NAME: _l("The name on the statement is the company's name."),
    Reason.NAME_CUT: _l("The bank has cut the name off; what is left is how the company's name begins."),
    Reason.AMOUNT_ALONE: _l("Only the amount fits; the name is unknown."),
    Reason.SEVERAL_PAYERS: _l("But several companies answer to this name."),
    Reason.SEVERAL_INVOICES: _l("But several invoices fit equally well."),
    Reason.OTHER_NAME: _l(
        "Only the amount is the same: the name is that of another company, which owes nothing."
    ),
    Reason.OTHER_NUMBER: _l("But the number in the payer's text is that of another invoice."),
    Reason.OTHER_DEPOSIT: _l("But another deposit fits the same invoice."),
    Reason.SAME_MONEY: _l("But this may be the same money as a deposit of another file."),
    Reason.BY_HAND: _l("But a payment like this was recorded by hand."),
    Reason.UNDONE: _l("But what was decided about this deposit before was undone."),
    Reason.BEFORE_INVOICE: _l("But the money came before the invoice was issued."),
}
