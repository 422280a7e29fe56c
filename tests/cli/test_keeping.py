"""Backups taken while others write come back with the same sums; what was touched since is found."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import flask_migrate
import pysqlite3.dbapi2 as sqlite
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from portal.accounts.models import Organisation
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.payments import record_bank_payment
from portal.cli import main
from portal.cli.keeping.archive import BadArchiveError, read_manifest
from portal.cli.keeping.commands import put_back, take_backup
from portal.cli.keeping.sums import books_problems, business_sums
from portal.core import clock
from portal.core.db import db, write_intent
from portal.core.transaction import rollback, transaction
from portal.files.models import StoredFile
from portal.gateways.snapshots import SnapshotError, SqliteSnapshots
from portal.settings import ROOT, Settings
from portal.wiring import create_app
from tests.support.billing import bill, issuer
from tests.support.databases import Database, another
from tests.support.people import company
from tests.support.settings import settings_for

pytestmark = pytest.mark.database
BACKUPS = 8


@pytest.fixture(scope="module")
def kept_app(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A migrated portal with an issuer and a paid invoice."""
    with another(database, tmp_path_factory.mktemp("kept"), "kept") as url:
        app = create_app(settings_for(url))
        with app.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
            issuer()
            pay(company())
            db.session.remove()
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def kept(kept_app: Flask) -> Iterator[Flask]:
    with kept_app.app_context():
        yield kept_app
        rollback()
        db.session.remove()


@pytest.fixture
def empty_place(database: Database, tmp_path: Path) -> Iterator[Settings]:
    with another(database, tmp_path, "place") as url:
        yield settings_for(url)


def settings_of(app: Flask) -> Settings:
    found: Settings = app.extensions["renkei.settings"]
    return found


def pay(organisation: Organisation) -> None:
    """An invoice, and its money."""
    invoice = bill(organisation)
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id),
            amount_yen=invoice.total_yen,
            received_on=clock.today(),
            payer_name="",
            by=None,
            once=f"test:{invoice.id}",
        )


@contextmanager
def writing(app: Flask) -> Iterator[list[BaseException]]:
    """Somebody invoices and is paid, all the time."""
    stop, raised = threading.Event(), []

    def work(organisation_id: int) -> None:
        try:
            with app.app_context():
                while not stop.is_set():
                    pay(db.session.get_one(Organisation, organisation_id))
                    rollback()
                db.session.remove()
        except Exception as error:
            raised.append(error)

    payers = [company().id for _ in range(3)]
    rollback()
    threads = [threading.Thread(target=work, args=(payer,)) for payer in payers]
    for thread in threads:
        thread.start()
    try:
        yield raised
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def test_backups_taken_under_load_restore_with_equal_sums(
    kept: Flask, database: Database, tmp_path: Path
) -> None:
    with writing(kept) as raised:
        taken = [take_backup(settings_of(kept), tmp_path / f"{n}.zip") for n in range(BACKUPS)]
    assert raised == []
    invoices = [manifest.sums["rows"]["invoices"] for manifest in taken]
    assert len(set(invoices)) > 1, "nobody wrote meanwhile"
    problems = []
    for n in range(BACKUPS):
        with another(database, tmp_path, f"back{n}") as url:
            problems += put_back(settings_for(url), tmp_path / f"{n}.zip")
    assert problems == []
    assert books_problems() == []


def test_a_plain_copy_of_a_file_in_use_is_what_this_guards_against(
    kept: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: copying the file, without its journal, instead of asking the database."""
    if not settings_of(kept).is_sqlite:
        pytest.skip("SQLite is a file")
    rollback()
    path = SqliteSnapshots(settings_of(kept).database_url).path
    with sqlite.connect(str(path)) as connection:  # from here on everything new stands in the journal
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    monkeypatch.setattr(SqliteSnapshots, "write", lambda self, to, view="": shutil.copyfile(self.path, to))
    pay(company())
    manifest = take_backup(settings_of(kept), tmp_path / "plain.zip")
    assert manifest.sums["rows"]["invoices"] == business_sums()["rows"]["invoices"] - 1


def test_what_is_saved_lists_every_file_with_its_hash(kept: Flask, tmp_path: Path) -> None:
    manifest = take_backup(settings_of(kept), tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        listed = archive.read("files.csv").decode("utf-8-sig").splitlines()[1:]
    files = db.session.query(StoredFile.id, StoredFile.sha256).order_by(StoredFile.id).all()
    assert [(int(line.split(",")[0]), line.rsplit(",", 1)[1]) for line in listed] == [
        (f[0], f[1]) for f in files
    ]
    assert len(files) == manifest.sums["rows"]["stored_files"] >= 2
    assert (tmp_path / "one.zip").stat().st_mode & 0o077 == 0


def test_nothing_is_covered(kept: Flask, tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_text("precious")
    with pytest.raises(FileExistsError):
        take_backup(settings_of(kept), tmp_path / "there.zip")
    assert (tmp_path / "there.zip").read_text() == "precious"
    take_backup(settings_of(kept), tmp_path / "one.zip")
    with pytest.raises(SnapshotError, match="empty"):
        put_back(settings_of(kept), tmp_path / "one.zip")
    assert sorted(p.name for p in tmp_path.glob("*.zip")) == ["one.zip", "there.zip"]
    assert list(tmp_path.glob(".*part")) == []


def test_a_folder_that_is_not_there_is_named(kept: Flask, tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="there is no folder .*nowhere$"):
        take_backup(settings_of(kept), tmp_path / "nowhere" / "x.zip")


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The archive with other members."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out


def _flip(members: dict[str, bytes]) -> None:
    name = next(n for n in members if n.startswith("database"))
    members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])


def _newer(members: dict[str, bytes]) -> None:
    said = json.loads(members["manifest.json"])
    said["sums"]["migration"] = "9999"
    members["manifest.json"] = json.dumps(said).encode()


def _other_kind(members: dict[str, bytes]) -> None:
    said = json.loads(members["manifest.json"])
    said["database"] = {"sqlite": "postgresql", "postgresql": "sqlite"}[said["database"]]
    members["manifest.json"] = json.dumps(said).encode()


def _says_no_migration(members: dict[str, bytes]) -> None:
    said = json.loads(members["manifest.json"])
    del said["sums"]["migration"]
    members["manifest.json"] = json.dumps(said).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_flip, "not what was saved"),
        (lambda members: members.pop("files.csv"), "cannot be read"),
        (lambda members: members.pop("manifest.json"), "no backup of Renkei"),
        (_newer, "newer Renkei"),
        (_says_no_migration, "does not say its migration"),
        (_other_kind, "was made of"),
    ],
)
def test_a_damaged_or_foreign_archive_is_refused_before_anything_is_touched(
    kept: Flask, empty_place: Settings, tmp_path: Path, change: Any, words: str
) -> None:
    take_backup(settings_of(kept), tmp_path / "one.zip")
    changed = rewritten(tmp_path / "one.zip", change)
    with pytest.raises(BadArchiveError, match=words):
        put_back(empty_place, changed)
    assert put_back(empty_place, tmp_path / "one.zip") == []


def test_sums_that_differ_are_said(kept: Flask, empty_place: Settings, tmp_path: Path) -> None:
    rows = take_backup(settings_of(kept), tmp_path / "one.zip").sums["rows"]["invoices"]

    def lie(members: dict[str, bytes]) -> None:
        said = json.loads(members["manifest.json"])
        said["sums"]["rows"]["invoices"] += 1
        said["sums"]["accounts"]["bank"] += 1
        members["manifest.json"] = json.dumps(said).encode()

    problems = put_back(empty_place, rewritten(tmp_path / "one.zip", lie))
    assert problems == [f"invoices: {rows + 1} in the backup, {rows} now", "accounts differs from the backup"]


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"PK but not really")
    with pytest.raises(BadArchiveError):
        read_manifest(tmp_path / "no.zip")


TAMPERING = {
    "ledger_transfers": (
        "UPDATE ledger_transfers SET amount_yen = amount_yen + 1 WHERE id = 1",
        "the books say",
    ),
    "invoice_lines": ("UPDATE invoice_lines SET unit_price_yen = 1, amount_yen = 1", "its lines add up to 1"),
    "invoices": ("UPDATE invoices SET net_yen = net_yen - 1, tax_yen = tax_yen + 1", "by rate"),
    "stored_files": (
        "UPDATE stored_files SET content = substr(content, 2) WHERE id = 1",
        "bytes have changed",
    ),
    "receivables": ("UPDATE receivables SET outstanding_yen = 5, state = 'partly_paid'", "is owed"),
    "number_series": ("UPDATE number_series SET last = last + 1 WHERE kind = 'INV'", "the counter says"),
    "receipts": ("UPDATE receipts SET file_sha256 = 'f'", "kept paper"),
    "payments": ("UPDATE payments SET amount_yen = amount_yen - 1", "is not"),
    "audit_entries": (
        "UPDATE audit_entries SET note = 'nothing happened' WHERE id = 1",
        "audit trail broken",
    ),
}


@pytest.mark.parametrize("table", TAMPERING)
def test_each_row_touched_behind_our_back_is_found(kept: Flask, table: str) -> None:
    statement, words = TAMPERING[table]
    assert books_problems() == []
    rollback()
    with write_intent(True):  # taken back afterwards, triggers and all
        for trigger in db.metadata.tables[table].info.get(db.engine.dialect.name, ()):
            on = "" if db.engine.dialect.name == "sqlite" else f" ON {table}"
            db.session.execute(text(f"DROP TRIGGER {trigger}{on}"))
        db.session.execute(text(statement))
        problems = books_problems()
        rollback()
    assert any(words in problem for problem in problems), problems
    assert books_problems() == []


def test_a_program_that_is_not_there_is_said(
    kept: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if settings_of(kept).is_sqlite:
        gone = replace(settings_of(kept), database_url=f"sqlite:///{tmp_path / 'nowhere.db'}")
        with pytest.raises(SnapshotError, match="no database"):
            take_backup(gone, tmp_path / "x.zip")
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(SnapshotError, match="not installed"):
            take_backup(settings_of(kept), tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize(
    "command", [["books", "verify"], ["audit"], ["reseal"], ["administrator", "a@example.co.jp", "a"]]
)
@pytest.mark.parametrize("there", [True, False])
def test_a_place_without_a_portal_is_said_in_one_line_and_stays_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], there: bool
) -> None:
    place = tmp_path / "none.db"
    if there:
        place.touch()
    monkeypatch.setenv("RENKEI_MODE", "test")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{place}")
    result = CliRunner().invoke(main, command)
    assert (result.exit_code, result.output.count("\n")) == (1, 1), result.output
    assert "renkei migrate" in result.output
    assert place.exists() == there
