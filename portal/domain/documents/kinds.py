"""The documents of billing. Each refuses to exist when its figures do not add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.documents.parts import (
    BankAccount,
    Data,
    DocumentLine,
    PartySnapshot,
    Period,
    TaxRow,
    require_adding_up,
    tax_row_data,
    totals_data,
)
from portal.domain.documents.wording import Language, day, yen
from portal.domain.money import sum_yen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """What every document carries. Raises ValueError when lines and totals disagree."""

    language: Language
    number: str
    issued_on: date
    issuer: PartySnapshot
    buyer: PartySnapshot
    subject: str
    supply: Period
    tax_rows: tuple[TaxRow, ...]
    lines: tuple[DocumentLine, ...] = ()
    purchase_order_number: str = ""
    notes: str = ""

    def __post_init__(self) -> None:
        require_adding_up(self.lines, self.tax_rows)

    @property
    def total_yen(self) -> int:
        """Everything, tax included."""
        return sum_yen(row.gross_yen for row in self.tax_rows)

    def _day(self, on: date | None) -> str:
        return day(on, self.language) if on else ""

    def as_data(self) -> Data:
        """Plain data for the template; what does not apply is an empty string."""
        return {
            "language": self.language.value,
            "number": self.number,
            "issued_on": self._day(self.issued_on),
            "issuer": self.issuer.as_data(self.language),
            "buyer": self.buyer.as_data(self.language),
            "subject": self.subject,
            "period": self.supply.written(self.language),
            "lines": [line.as_data() for line in self.lines],
            "tax_rows": [tax_row_data(row) for row in self.tax_rows],
            "totals": totals_data(self.tax_rows),
            "purchase_order_number": self.purchase_order_number,
            "notes": self.notes,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDocument(_Document):
    """見積書: a price that holds until `valid_until`.

    `begins_on_approval`: the supply has to be approved first, so that its first day is not known yet.
    """

    valid_until: date
    payment_terms: str = ""
    begins_on_approval: bool = False

    def as_data(self) -> Data:
        return _Document.as_data(self) | {
            "valid_until": self._day(self.valid_until),
            "payment_terms": self.payment_terms,
            "approved_until": self._day(self.supply.last) if self.begins_on_approval else "",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDocument(_Document):
    """注文請書: we take an order, of which quote and of which day."""

    ordered_on: date
    quote_number: str
    quote_issued_on: date
    payment_terms: str = ""

    def as_data(self) -> Data:
        return _Document.as_data(self) | {
            "ordered_on": self._day(self.ordered_on),
            "quote_number": self.quote_number,
            "quote_issued_on": self._day(self.quote_issued_on),
            "payment_terms": self.payment_terms,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDocument(_Document):
    """請求書. With an issuer's registration number it carries all six items of a qualified invoice.

    `transfer_reference` is what the payer puts before its own name; `replaces_number` and `replaces_issued_on`
    name the invoice that this one corrects. `prepaid_yen` of the total was paid on an earlier invoice; what is left is to pay.
    """

    due_on: date
    bank_accounts: tuple[BankAccount, ...] = ()
    transfer_reference: str = ""
    replaces_number: str = ""
    replaces_issued_on: date | None = None
    prepaid_yen: int = 0

    def __post_init__(self) -> None:
        _Document.__post_init__(self)
        if not 0 <= self.prepaid_yen <= self.total_yen:
            raise ValueError("what was paid before is at most the total")

    @property
    def payable_yen(self) -> int:
        """What is still to be paid."""
        return self.total_yen - self.prepaid_yen

    def as_data(self) -> Data:
        return _Document.as_data(self) | {
            "prepaid": yen(self.prepaid_yen) if self.prepaid_yen else "",
            "payable": yen(self.payable_yen),
            "due_on": self._day(self.due_on),
            "bank_accounts": [account.as_data(self.language) for account in self.bank_accounts],
            "transfer_reference": self.transfer_reference,
            "replaces_number": self.replaces_number,
            "replaces_issued_on": self._day(self.replaces_issued_on),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDocument(_Document):
    """領収書 for money received on `received_on`; `purpose` stands in the 但し書き.

    `received_yen` is the money of this receipt; with what was taken from advances (`from_receipts`: number of the receipt that
    states the money, number of its invoice, yen) it is at most the totals, and less of a part payment.
    A receipt that is `electronic` needs no revenue stamp and says so; a paper one has the space for it.
    """

    received_on: date
    received_yen: int
    purpose: str
    from_receipts: tuple[tuple[str, str, int], ...] = ()
    payment_method: str = ""
    invoice_number: str = ""
    is_electronic: bool = True
    reissued_on: date | None = None

    def __post_init__(self) -> None:
        _Document.__post_init__(self)
        if self.received_yen < 0 or not 0 < self.paid_yen <= self.total_yen:
            raise ValueError("a receipt is for more than nothing and at most the total")

    @property
    def paid_yen(self) -> int:
        """Received with this receipt, or taken from advances."""
        return self.received_yen + sum(amount for _receipt, _invoice, amount in self.from_receipts)

    def as_data(self) -> Data:
        return _Document.as_data(self) | {
            "received_on": self._day(self.received_on),
            "received": yen(self.received_yen) if self.received_yen else "",
            "paid": yen(self.paid_yen),
            "from_receipts": [
                {"receipt": receipt, "invoice": invoice, "amount": yen(amount)}
                for receipt, invoice, amount in self.from_receipts
            ],
            "is_partial": self.paid_yen < self.total_yen,
            "purpose": self.purpose,
            "payment_method": self.payment_method,
            "invoice_number": self.invoice_number,
            "is_electronic": self.is_electronic,
            "reissued_on": self._day(self.reissued_on),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteDocument(_Document):
    """返還請求書: what is given back, as positive amounts.

    `supply` is the period of the original supply, `returned_on` the day of the return; the law asks for both
    (消費税法 第57条の4 第3項).
    """

    returned_on: date
    invoice_number: str
    invoice_issued_on: date
    reason: str = ""
    refund_method: str = ""

    def as_data(self) -> Data:
        return _Document.as_data(self) | {
            "returned_on": self._day(self.returned_on),
            "invoice_number": self.invoice_number,
            "invoice_issued_on": self._day(self.invoice_issued_on),
            "reason": self.reason,
            "refund_method": self.refund_method,
        }
