"""Kinds of papers that the register keeps, and states of the archives made from it, with their words."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from portal.core.i18n import _l

ARCHIVE_KEPT = timedelta(days=7)
MOST_PAPERS = 20_000
MOST_ARCHIVE_BYTES = 500_000_000
MOST_WAITING = 3
RECEIVED_ORDER = "received_orders"  # source_type of an order as it came on paper; source_id: our order


class PaperKind(StrEnum):
    """What a paper is; issued by us unless it says otherwise."""

    QUOTE = "quote"
    ORDER = "order"  # received
    ORDER_CONFIRMATION = "order_confirmation"
    INVOICE = "invoice"
    CORRECTED_INVOICE = "corrected_invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    BANK_FILE = "bank_file"  # received
    OTHER = "other"

    @property
    def label(self) -> object:
        return PAPER_LABELS[self]

    @property
    def is_received(self) -> bool:
        """True for what others gave us."""
        return self in (PaperKind.ORDER, PaperKind.BANK_FILE)


PAPER_LABELS = {
    PaperKind.QUOTE: _l("Quote"),
    PaperKind.ORDER: _l("Order"),
    PaperKind.ORDER_CONFIRMATION: _l("Order confirmation"),
    PaperKind.INVOICE: _l("Invoice"),
    PaperKind.CORRECTED_INVOICE: _l("Corrected invoice"),
    PaperKind.CREDIT_NOTE: _l("Credit note"),
    PaperKind.RECEIPT: _l("Receipt"),
    PaperKind.BANK_FILE: _l("Bank file"),
    PaperKind.OTHER: _l("Other paper"),
}


class ArchiveState(StrEnum):
    """What has become of an archive."""

    WAITING = "waiting"
    WORKING = "processing"
    READY = "done"
    FAILED = "failed"
    GONE = "expired"

    @property
    def label(self) -> object:
        return ARCHIVE_LABELS[self]


ARCHIVE_LABELS = {
    ArchiveState.WAITING: _l("Waiting to be made"),
    ArchiveState.WORKING: _l("Being made"),
    ArchiveState.READY: _l("Ready"),
    ArchiveState.FAILED: _l("Not made"),
    ArchiveState.GONE: _l("Deleted after some days"),
}
