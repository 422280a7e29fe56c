"""Tables of billing, one module a noun. What was issued or received is frozen; what changes stands beside it."""

from portal.billing.models.checkouts import CheckoutAttempt
from portal.billing.models.credits import AllocationRelease, CreditNote, Refund
from portal.billing.models.invoices import Invoice, InvoiceLine, NumberSeries, Receivable
from portal.billing.models.issuers import IssuerProfile, TaxTreatment
from portal.billing.models.ledger import JournalEntry, LedgerTransfer
from portal.billing.models.payments import Allocation, Payment, PaymentReversal
from portal.billing.models.provider import ProviderDifference, ProviderLook, WebhookEvent
from portal.billing.models.quotes import Quote
from portal.billing.models.receipts import Receipt, ReceiptVoid
from portal.billing.models.revisions import InvoiceRevision

__all__ = [
    "Allocation",
    "AllocationRelease",
    "CheckoutAttempt",
    "CreditNote",
    "Invoice",
    "InvoiceLine",
    "InvoiceRevision",
    "IssuerProfile",
    "JournalEntry",
    "LedgerTransfer",
    "NumberSeries",
    "Payment",
    "PaymentReversal",
    "ProviderDifference",
    "ProviderLook",
    "Quote",
    "Receipt",
    "ReceiptVoid",
    "Receivable",
    "Refund",
    "TaxTreatment",
    "WebhookEvent",
]
