"""A year of invoices, payments, a fee kept back, a return: the same every time, for the reports of the books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.models import Invoice, Receivable
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.revenue import earn_fees
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.documents import Period
from portal.domain.tax import TaxCategory
from tests.support.bank import bring, deposits, transfer
from tests.support.billing import bill, fee
from tests.support.people import actor_of, company, staff

YEAR = Period(date(2026, 4, 1), date(2027, 3, 31))
TODAY = date(2026, 11, 20)
HOSTILE = '=HYPERLINK("http://example.com";"見本")'


@contextmanager
def on(day: date) -> Iterator[None]:
    """Noon of a day in Japan."""
    with clock.frozen(datetime(day.year, day.month, day.day, 3, tzinfo=UTC)):
        yield


def year_of_fees() -> tuple[Organisation, Organisation, Organisation]:
    """Paid, paid less a transfer fee, and half given back with the rest open; gives the three companies."""
    clerk = actor_of(staff(Role.SECRETARIAT))
    names = (
        ("架空製薬株式会社", "Kakuu Pharma K.K."),
        ("見本機器株式会社", "Mihon Devices K.K."),
        (HOSTILE, ""),
    )
    first, second, third = (company(name, name_en=english) for name, english in names)
    with on(date(2026, 3, 10)):
        early = bill(first, period=YEAR, fiscal_year=2026)
    with on(date(2026, 4, 1)), transaction():
        earn_fees()
    with on(date(2026, 4, 20)):
        lines = (
            fee(300_000),
            fee(1_080, category=TaxCategory.REDUCED_8),
            fee(50_000, category=TaxCategory.OUT_OF_SCOPE),
        )
        mixed = bill(second, *lines, period=YEAR, fiscal_year=2026)
    with on(date(2026, 4, 25)):
        late = bill(third, fee(70_000), period=YEAR, fiscal_year=2026)
    with on(date(2026, 5, 2)), transaction():
        pay(early, early.total_yen, clerk)
    with on(date(2026, 5, 29)):
        kept_back(mixed, 440, clerk)
    with on(date(2026, 6, 10)), transaction():
        whole = any_invoice(late.id)
        issue_credit_note(
            invoice=whole, amounts={whole.lines[0].id: 35_000}, reason="半額を返します", by=clerk, source_key="books:half"
        )  # fmt: skip
    with on(date(2026, 11, 2)):
        bill(first, fee(500_000), period=YEAR, fiscal_year=2026)
    return first, second, third


def pay(invoice: Invoice, amount_yen: int, by: Actor) -> None:
    """A transfer on the bank's statement of today."""
    record_bank_payment(
        invoice=any_invoice(invoice.id), amount_yen=amount_yen, received_on=clock.today(), payer_name="", by=by,
        once=f"books-{invoice.id}-{amount_yen}",
    )  # fmt: skip


def kept_back(invoice: Invoice, fee_yen: int, by: Actor, booked_on: date | None = None) -> int:
    """A deposit (of today) that is less by a transfer fee, applied; gives its number."""
    booked = booked_on or clock.today()
    bring(transfer(invoice.total_yen - fee_yen, "ミホンキキ", booked_on=booked), by=by)
    deposit = deposits()[-1]
    owed = db.session.get_one(Receivable, invoice.id, populate_existing=True).outstanding_yen
    with transaction():
        shares = [Share(invoice.id, invoice.total_yen - fee_yen, fee_yen, owed)]
        apply_deposit(deposit=deposit, shares=shares, seen=0, by=by)
    return deposit.id
