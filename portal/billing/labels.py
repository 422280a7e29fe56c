"""The words of the audit trail for billing."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "quote.created": _l("Quote made"),
        "invoice.issued": _l("Invoice issued"),
        "invoice.corrected": _l("Corrected invoice issued"),
        "invoice.paid": _l("Invoice paid in full"),
        "checkout.opened": _l("Payment page opened"),
        "checkout.transfer_chosen": _l("Bank transfer chosen on the payment page"),
        "checkout.declined": _l("Payment not accepted; nothing was charged"),
        "payment.received": _l("Payment received"),
        "payment.reversed": _l("Payment undone"),
        "receipt.issued": _l("Receipt issued"),
        "receipt.reissued": _l("Receipt issued again"),
        "credit_note.issued": _l("Credit note issued"),
        "advance.moved": _l("Advance used for another invoice"),
        "advance.moved_back": _l("Advance moved back"),
        "refund.recorded": _l("Money paid back"),
        "refund.asked": _l("Refund asked for"),
        "refund.found": _l("Refund made at the payment provider booked"),
        "refund.under_way": _l("Refund under way"),
        "refund.sent": _l("Refund sent by the payment provider"),
        "refund.failed": _l("Refund failed"),
        "balance.used": _l("Money at the payment service used for this invoice"),
        "dispute.opened": _l("Card payment contested"),
        "dispute.inquired": _l("The card company asks about a payment"),
        "dispute.raised": _l("Contested payment to be answered"),
        "dispute.answered": _l("Contested payment being examined"),
        "dispute.closed": _l("Question about a payment closed without effect"),
        "dispute.won": _l("Contested payment decided for us"),
        "dispute.lost": _l("Contested payment decided for the card's holder"),
        "invoice.written_off": _l("Claim written off"),
        "invoice.cancelled": _l("Invoice cancelled"),
        "receipt.voided": _l("Receipt made void"),
        "issuer.changed": _l("Issuer's data changed"),
        "tax.decided": _l("Tax treatment decided"),
        "difference.resolved": _l("Difference to the payment provider resolved"),
        "bank_account.added": _l("Bank account registered"),
        "bank_rules.decided": _l("Rules for deposits decided"),
        "bank_mapping.decided": _l("Reading of the bank's CSV decided"),
        "bank_file.imported": _l("Bank file imported"),
        "deposit.applied": _l("Deposit applied to invoices"),
        "deposit.parked": _l("Deposit parked"),
        "deposit.sent_back": _l("Deposit sent back to the payer"),
        "deposit.cancelled": _l("Deposit cancelled by the bank"),
        "deposit.undone": _l("Decision on a deposit undone"),
        "paper.opened": _l("Paper opened"),
        "archive.asked": _l("Archive of papers asked for"),
        "archive.opened": _l("Archive of papers taken along"),
        "alias.learned": _l("Payer's name learned"),
        "alias.forgotten": _l("Payer's name forgotten"),
        "fee.taken_over": _l("Fee of the transfer taken over"),
        "fee.no_longer_taken_over": _l("Fee of the transfer no longer taken over"),
    }
)

CORRECTION_LABELS = {
    "name": _l("Name of the company"),
    "department": _l("Department"),
    "title": _l("Title"),
    "person": _l("Person"),
    "postal_code": _l("Postal code"),
    "address": _l("Address"),
    "email": _l("Mail address for the invoice"),
    "subject": _l("Subject"),
    "purchase_order": _l("Purchase order number"),
}
