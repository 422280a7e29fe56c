"""Import a bank's file of 100,000 deposits and compare them with 100,000 open invoices, beside pandas merely reading the rows.

    python -m bench.bench_bank [rows]

CPU seconds (user and system) of this process; the file is of kind 01 in 200-byte records, pandas reads the same deposits and
invoices as CSV into text columns. Deposits: four fifths exact, the others less a fee, in part, for two invoices, or by number;
half of the payers are known by an alias. On SQLite, and on PostgreSQL when TEST_DATABASE_URL names a server (there the server's
own work is not counted). Prints the ratio; exits 1 above its budget.
"""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas
from flask import Flask
from sqlalchemy import func, insert, select

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.billing.deposits import AliasKind
from portal.billing.enums import ReceivableState
from portal.billing.models import BankDeposit, DepositStanding, Invoice, PayerAlias, Receivable
from portal.billing.services.bank.accounts import set_rules
from portal.billing.services.bank.importing import import_file
from portal.billing.services.bank.proposing import match_open_deposits
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain import zengin
from portal.domain.payer_names import payer_key
from portal.domain.zengin import BankFile, Entry, FileForm, FileKind, Statement, transmitted
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile
from portal.wiring import create_app
from tests.support.bank import header
from tests.support.billing import issuer
from tests.support.databases import open_database
from tests.support.settings import settings_for

BUDGET = 30.0
PER_COMPANY = 20
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモラリルレロ"
PRICES = (550_000, 1_100_000, 2_200_000, 330_000, 77_000)


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    servers = [""] + ([os.environ["TEST_DATABASE_URL"]] if os.environ.get("TEST_DATABASE_URL") else [])
    worst = 0.0
    for server in servers:
        with tempfile.TemporaryDirectory() as folder, open_database(Path(folder), server) as database:
            app = create_app(settings_for(database.url))
            with app.app_context():
                worst = max(worst, measure(app, rows, "PostgreSQL" if server else "SQLite"))
                db.session.remove()
                db.engine.dispose()
    print(f"budget {BUDGET:.0f} ×: {'kept' if worst <= BUDGET else 'exceeded'}")
    return 0 if worst <= BUDGET else 1


def measure(app: Flask, rows: int, name: str) -> float:
    """Fill, import, match, compare; gives the ratio."""
    print(f"{name}, {rows:,} deposits, {rows:,} open invoices")
    with transaction():
        db.create_all()
    issuer()
    invoices = fill(rows)
    entries = list(deposits(invoices))
    fixed = zengin.write(BankFile(FileKind.NOTICES, FileForm.FIXED, (Statement(header(), tuple(entries)),)))
    quoted = zengin.write(BankFile(FileKind.NOTICES, FileForm.CSV, (Statement(header(), tuple(entries)),)))
    listed = "\n".join(f"{i[0]},{i[1]},{i[2]},{i[3]},{i[4]}" for i in invoices).encode()
    pandas_seconds = min(read_by_pandas(quoted, listed) for _n in range(3))
    print(f"  pandas reads the rows   {pandas_seconds:7.3f} s")
    with timed("  read the file          "):
        zengin.parse(fixed, today=clock.today())
    with timed("  import and match       ") as taken, transaction():
        import_file(content=fixed, name="bench.txt", by=None)
    with timed("  match again            "), transaction():
        match_open_deposits()
    ratio = taken[0] / pandas_seconds
    print(f"  ratio                   {ratio:7.1f} × pandas")
    rollback()
    assert db.session.scalar(select(func.count()).select_from(BankDeposit)) == rows
    grades = select(DepositStanding.grade, func.count()).group_by(DepositStanding.grade)
    print("  " + ", ".join(f"{grade.value} {count:,}" for grade, count in db.session.execute(grades)))
    rollback()
    return ratio


@contextmanager
def timed(label: str) -> Iterator[list[float]]:
    """Prints CPU seconds and leaves them in the list."""
    taken: list[float] = []
    begun = time.process_time()
    yield taken
    taken.append(time.process_time() - begun)
    print(f"{label} {taken[0]:7.3f} s")


def read_by_pandas(quoted: bytes, listed: bytes) -> float:
    """CPU seconds of reading deposits and invoices, all columns as text."""
    begun = time.process_time()
    pandas.read_csv(io.BytesIO(quoted), header=None, names=range(13), encoding="cp932", dtype=str)
    pandas.read_csv(io.BytesIO(listed), header=None, dtype=str)
    return time.process_time() - begun


def fill(rows: int) -> list[tuple[int, str, int, int, date, str]]:
    """Companies and open invoices: id, number, company, yen, due day, kana."""
    dice = random.Random(20261121)  # noqa: S311 - the same rows every time
    now, today = clock.now(), clock.today()
    count = max(1, rows // PER_COMPANY)
    names = ["".join(dice.choices(KANA, k=9)) for _n in range(count)]
    with transaction() as session:
        connection = session.connection()
        connection.execute(
            insert(Organisation), [_company(n, names[n - 1], now) for n in range(1, count + 1)]
        )
        known = [_alias(n, names[n - 1], now) for n in range(1, count + 1, 2)]
        connection.execute(insert(PayerAlias), known)
        paper = StoredFile(
            name="x", media_type="application/pdf", size=0, sha256="", created_at=now, content=b"",
            confidentiality=Confidentiality.RESTRICTED,
        )  # fmt: skip
        session.add(paper)
        session.flush()
        made = []
        for n in range(1, rows + 1):
            company = (n - 1) % count + 1
            amount = PRICES[n % len(PRICES)] + (n - 1) // count * 110
            due = today + timedelta(days=n % 90)
            made.append((n, f"INV-2026-{n:06d}", company, amount, due, names[company - 1]))
        connection.execute(insert(Invoice), [_invoice(each, paper.id, now) for each in made])
        connection.execute(insert(Receivable), [_claim(each) for each in made])
        set_rules(fee_yen=1000, applies_itself=False, by=None)
    return made


def _company(n: int, kana: str, now: Any) -> dict[str, Any]:
    return {
        "id": n,
        "kind": OrganisationKind.COMPANY,
        "name_ja": f"会社{n}",
        "name_kana": kana,
        "created_at": now,
    }


def _alias(n: int, kana: str, now: Any) -> dict[str, Any]:
    return {
        "kind": AliasKind.NAME, "key": payer_key(kana), "name": kana, "organisation_id": n, "learned_at": now,
    }  # fmt: skip


def _invoice(each: tuple[Any, ...], file_id: int, now: Any) -> dict[str, Any]:
    id, number, company, amount, due, _kana = each
    net = amount * 10 // 11
    return {
        "id": id, "number": number, "series_year": 2026, "series_sequence": id, "source_key": number,
        "organisation_id": company, "fiscal_year": 2026, "issued_on": clock.today(), "due_on": due, "language": "ja",
        "subject_ja": "会費", "subject_en": "Fee", "period_from": date(2026, 4, 1), "period_to": date(2027, 3, 31),
        "issuer": {}, "buyer": {}, "tax_rows": [], "net_yen": net, "tax_yen": amount - net, "total_yen": amount,
        "rounding": "floor", "file_sha256": "", "file_id": file_id, "created_at": now,
    }  # fmt: skip


def _claim(each: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "invoice_id": each[0], "organisation_id": each[2], "due_on": each[4], "total_yen": each[3],
        "outstanding_yen": each[3], "state": ReceivableState.UNPAID,
    }  # fmt: skip


def deposits(invoices: list[tuple[int, str, int, int, date, str]]) -> Iterator[Entry]:
    """A deposit for each invoice, written as banks write it."""
    today = clock.today()
    spelt = {kana: transmitted(f"カ){kana}") for *_, kana in invoices}
    for id, number, _company, amount, _due, kana in invoices:
        way, name, edi = id % 20, spelt[kana], ""
        if way == 0:
            amount -= 440
        elif way == 1:
            amount //= 2
        elif way == 2:
            amount *= 2
        elif way == 3:
            name, edi = transmitted("ダレカ"), number
        yield Entry(
            today, amount, name, f"{id % 1_000_000:06d}", today, bank="ﾐﾎﾝｷﾞﾝｺｳ", branch="ﾎﾝﾃﾝ", edi=edi
        )


if __name__ == "__main__":
    sys.exit(main())
