"""What sharing a deposit out by hand would do, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.billing.mail import billing_contact
from portal.billing.models import BankDeposit
from portal.billing.queries.bank import Owed, owed_invoices
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.bank.applying import Share, check_shares
from portal.billing.services.bank.proposing import senders_of
from portal.core.errors import Refused
from portal.core.i18n import _l


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one invoice; `address` is where the mail goes, `is_senders` whether the name is that company's."""

    invoice: Owed
    money_yen: int
    fee_yen: int
    address: str
    is_senders: bool

    @property
    def left_yen(self) -> int:
        """What stays open."""
        return max(0, self.invoice.open_yen - self.money_yen - self.fee_yen)

    @property
    def advance_yen(self) -> int:
        """What is too much."""
        return max(0, self.money_yen + self.fee_yen - self.invoice.open_yen)

    @property
    def settles(self) -> bool:
        """Whether this is the last of it: then a receipt follows."""
        return self.invoice.open_yen > 0 and not self.left_yen


def effects_of(deposit: BankDeposit, shares: Sequence[Share]) -> list[Effect]:
    """One for each share; raises Refused at the first amount when they cannot be."""
    try:
        check_shares(deposit, shares)
    except Refused as refused:
        raise Refused(refused.message, field=refused.field or "amount_1") from refused
    owed, senders = owed_invoices(share.invoice_id for share in shares), senders_of(deposit)
    return [
        Effect(
            owed[share.invoice_id],
            share.amount_yen,
            share.fee_yen,
            _address(share.invoice_id),
            owed[share.invoice_id].company_id in senders,
        )
        for share in shares
    ]


def token_of(shares: Sequence[Share]) -> str:
    """The shares as `read_proposal` reads them."""
    return "|".join(f"{s.invoice_id}:{s.amount_yen}:{s.fee_yen}:{s.open_yen}" for s in shares)


def _address(invoice_id: int) -> str:
    contact = billing_contact(any_invoice(invoice_id))
    return contact.email if contact else str(_l("nobody: the invoice names no address"))
