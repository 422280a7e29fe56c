"""What stands on a quote, an order confirmation, an invoice, a receipt or a credit note, as data that can be kept and printed again.

Frozen dataclasses hold the facts as they were on the day of issue; `.as_data()` turns one into plain
dictionaries, lists, strings, numbers and None, with amounts and dates already written in the document's language.
The templates under templates/documents/billing/ print nothing but that.
"""

from portal.domain.documents.kinds import (
    CreditNoteDocument,
    InvoiceDocument,
    OrderDocument,
    QuoteDocument,
    ReceiptDocument,
)
from portal.domain.documents.parts import BankAccount, DocumentLine, PartySnapshot, Period, TaxRow
from portal.domain.documents.wording import Language, day, span, yen

__all__ = [
    "BankAccount",
    "CreditNoteDocument",
    "DocumentLine",
    "InvoiceDocument",
    "Language",
    "OrderDocument",
    "PartySnapshot",
    "Period",
    "QuoteDocument",
    "ReceiptDocument",
    "TaxRow",
    "day",
    "span",
    "yen",
]
