"""The journal and the papers leave without a browser."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal.billing.services.journal import set_layout
from portal.billing.services.ledger import post
from portal.cli import main
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.journal import Preset, preset_layout
from portal.domain.ledger import EntryKind, deposit_parked
from tests.support.billing import bill, issuer
from tests.support.people import company

YEARS = ["2020-01-01", "2099-12-31"]


@pytest.fixture
def run(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    issuer()
    bill(company("架空製薬株式会社"))
    monkeypatch.setenv("RENKEI_MODE", "test")
    monkeypatch.setenv("DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setenv("QUEUE_PATH", str(tmp_path / "queue.db"))

    def run(command: str, *arguments: str) -> Result:
        rollback()
        db.session.remove()
        return CliRunner().invoke(main, ["books", command, *arguments])

    return run


def test_the_journal_goes_out_once(run, tmp_path: Path) -> None:
    first, second = tmp_path / "journal.csv", tmp_path / "again.csv"
    assert "set up the journal export first" in run("journal", *YEARS, str(first)).output
    assert not first.exists()
    with transaction():
        set_layout(layout=preset_layout(Preset.FLAGGED), by=None)
    done = run("journal", *YEARS, str(first))
    assert (done.exit_code, "1 entries, debit and credit 1,100,000 yen" in done.output) == (0, True)
    assert run("journal", *YEARS, str(second)).exit_code == 1
    assert run("journal", *YEARS, str(second), "--again").exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    assert run("journal", *YEARS, str(second), "--again").exit_code == 1  # the file is there already


def test_papers_leave_in_a_zip(run, tmp_path: Path) -> None:
    file = tmp_path / "papers.zip"
    done = run("papers", str(file), "--party", "架空", "--pint")
    assert (done.exit_code, "1 papers over 1,100,000 yen, 2 files" in done.output) == (0, True)
    with zipfile.ZipFile(file) as package:
        assert len(package.namelist()) == 3
    assert run("papers", str(file)).exit_code == 1


def test_what_cannot_be_written_is_said_in_words(run, tmp_path: Path) -> None:
    file, nowhere = tmp_path / "papers.zip", tmp_path / "nowhere" / "papers.zip"
    file.write_bytes(b"mine")
    for command, days in (("papers", []), ("journal", YEARS)):
        there, lost = run(command, *days, str(file)), run(command, *days, str(nowhere))
        assert (there.exit_code, there.output) == (1, f"Error: {file} is there already\n")
        assert (lost.exit_code, lost.output) == (1, f"Error: there is no folder {nowhere.parent}\n")
    assert file.read_bytes() == b"mine"
    turned = run("papers", str(tmp_path / "turned.zip"), "--since", "2026-05-01", "--until", "2026-04-30")
    assert (turned.exit_code, turned.output) == (1, "Error: --until is before --since.\n")
    assert [each.name for each in tmp_path.glob("*.zip")] == ["papers.zip"]


def test_differences_are_said_in_one_language(run) -> None:
    with transaction():
        post(
            EntryKind.DEPOSIT_PARKED,
            source="planted:1",
            transfers=deposit_parked(1_000),
            booked_on=clock.today(),
        )
    found = run("verify")
    assert (found.exit_code, "Suspense receipts are the parked deposits" in found.output) == (1, True)
    assert found.output.isascii()
