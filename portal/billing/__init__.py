"""Quotes, invoices, payments, receipts, and the books behind them.

Words: a *quote* holds a price until a day. An *invoice* asks for it; once issued it never changes, and its PDF is kept
byte for byte. Its *receivable* says what is still owed. A *payment* is money that arrived; an *allocation* says which
invoice it settles; what is too much stays as an *advance*. A *receipt* follows the last yen. An *attempt* is one
checkout page at the payment provider; a *webhook event* is the provider's news about it.

Rules: amounts come from our rows, never from a form or the provider. Numbers have no gap and no twin: a counter row
moves inside the issuing transaction. What happened is never changed or deleted; a mistake is undone by its opposite.
Every yen stands in the ledger by double entry, and the same business event posts once. Documents show the issuer and
the buyer as they were on the day of issue.

Who: a company's billing contacts, administrators and representative see their own documents and pay; the secretariat
records bank transfers and keeps the issuer's data; an administrator too. Nobody sees another company's documents.
"""
