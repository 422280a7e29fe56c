"""The reports of the books on a national network, beside pandas merely reading the rows that they add up.

    python -m bench.bench_books [companies] [years]

10,000 companies with a fee a year for four years: invoices issued before or in their period, paid by three methods, late, in
part, undone or not at all, some given back. Each report is timed as a page asks for it (wall clock, the best of three), with the
number of its statements; pandas reads transfers with their entries as CSV. On SQLite, and on PostgreSQL when
TEST_DATABASE_URL names a server. Prints seconds and ratios; exits 1 above its budget, a ratio, since other work on the machine
slows both alike (of small networks it says nothing). On an idle core of ours every page asks for less than half a second.
"""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas
from flask import Flask
from sqlalchemy import insert, select, text

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.billing.enums import PaymentSource, PayMethod, ReceivableState
from portal.billing.models import Invoice, JournalEntry, LedgerTransfer, Payment, Receivable
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.books.ageing import ages, ages_by_company
from portal.billing.queries.books.balances import turnovers
from portal.billing.queries.books.cash import cash_by_month
from portal.billing.queries.books.fees import fees_by_month
from portal.billing.queries.books.income import income_by_month, income_by_year
from portal.billing.queries.books.parts import balance_on
from portal.billing.queries.books.tax import tax_summary
from portal.billing.queries.ledger import ledger_sum
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.ledger import (
    Account,
    EntryKind,
    Transfers,
    credit_given,
    fee_earned,
    invoice_issued,
    payment_received,
)
from portal.domain.terms import FiscalYear
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile
from portal.wiring import create_app
from tests.support.databases import open_database
from tests.support.settings import settings_for
from tests.support.sql import count_sql

BUDGET = 20.0
PRICES = (2_000_000, 500_000, 1_000_000, 300_000, 70_000)
TODAY = clock.today()
BATCH = 10_000


def main() -> int:
    companies = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    years = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    servers = [""] + ([os.environ["TEST_DATABASE_URL"]] if os.environ.get("TEST_DATABASE_URL") else [])
    worst = 0.0
    for server in servers:
        with tempfile.TemporaryDirectory() as folder, open_database(Path(folder), server) as database:
            app = create_app(settings_for(database.url))
            with app.app_context():
                worst = max(worst, measure(app, companies, years, "PostgreSQL" if server else "SQLite"))
                db.session.remove()
                db.engine.dispose()
    print(f"budget {BUDGET:.0f} × a report: {'kept' if worst <= BUDGET else 'exceeded'}")
    return 0 if worst <= BUDGET else 1


def measure(app: Flask, companies: int, years: int, name: str) -> float:
    """Fill, ask every report, compare; gives the ratio of the slowest."""
    with transaction():
        db.create_all()
    fill(companies, years)
    rows = list(db.session.execute(select(*_READ).join(JournalEntry)))
    rollback()
    listed = "\n".join(",".join(str(value) for value in row) for row in rows).encode()
    pandas_seconds = best(lambda: pandas.read_csv(io.BytesIO(listed), header=None, parse_dates=[1]))
    print(f"{name}: {companies:,} companies, {years} years, {len(rows):,} transfers")
    print(f"  pandas reads the rows     {pandas_seconds:6.3f} s")
    slowest = 0.0
    for label, ask, is_page in reports():
        with count_sql() as sql:
            seconds = best(ask)
        print(
            f"  {label:<24}  {seconds:6.3f} s  {seconds / pandas_seconds:5.1f} ×  {len(sql) // 3} statements"
        )
        slowest = max(slowest, seconds / pandas_seconds if is_page else 0)
    return slowest


_READ = (LedgerTransfer.id, JournalEntry.booked_on, JournalEntry.kind, JournalEntry.invoice_id, LedgerTransfer.debit,
         LedgerTransfer.credit, LedgerTransfer.amount_yen)  # fmt: skip


def reports() -> list[tuple[str, Callable[[], Any], bool]]:
    """What each page asks; the last is a file alone."""
    year, past = FiscalYear.of(TODAY), TODAY - timedelta(days=400)

    def receivables(on: date) -> None:
        ages(on), ages_by_company(on), balance_on(on, Account.RECEIVABLE)

    def income() -> None:
        income_by_month(year, TODAY), income_by_year(TODAY)

    return [
        ("trial balance", lambda: turnovers(year.starts_on, TODAY), True),
        ("books fit documents", lambda: (ledger_sum(), book_problems()), True),
        ("receivables today", lambda: receivables(TODAY), True),
        ("receivables a year ago", lambda: receivables(past), True),
        ("income by month", income, True),
        ("tax by rate, a year", lambda: tax_summary(year.starts_on, TODAY), True),
        ("money received", lambda: cash_by_month(year), True),
        ("fees by month (file)", lambda: list(fees_by_month(year, "ja")), False),
    ]


def best(ask: Callable[[], Any]) -> float:
    """Seconds, the best of three."""
    taken = []
    for _n in range(3):
        begun = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - begun)
        rollback()
    return min(taken)


class Rows:
    """Rows by table, written in batches."""

    def __init__(self) -> None:
        self.by_table: dict[Any, list[dict[str, Any]]] = {}
        self.entries = self.transfers = 0

    def add(self, table: Any, **values: Any) -> None:
        self.by_table.setdefault(table, []).append(values)

    def post(self, kind: EntryKind, invoice: int, on: date, source: str, transfers: Transfers) -> None:
        self.entries += 1
        self.add(JournalEntry, id=self.entries, at=clock.now(), booked_on=on, kind=kind, source=source, memo="",
                 invoice_id=invoice)  # fmt: skip
        for each in transfers:
            self.transfers += 1
            self.add(LedgerTransfer, id=self.transfers, entry_id=self.entries, debit=each.debit, credit=each.credit,
                     amount_yen=each.amount_yen)  # fmt: skip

    def write(self, session: Any) -> None:
        for table in (Organisation, Invoice, Receivable, Payment, JournalEntry, LedgerTransfer):
            rows = self.by_table.get(table, [])
            for start in range(0, len(rows), BATCH):
                session.execute(insert(table.__table__), rows[start : start + BATCH])


def fill(companies: int, years: int) -> None:
    """The network; the same every time."""
    dice = random.Random(20261121)  # noqa: S311
    rows = Rows()
    for n in range(1, companies + 1):
        rows.add(Organisation, id=n, kind=OrganisationKind.COMPANY, name_ja=f"会社{n}", name_kana=f"カイシャ{n:06d}", name_en="",
                 created_at=clock.now())  # fmt: skip
    with transaction() as session:
        paper = StoredFile(name="x", media_type="application/pdf", size=0, sha256="", created_at=clock.now(), content=b"",
                           confidentiality=Confidentiality.RESTRICTED)  # fmt: skip
        session.add(paper)
        session.flush()
        this = FiscalYear.of(TODAY).year
        for number in range(companies * years):
            year = this - years + 1 + number // companies
            _fee(rows, number + 1, number % companies + 1, FiscalYear(year), paper.id, dice)
        rows.write(session)
    with transaction() as session:
        session.execute(text("ANALYZE"))


def _fee(rows: Rows, id: int, company: int, year: FiscalYear, file_id: int, dice: random.Random) -> None:
    net = PRICES[company % len(PRICES)]
    issued = year.starts_on + timedelta(days=dice.randrange(-30, 60))
    tax, due = net // 10, issued + timedelta(days=45)
    total, early = net + tax, issued < year.starts_on
    owed = _pay(rows, id, company, total, issued, dice) if company % 9 else total
    by_rate = [
        {"category": "standard_10", "rate": "0.10", "net_yen": net, "tax_yen": tax, "gross_yen": total}
    ]
    rows.add(
        Invoice, id=id, number=f"INV-{year.year}-{id:06d}", series_year=year.year, series_sequence=id, source_key=f"{id}",
        organisation_id=company, fiscal_year=year.year, issued_on=issued, due_on=due, language="ja", subject_ja="会費",
        subject_en="Fee", period_from=year.starts_on, period_to=year.ends_on, buyer={}, net_yen=net, tax_yen=tax,
        issuer={"party": {"registration_number": "T7123456789012"}}, tax_rows=by_rate, total_yen=total, rounding="floor",
        file_sha256="", file_id=file_id, created_at=clock.now(), purchase_order="", notes="",
    )  # fmt: skip
    rows.add(
        Receivable, invoice_id=id, organisation_id=company, due_on=due, total_yen=total, outstanding_yen=owed,
        excess_yen=0, credited_yen=0, state=ReceivableState.UNPAID if owed else ReceivableState.PAID,
    )  # fmt: skip
    rows.post(EntryKind.INVOICE_ISSUED, id, issued, f"i{id}", invoice_issued(net, tax, has_begun=not early))
    if early:
        rows.post(EntryKind.FEE_EARNED, id, year.starts_on, f"e{id}", fee_earned(net))
    if owed and company % 5 == 0:
        back = credit_given(net // 12, net // 120, deferred_yen=0, released_yen=0)
        rows.post(EntryKind.CREDIT_GIVEN, id, due, f"c{id}", back)


def _pay(rows: Rows, id: int, company: int, total: int, issued: date, dice: random.Random) -> int:
    """Paid once, in two parts, in part, undone, or late; gives what is owed."""
    left = total
    for part in range(1 + (id % 4 == 0)):
        amount = left if part or id % 4 else total // 2
        on = min(issued + timedelta(days=dice.randrange(10, 120)), TODAY)
        way = list(PayMethod)[id % 3]
        source = PaymentSource.BANK if way is PayMethod.PLAIN_TRANSFER else PaymentSource.STRIPE
        into = Account.BANK if source is PaymentSource.BANK else Account.STRIPE_CLEARING
        rows.add(Payment, provider=source, provider_reference=f"{id}:{part}", method=way, organisation_id=company,
                 invoice_id=id, attempt_id=None, amount_yen=amount, received_on=on, payer_name="", created_at=clock.now())  # fmt: skip
        rows.post(EntryKind.PAYMENT_RECEIVED, id, on, f"payment:{source}:{id}:{part}",
                  payment_received(into, applied_yen=amount, excess_yen=0))  # fmt: skip
        left -= amount
    return left


if __name__ == "__main__":
    sys.exit(main())
