"""Tables of billing, one module a noun. What was issued or received is frozen; what changes stands beside it."""

from portal.billing.models.advances import AdvanceMove, AdvancePart
from portal.billing.models.bank import BankAccount, BankFile, BankMapping, BankRule, PayerAlias
from portal.billing.models.checkouts import CheckoutAttempt
from portal.billing.models.credits import AllocationRelease, CreditNote, Refund
from portal.billing.models.deposits import (
    BankDeposit,
    DecisionReversal,
    DepositDecision,
    DepositPart,
    DepositStanding,
    FeeReturn,
)
from portal.billing.models.disputes import Dispute, PayerBalance
from portal.billing.models.invoices import Invoice, InvoiceLine, NumberSeries, Receivable
from portal.billing.models.issuers import IssuerProfile, TaxTreatment
from portal.billing.models.journal import JournalMapping, JournalRun, JournalRunEntry
from portal.billing.models.ledger import JournalEntry, LedgerTransfer
from portal.billing.models.orders import Order, OrderWay, QuoteStanding
from portal.billing.models.payments import Allocation, Payment, PaymentReversal
from portal.billing.models.provider import ProviderDifference, ProviderLook, WebhookEvent
from portal.billing.models.quotes import Quote
from portal.billing.models.receipts import Receipt, ReceiptVoid
from portal.billing.models.register import ArchiveChunk, KeptPaper, PaperArchive
from portal.billing.models.replacements import InvoiceReplacement
from portal.billing.models.returns import (
    PaymentWithdrawal,
    RefundOrder,
    RefundReversal,
    WriteOff,
    WriteOffReversal,
)
from portal.billing.models.revisions import InvoiceRevision

__all__ = [
    "AdvanceMove",
    "AdvancePart",
    "Allocation",
    "AllocationRelease",
    "ArchiveChunk",
    "BankAccount",
    "BankDeposit",
    "BankFile",
    "BankMapping",
    "BankRule",
    "CheckoutAttempt",
    "CreditNote",
    "DecisionReversal",
    "DepositDecision",
    "DepositPart",
    "DepositStanding",
    "Dispute",
    "FeeReturn",
    "Invoice",
    "InvoiceLine",
    "InvoiceReplacement",
    "InvoiceRevision",
    "IssuerProfile",
    "JournalEntry",
    "JournalMapping",
    "JournalRun",
    "JournalRunEntry",
    "KeptPaper",
    "LedgerTransfer",
    "NumberSeries",
    "PaperArchive",
    "PayerAlias",
    "PayerBalance",
    "Order",
    "OrderWay",
    "Payment",
    "PaymentReversal",
    "PaymentWithdrawal",
    "ProviderDifference",
    "ProviderLook",
    "Quote",
    "QuoteStanding",
    "Receipt",
    "ReceiptVoid",
    "Receivable",
    "Refund",
    "RefundOrder",
    "RefundReversal",
    "TaxTreatment",
    "WebhookEvent",
    "WriteOff",
    "WriteOffReversal",
]
