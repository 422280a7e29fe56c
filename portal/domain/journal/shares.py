"""Which tax category the fee in a leg belongs to: told by the document that the entry is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from portal.domain.journal.rows import Leg
from portal.domain.ledger import Account
from portal.domain.tax import TaxCategory

FEES = frozenset({Account.FEE_REVENUE, Account.FEE_DEFERRED})


@dataclass(frozen=True, slots=True)
class Share:
    """What a document states for one category."""

    category: TaxCategory
    net_yen: int
    tax_yen: int


def categorised(leg: Leg, shares: Sequence[Share]) -> Iterator[Leg]:
    """The leg with its category: parted where it is the whole fee, or the whole tax, of a document with several.

    A leg that is a part of such a document stays whole, without a category.
    """
    accounts = {leg.debit, leg.credit}
    if Account.TAX_PAYABLE not in accounts and not accounts & FEES or not shares:
        yield leg
        return
    if len(shares) == 1:
        yield replace(leg, category=shares[0].category)
        return
    amounts = [share.net_yen if accounts & FEES else share.tax_yen for share in shares]
    if sum(amounts) != leg.amount_yen or any(amount < 0 for amount in amounts):
        yield leg
        return
    for share, amount in zip(shares, amounts, strict=True):
        if amount:
            yield replace(leg, amount_yen=amount, category=share.category)
