"""Fifty writers issue 1,000 invoices through the service while one transaction in ten is undone: gaps and twins in the numbers.

    python -m bench.bench_numbers [--backups] [--no-line] [invoices [writers]]

Beside it the same writers make as many bare inserts, one a transaction, into a table of one column: the ratio of the two times is what
issuing costs (number, rows, PDF, books, mail) over merely getting in. `--backups` takes one after the other meanwhile, `--no-line` has
SQLite's writers ask at random instead of standing in line. On SQLite, and on PostgreSQL when TEST_DATABASE_URL names a server. Exits 1
at a gap, a twin, a refusal of the lock, or books that do not fit.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, func, select

from bench.writers import Tally, UndoneError, Writers
from portal.accounts.models import Organisation
from portal.billing.models import Invoice, NumberSeries
from portal.billing.queries.book_rules import book_problems
from portal.cli.keeping.commands import take_backup
from portal.core import line
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.wiring import create_app
from tests.support.billing import bill, issuer
from tests.support.databases import open_database
from tests.support.people import company
from tests.support.settings import settings_for

ROLLS_BACK_EVERY = 10
bare = Table("bench_bare", MetaData(), Column("number", Integer, primary_key=True))


def main(arguments: list[str]) -> int:
    flags = {each for each in arguments if each.startswith("--")}
    numbers = [int(each) for each in arguments if each not in flags]
    invoices, writers = (numbers + [1000, 50][len(numbers) :])[:2]
    if "--no-line" in flags:
        line.CAN_LOCK = False
    servers = [""] + ([os.environ["TEST_DATABASE_URL"]] if os.environ.get("TEST_DATABASE_URL") else [])
    held = [measure(server, invoices, writers, backups="--backups" in flags) for server in servers]
    return int(not all(held))


def measure(server: str, invoices: int, writers: int, *, backups: bool) -> bool:
    """One database; prints, and says whether all is well."""
    with tempfile.TemporaryDirectory() as name, open_database(Path(name), server) as database:
        settings, taken = settings_for(database.url), list[float]()

        def meanwhile(crowd: Writers) -> None:
            while backups and crowd.is_busy():
                begun = time.monotonic()
                take_backup(settings, Path(name) / f"{len(taken)}.zip")
                taken.append(time.monotonic() - begun)

        app = create_app(settings)
        with app.app_context():
            with transaction() as session:
                db.create_all()
                bare.create(session.connection())
            issuer()
            buyers = [company().id for _n in range(8)]
            seconds, tally = timed(
                app, writers, lambda n, t: issue(buyers, n, t, invoices, writers), meanwhile
            )
            floor, _inserts = timed(app, writers, lambda n, t: insert(n, t, invoices, writers))
            numbers = sorted(db.session.scalars(select(Invoice.series_sequence)))
            last = db.session.scalar(select(func.max(NumberSeries.last)))
            problems = book_problems()
            rollback()
            db.session.remove()
            db.engine.dispose()
    gaps, twins = len(set(range(1, (last or 0) + 1)) - set(numbers)), len(numbers) - len(set(numbers))
    print(
        f"{'PostgreSQL' if server else 'SQLite'}: {len(numbers):,} invoices by {writers} writers, {tally.undone} undone"
    )
    print(
        f"  gaps {gaps}, twins {twins}, books {len(problems)}, locked {tally.locked}, errors {len(tally.errors)}"
    )
    print(
        f"  {seconds:.1f} s, slowest {tally.longest:.2f} s; bare inserts {floor:.2f} s; ratio {seconds / floor:.0f}"
    )
    print(f"  {len(taken)} backups meanwhile, slowest {max(taken):.1f} s\n" if taken else "", end="")
    print("".join(tally.errors[:1]), end="")
    return not (gaps or twins or problems or tally.locked or tally.errors) and len(numbers) == invoices


def timed(
    app: Flask,
    writers: int,
    work: Callable[[int, Tally], None],
    meanwhile: Callable[[Writers], None] = lambda _crowd: None,
) -> tuple[float, Tally]:
    """Seconds until all are done, and what they came to."""
    begun = time.monotonic()
    with Writers(app, writers, work) as crowd:
        meanwhile(crowd)
    return time.monotonic() - begun, crowd.tally


def issue(buyers: list[int], writer: int, tally: Tally, invoices: int, writers: int) -> None:
    """This writer's share; before each tenth one more that is undone."""
    for n in range(writer, invoices, writers):
        buyer = buyers[n % len(buyers)]
        if n % ROLLS_BACK_EVERY == 3:
            tally.attempt(lambda n=n, buyer=buyer: one(buyer, f"undone:{n}", undo=True))  # type: ignore[misc]
        tally.attempt(lambda n=n, buyer=buyer: one(buyer, f"bench:{n}", undo=False))  # type: ignore[misc]


def one(buyer: int, key: str, *, undo: bool) -> None:
    with transaction() as session:
        bill(session.get_one(Organisation, buyer), source_key=key)
        if undo:
            raise UndoneError


def insert(writer: int, tally: Tally, rows: int, writers: int) -> None:
    for n in range(writer, rows, writers):

        def add(n: int = n) -> None:
            with transaction() as session:
                session.execute(bare.insert().values(number=n))

        tally.attempt(add)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
