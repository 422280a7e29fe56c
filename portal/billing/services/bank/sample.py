"""A bank's file for trying the import: transfers for what is owed here today, as payers really send them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import exists, select

from portal.accounts.models import Organisation
from portal.billing.deposits import DepositState
from portal.billing.models import DepositStanding, Invoice, IssuerProfile, Receivable
from portal.billing.queries.issuers import issuer_on
from portal.billing.queries.office import is_owed
from portal.billing.services.bank.accounts import KINDS
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.zengin import (
    BankFile,
    Entry,
    FileForm,
    FileKind,
    Header,
    Statement,
    company_name,
    transmitted,
    write,
)

FEE = 660  # what banks keep back when the payer has the fee deducted
MOST = 3


def sample_file() -> bytes:
    """A Zengin file 01 of our account: one exact transfer, one less a fee, one that names its invoice, one unknown.

    Raises NotFound without an issuer whose account a bank would know.
    """
    issuer = issuer_on(clock.today())
    if issuer is None or not (issuer.bank_code and issuer.branch_code):
        raise NotFound
    return write(file_for(issuer, tuple(_transfers(_owed()))))


def file_for(issuer: IssuerProfile, entries: Sequence[Entry]) -> BankFile:
    """The file of today for the issuer's account, of the days of its entries."""
    days = [each.booked_on for each in entries] or [clock.today()]
    header = Header(
        made_on=clock.today(), from_on=min(days), to_on=max(days), bank_code=issuer.bank_code, bank_name="", branch_code=issuer.branch_code,
        branch_name="", deposit_kind=KINDS[issuer.account_kind], number=issuer.account_number.zfill(7),
        holder=transmitted(issuer.account_holder),
    )  # fmt: skip
    return BankFile(FileKind.NOTICES, FileForm.FIXED, (Statement(header, tuple(entries)),))


def transfer(amount_yen: int, payer_name: str, number: int, edi: str = "") -> Entry:
    """A transfer of today, with the bank's running number."""
    return Entry(clock.today(), amount_yen, transmitted(payer_name), reference=f"{number:06d}", edi=edi)


def _owed() -> Sequence[Any]:
    """Number, reading, English name and open amount of the invoices that have been due longest and wait for no deposit."""
    proposed = exists().where(
        DepositStanding.invoice_id == Invoice.id, DepositStanding.state == DepositState.OPEN
    )
    rows = (
        select(Invoice.number, Organisation.name_kana, Organisation.name_en, Receivable.outstanding_yen)
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .join(Organisation, Organisation.id == Invoice.organisation_id)
        .where(is_owed(), Organisation.name_kana != "", ~proposed)
    )
    return db.session.execute(rows.order_by(Receivable.due_on, Invoice.id).limit(MOST)).all()


def _transfers(owed: Sequence[Any]) -> Iterator[Entry]:
    for place, (number, kana, name_en, yen) in enumerate(owed):
        if place == 0:
            yield transfer(yen, company_name(kana), 1)
        elif place == 1:
            yield transfer(yen - FEE if yen > FEE else yen, company_name(kana, is_first=False), 2)
        else:
            yield transfer(yen, name_en or kana, 3, edi=number)
    yield transfer(33_000, "UNKNOWN TRADING CO.", 4)
