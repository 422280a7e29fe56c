"""The log names rows and persons, never a secret that an address carries.

Mutants that must fail here: `subject` with every argument of the address, or with its query.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
from flask import Flask, Response
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Person
from portal.cli.serve import WEB_SERVER_LOG
from portal.core.json_lines import JsonLine
from portal.core.logs import _line, _Lines
from portal.core.transaction import transaction
from portal.settings import ROOT

SECRET = "qs0tZr7yK2mX8wLd4vBn6pHc1gFj3aTe"  # as long as the key of a checkout


def line(app: Flask, address: str) -> dict[str, object]:
    with app.test_request_context(address):
        return _line(Response(status=200))


@pytest.mark.parametrize(
    "address",
    [
        f"/billing/checkouts/{SECRET}",
        f"/membership/shared?token={SECRET}",
        f"/invitation?token={SECRET}",
        f"/sign-in/open?token={SECRET}",
        f"/sign-in?next=/membership/shared?token={SECRET}",
        f"/membership/applications/7/steps/{SECRET}",
    ],
)
def test_words_of_an_address_stay_out(app: Flask, address: str) -> None:
    assert SECRET not in json.dumps(line(app, address))


@pytest.mark.database
def test_an_error_of_the_database_does_not_repeat_what_was_written(app: Flask) -> None:
    """It goes into the log whole. Mutant: `hide_parameters` left out of the engine's options."""
    with pytest.raises(IntegrityError) as error, transaction() as session:
        session.execute(insert(Person).values(id=1, name=f"http://localhost/invitation?token={SECRET}"))
    assert SECRET not in str(error.value)


def test_numbers_of_rows_stand_in_the_line(app: Flask) -> None:
    found = line(app, "/membership/applications/7/steps/company")
    assert (found["endpoint"], found["subject"]) == ("membership.edit_step", {"application_id": 7})
    assert line(app, "/sign-in")["subject"] is None


def test_what_others_say_is_one_line_of_json() -> None:
    """Mutant: a format string; a quotation mark or a traceback breaks it."""
    try:
        raise ValueError('a "word"\nand another line')
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", 40, "f", 1, 'said "%s"', ("a\nb",), sys.exc_info())
    line = JsonLine().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert (said["event"], said["level"]) == ('said "a\nb"', "error")
    assert "ValueError" in said["exception"]


def test_the_web_server_speaks_json_too() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "gunicorn", "nowhere:app", "--logger-class", WEB_SERVER_LOG, "--bind", "127.0.0.1:0",
         "--no-control-socket"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert not [
        line for line in said.stderr.splitlines() if line.startswith("[")
    ]  # as gunicorn writes by itself
    lines = [json.loads(line) for line in said.stderr.splitlines() if line.startswith("{")]
    assert any("Starting gunicorn" in line["event"] for line in lines)
    assert any("exception" in line for line in lines)  # the application is not there
    unit = (ROOT / "deploy" / "renkei-web.service").read_text()
    assert f"--logger-class {WEB_SERVER_LOG}" in unit


def test_a_line_that_nobody_takes_stops_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk under the log is full. Mutant: the error goes up, and a committed request answers 500."""
    full = open("/dev/full", "w")  # noqa: SIM115 closing it fails too
    monkeypatch.setattr(sys, "stdout", full)
    _Lines().info("something")
    monkeypatch.undo()
    with pytest.raises(OSError, match="No space"):
        full.close()
