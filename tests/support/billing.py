"""An issuer, and invoices to pay, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.accounts.models import Organisation
from portal.billing.models import Invoice, IssuerProfile
from portal.billing.services import BillLine, issue_invoice, set_issuer_profile
from portal.core import clock
from portal.core.transaction import transaction
from portal.domain.documents import PartySnapshot, Period
from portal.domain.terms import FiscalYear

_serial = iter(range(1, 10_000_000))

ISSUER: dict[str, Any] = {
    "name_ja": "見本データ科学コンソーシアム",
    "name_en": "Sample Data Science Consortium",
    "registration_number": "T7123456789012",
    "postal_code": "000-0001",
    "address_ja": "見本県見本市中央1丁目2番3号",
    "address_en": "1-2-3 Chuo, Mihon City, Mihon, Japan",
    "department": "事務局",
    "telephone": "00-0000-0001",
    "email": "office@consortium.example",
    "department_en": "Secretariat",
    "bank_name": "架空銀行",
    "bank_name_en": "Kakuu Bank",
    "bank_code": "9990",
    "branch_name": "見本支店",
    "branch_name_en": "Mihon Branch",
    "branch_code": "001",
    "account_number": "0001234",
    "account_holder": "ミホンデ-タカガクコンソ-シアム",
    "account_holder_en": "MIHON DATA KAGAKU CONSORTIUM",
}


def issuer(**values: Any) -> IssuerProfile:
    """The issuer's data, valid for a long time."""
    with transaction():
        return set_issuer_profile(**{"valid_from": date(2020, 4, 1), "by": None} | ISSUER | values)


def buyer(**values: Any) -> PartySnapshot:
    """Who pays."""
    return PartySnapshot(
        **{"name": "架空製薬株式会社", "department": "経理部", "email": "keiri@kakuu.example"} | values
    )


def fee(net_yen: int = 1_000_000, **values: Any) -> BillLine:
    """A year's fee."""
    return BillLine(description={"ja": "年会費", "en": "Annual fee"}, unit_price_yen=net_yen, **values)


def bill(organisation: Organisation, *lines: BillLine, **values: Any) -> Invoice:
    """An issued invoice over `lines` (one fee of 1,000,000 yen ex tax unless given)."""
    year = FiscalYear.of(clock.today())
    given: dict[str, Any] = {
        "organisation": organisation,
        "buyer": buyer(),
        "subject": {"ja": "会費", "en": "Membership fee"},
        "lines": lines or (fee(),),
        "period": Period(year.starts_on, year.ends_on),
        "fiscal_year": year.year,
        "source_key": f"test:{next(_serial)}",
        "language": "ja",
        "by": None,
    }
    with transaction():
        return issue_invoice(**given | values)
