"""News for the floors above; sent inside the transaction that makes it true, so a receiver that fails undoes it.

Each is sent with the invoice: `invoice_paid.connect(receiver)`, `def receiver(invoice: Invoice, **more) -> None`.
"""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()

invoice_issued = _news.signal("invoice-issued")
invoice_paid = _news.signal("invoice-paid")  # the last yen arrived; more: `paid_on` (date)
invoice_reopened = _news.signal("invoice-reopened")  # a payment was undone and something is owed again
# the day until which a claim can be paid is a later one: agreed, or of the invoice issued anew
claim_moved = _news.signal("claim-moved")
# a page is about to ask a company for the money: each receiver gives words to be read first, or ""
claim_shown = _news.signal("claim-shown")
# all of it was given back; more: `is_billed_anew` (another invoice stands for it, and its money goes there in the same act)
invoice_cancelled = _news.signal("invoice-cancelled")
# of an invoice of which something else still stands, the last of the membership's fee was given back; more: as above
fee_given_back = _news.signal("fee-given-back")
