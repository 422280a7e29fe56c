"""Eight backups while fifty writers invoice, are paid and hand in files; each is restored, counted again and its books verified.

    python -m bench.bench_backups [seconds [writers]]

On SQLite, and on PostgreSQL when TEST_DATABASE_URL names a server (pg_dump and pg_restore of its version must be there). Prints
what each came to and exits 1 unless eight of eight restore with equal sums, no writer was refused the lock, and a restore into the
place that is in use was refused.
"""

from __future__ import annotations

import hashlib
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import flask_migrate

from bench.writers import Tally, Writers
from portal.accounts.models import Organisation
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.payments import record_bank_payment
from portal.cli.keeping.archive import sha256_of
from portal.cli.keeping.commands import put_back, take_backup
from portal.cli.keeping.sums import books_problems
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile
from portal.gateways.snapshots import SnapshotError
from portal.settings import ROOT, Settings
from portal.wiring import create_app
from tests.support.billing import bill, issuer
from tests.support.databases import another, open_database
from tests.support.people import company
from tests.support.settings import settings_for

BACKUPS = 8
PAUSE = 0.5  # of a writer between two deeds: people, not a storm


def main(arguments: list[str]) -> int:
    seconds, writers = (int(a) for a in (arguments + ["60", "50"][len(arguments) :])[:2])
    servers = [""] + ([os.environ["TEST_DATABASE_URL"]] if os.environ.get("TEST_DATABASE_URL") else [])
    held = [measure(server, seconds, writers) for server in servers]
    return int(not all(held))


def measure(server: str, seconds: int, writers: int) -> bool:
    """One database; prints, and says whether all is well."""
    with tempfile.TemporaryDirectory() as name, open_database(Path(name), server) as database:
        folder, settings = Path(name), settings_for(database.url)
        app = create_app(settings)
        with app.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
            issuer()
            buyers = [company().id for _n in range(8)]
            ends = time.monotonic() + seconds
            with Writers(app, writers, lambda n, tally: write(buyers, n, tally, ends)) as crowd:
                taken = take(settings, folder, ends)
            refused = is_refused(settings, folder / "0.zip")
            books = books_problems()
            rollback()
            db.session.remove()
            db.engine.dispose()
        equal = 0
        for n in range(BACKUPS):
            with another(database, folder, f"back{n}") as url:
                problems = put_back(settings_for(url), folder / f"{n}.zip")
            print("\n".join(f"    {problem}" for problem in problems[:3]), end="\n" if problems else "")
            equal += not problems
        tally = crowd.tally
        print(
            f"{'PostgreSQL' if server else 'SQLite'}: {tally.done:,} deeds by {writers} writers in {seconds} s"
        )
        print(
            f"  backups of {taken[0]:,} to {taken[-1]:,} invoices: {equal} of {BACKUPS} restore with equal sums and books that hold"
        )
        print(
            f"  locked {tally.locked}, errors {len(tally.errors)}, slowest {tally.longest:.2f} s, books {len(books)}"
        )
        print(f"  restore into the place in use: {'refused' if refused else 'NOT REFUSED'}")
        print("".join(tally.errors[:1]), end="")
    return equal == BACKUPS and refused and not (tally.locked or tally.errors or books)


def take(settings: Settings, folder: Path, ends: float) -> list[int]:
    """Eight backups spread over the time; how many invoices each holds."""
    invoices = []
    for n in range(BACKUPS):
        time.sleep(max(0.0, (ends - time.monotonic()) / (BACKUPS - n) / 2))
        begun = time.monotonic()
        manifest = take_backup(settings, folder / f"{n}.zip")
        rows, size = manifest.sums["rows"], (folder / f"{n}.zip").stat().st_size
        invoices.append(int(rows["invoices"]))
        print(
            f"  {n + 1}: {rows['invoices']:,} invoices, {rows['stored_files']:,} files, {size / 1e6:.1f} MB in "
            f"{time.monotonic() - begun:.1f} s, SHA-256 {sha256_of(folder / f'{n}.zip')[:12]}…",
            flush=True,
        )
    return invoices


def write(buyers: list[int], writer: int, tally: Tally, ends: float) -> None:
    """Invoice, be paid, hand in a file, rest a little."""
    dice = random.Random(writer)
    while time.monotonic() < ends:
        tally.attempt(lambda: deed(dice.choice(buyers), dice.randbytes(20_000)))
        time.sleep(PAUSE)


def deed(buyer: int, content: bytes) -> None:
    with transaction() as session:
        invoice = bill(session.get_one(Organisation, buyer), source_key=f"bench:{content[:16].hex()}")
        session.add(
            StoredFile(
                name="x.bin", media_type="application/octet-stream", size=len(content), sha256=hashlib.sha256(content).hexdigest(),
                confidentiality=Confidentiality.RESTRICTED, created_at=clock.now(), content=content,
            )
        )  # fmt: skip
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=invoice.total_yen, received_on=clock.today(), payer_name="",
            by=None, once=f"bench:{invoice.id}",
        )  # fmt: skip


def is_refused(settings: Settings, archive: Path) -> bool:
    try:
        put_back(settings, archive)
    except SnapshotError:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
