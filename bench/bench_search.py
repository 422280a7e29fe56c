"""Search 100,000 papers by day, amount, counterparty, number and all together, beside pandas filtering the same rows in memory.

    python -m bench.bench_search [papers]

Milliseconds of wall clock for the first page of 50, the median of 15, the statement made ready before. The ratio is to pandas
with the four conditions at once (text contains, three ranges, sort, first 50). Then an archive of 2,000 papers of 40 kB, beside
`zipfile` merely writing the same bytes to a file. On SQLite, and on PostgreSQL when TEST_DATABASE_URL names a server. Exits 1
when a search is slower than 3 x pandas, or the archive than 6 x zipfile.
"""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas
from flask import Flask
from sqlalchemy import text

from portal.accounts.enums import Role
from portal.billing.models import KeptPaper, PaperArchive
from portal.billing.queries.register import Wanted, search_papers
from portal.billing.register import PaperKind
from portal.billing.services.archives import ask_archive, make_archive
from portal.core import clock
from portal.core.bulk import insert_rows
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.search_keys import party_key, wanted_key
from portal.files.models import StoredFile
from portal.wiring import create_app
from tests.support.databases import open_database
from tests.support.people import actor_of, staff
from tests.support.settings import settings_for

BUDGET, ARCHIVE_BUDGET = 3.0, 6.0
COMPANIES, FILES, FILE_BYTES = 2_000, 2_000, 40_000
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモラリルレロ"
FIRST = date(2019, 4, 1)
COLUMNS = (
    "source_type", "source_id", "kind", "number", "belongs_to", "transacted_on", "amount_yen", "party_name", "party_key",
    "file_id", "file_sha256", "created_at",
)  # fmt: skip


def main() -> int:
    papers = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    servers = [""] + ([os.environ["TEST_DATABASE_URL"]] if os.environ.get("TEST_DATABASE_URL") else [])
    worst = archive = 0.0
    for server in servers:
        with tempfile.TemporaryDirectory() as folder, open_database(Path(folder), server) as database:
            app = create_app(settings_for(database.url))
            with app.app_context():
                with transaction():
                    db.create_all()
                names = fill(papers)
                slow, ratio = measure(app, names), measure_archive(Path(folder))
                worst, archive = max(worst, slow), max(archive, ratio)
                db.session.remove()
                db.engine.dispose()
    print(
        f"worst search: {worst:.2f} x pandas (budget {BUDGET}); archive: {archive:.2f} x zipfile (budget {ARCHIVE_BUDGET})"
    )
    return int(worst > BUDGET or archive > ARCHIVE_BUDGET)


def fill(papers: int) -> list[str]:
    """Papers of seven years; the last 2,000 have files of their own."""
    chance = random.Random(7)
    names = ["".join(chance.choices(KANA, k=6)) + "株式会社" for _ in range(COMPANIES)]
    keys = [party_key(name) for name in names]
    kinds = [PaperKind.INVOICE, PaperKind.QUOTE, PaperKind.RECEIPT, PaperKind.CREDIT_NOTE]
    now = clock.now().isoformat(sep=" ")
    content = [chance.randbytes(FILE_BYTES) for _ in range(20)]
    with transaction():
        insert_rows(
            StoredFile,
            ("id", "name", "media_type", "size", "sha256", "confidentiality", "created_at", "is_kept", "content"),
            [
                (n, f"請求書_{n}.pdf", "application/pdf", FILE_BYTES, hashlib.sha256(content[n % 20]).hexdigest(),
                 "restricted", now, True, content[n % 20])
                for n in range(1, FILES + 1)
            ],
        )  # fmt: skip
        rows = []
        for n in range(1, papers + 1):
            who = chance.randrange(COMPANIES)
            file_id = max(1, n - papers + FILES)
            rows.append((
                "bench", n, chance.choice(kinds).value, f"INV-{2019 + n % 8}-{n:06d}", "",
                (FIRST + timedelta(days=n * 2700 // papers)).isoformat(), chance.randrange(1_000, 3_000_000),
                names[who], keys[who], file_id, hashlib.sha256(content[file_id % 20]).hexdigest(), now,
            ))  # fmt: skip
        insert_rows(KeptPaper, COLUMNS, rows)
        db.session.execute(text("ANALYZE"))
    return names


def measure(app: Flask, names: list[str]) -> float:
    """Every search, and what pandas takes for the whole of it."""
    frame = pandas.read_sql(
        text("SELECT id, transacted_on, amount_yen, party_key, number FROM kept_papers"),
        db.session.connection(),
    )
    frame["transacted_on"] = pandas.to_datetime(frame["transacted_on"])
    rollback()
    since, until = date(2024, 4, 1), date(2025, 3, 31)
    one = names[3]
    searches = {
        "everything": Wanted(),
        "days": Wanted(since=since, until=until),
        "amounts, one in a thousand": Wanted(least_yen=500_000, most_yen=503_000),
        "counterparty": Wanted(party=one),
        "counterparty that nobody is": Wanted(party="ワヲンワヲン"),
        "number": Wanted(number="INV-2019-0000"),
        "all at once": Wanted(
            since=since, until=until, least_yen=1, most_yen=2_000_000, party=one, kind=PaperKind.INVOICE
        ),
    }
    key = wanted_key(one)

    def filtered() -> None:
        mask = frame["party_key"].str.contains(key, regex=False) & frame["amount_yen"].between(1, 2_000_000)
        mask &= frame["transacted_on"].between(pandas.Timestamp(since), pandas.Timestamp(until))
        frame[mask].sort_values(["transacted_on", "id"], ascending=False).head(50)

    baseline = median(filtered)
    print(f"{db.engine.dialect.name}: {len(frame):,} papers, pandas in memory {baseline:.1f} ms")
    worst = 0.0
    for words, wanted in searches.items():
        took = median(lambda wanted=wanted: (search_papers(wanted, cursor=None), rollback()))  # type: ignore[misc]
        worst = max(worst, took / baseline)
        print(f"  {words}: {took:.1f} ms, {took / baseline:.2f} x pandas")
    return worst


def median(work: Callable[[], object]) -> float:
    """Milliseconds."""
    work()
    taken = []
    for _ in range(15):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def measure_archive(folder: Path) -> float:
    """Seconds to make and verify an archive of the newest papers, and for zipfile to write the same."""
    by = actor_of(staff(Role.SECRETARIAT))
    newest = db.session.execute(
        text("SELECT transacted_on, id FROM kept_papers ORDER BY id DESC LIMIT 1")
    ).one()
    last = newest[0] if isinstance(newest[0], date) else date.fromisoformat(newest[0])
    wanted = Wanted(since=last - timedelta(days=FILES * 2700 // max(newest[1], 1) - 1))
    rollback()
    with transaction():
        asked = ask_archive(wanted=wanted, with_pint=False, by=by)
        archive_id, papers = asked.id, asked.papers
    start = time.perf_counter()
    make_archive(archive_id)
    took = time.perf_counter() - start
    rollback()
    made = db.session.get_one(PaperArchive, archive_id, populate_existing=True)
    contents = list(db.session.scalars(text("SELECT content FROM stored_files LIMIT 20")))
    rollback()
    start = time.perf_counter()
    with zipfile.ZipFile(folder / "bare.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for n in range(papers):
            package.writestr(f"{n}.pdf", bytes(contents[n % len(contents)]))
    bare = time.perf_counter() - start
    print(
        f"  archive of {papers:,} papers, {made.bytes:,} bytes, {made.state.value}: {took:.2f} s, zipfile alone {bare:.2f} s"
    )
    return took / bare


if __name__ == "__main__":
    sys.exit(main())
