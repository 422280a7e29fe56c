"""`renkei bank import`: whole or not at all, once, in words or as JSON."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.billing.models import BankDeposit, BankFile
from portal.cli import main
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.zengin import BankFile as BankFileOf
from portal.domain.zengin import FileForm, FileKind, Statement, write
from portal.wiring import create_app
from tests.support.bank import bank_file, header, transfer
from tests.support.billing import issuer
from tests.support.databases import Database, another
from tests.support.settings import settings_for


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with another(database, tmp_path, "bank") as url:
        app = create_app(settings_for(url))
        with app.app_context():
            with transaction():
                db.create_all()
            issuer()
            monkeypatch.setenv("RENKEI_MODE", "test")
            monkeypatch.setenv("DATABASE_URL", url)
            monkeypatch.setenv("QUEUE_PATH", str(tmp_path / "queue.db"))

            def call(*words: str):
                rollback()
                db.session.remove()
                return CliRunner().invoke(main, ["bank", "import", *words])

            yield call
            db.session.remove()
            db.engine.dispose()


def test_a_file_is_imported_once(run, tmp_path: Path) -> None:
    file = tmp_path / "ﾌﾘｺﾐ.txt"
    file.write_bytes(bank_file(transfer(5_000, "ダレカ"), transfer(6_000, "ダレカ")))
    dry = run(str(file), "--dry-run", "--json")
    assert dry.exit_code == 0, dry.output
    assert json.loads(dry.output)["new"] == 2
    assert db.session.query(BankFile).count() == 0
    done = run(str(file))
    assert done.output == "2 deposits, 11,000 yen, imported; 0 were known, 0 movements are money out.\n"
    again = run(str(file), "--json")
    assert json.loads(again.output)["imported_before"] is True
    rollback()
    assert db.session.query(BankDeposit).count() == 2


def test_a_bad_file_is_refused_with_its_place(run, tmp_path: Path) -> None:
    file = tmp_path / "bad.txt"
    file.write_bytes(bank_file(transfer(5_000, "ダレカ")).replace(b"0000005000", b"000000500x", 1))
    refused = run(str(file))
    assert refused.exit_code == 1
    assert "Line 2, column 20" in refused.output
    assert json.loads(run(str(file), "--json").output)["refused"].startswith("Line 2, column 20")
    assert db.session.query(BankFile).count() == 0


def test_an_account_is_named_for_a_csv_alone(run, tmp_path: Path) -> None:
    """What is wrong is the account that was typed, not the file."""
    file = tmp_path / "a.txt"
    file.write_bytes(bank_file(transfer(5_000, "ダレカ")))
    typed = run(str(file), "--account", "xx", "--dry-run")
    assert typed.exit_code == 1
    assert "xx is no account that is registered as ours" in typed.output


def test_what_may_be_here_already_and_which_days_are_said(run, tmp_path: Path) -> None:
    """The same transfer in a file of another kind; and a day of eleven years ago."""
    entry, old = transfer(5_000, "ダレカ"), date(2014, 11, 20)
    file, other = tmp_path / "a.txt", tmp_path / "b.txt"
    file.write_bytes(bank_file(entry))
    run(str(file))
    entries = (entry._replace(category="11"), entry._replace(booked_on=old))
    other.write_bytes(
        write(BankFileOf(FileKind.MOVEMENTS, FileForm.FIXED, (Statement(header(from_on=old), entries),)))
    )
    dry = json.loads(run(str(other), "--dry-run", "--json").output)
    said = {name: dry[name] for name in ("new", "maybe_known", "from", "more_than_a_year_back")}
    assert said == {"new": 2, "maybe_known": 1, "from": "2014-11-20", "more_than_a_year_back": 1}
    words = run(str(other)).output
    assert "1 deposit may be here already (same account, day, amount and payer in another file)" in words
    assert "1 deposit of more than a year back, the first of 2014-11-20: are the years right?" in words
