"""The doctor finds each planted lack and passes what is whole."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.cli.doctor import examine
from portal.cli.doctor.findings import Finding

KEY = "kJ3v9-Qx_72mPzR0tYbW5nLcAeHdUgFs"
WHOLE = {
    "SECRET_KEY": KEY,
    "PUBLIC_URL": "https://portal.example.jp",
    "MAIL_FROM": "事務局 <office@example.jp>",
    "CONTACT_ADDRESS": "office@example.jp",
    "CONSORTIUM_NAME_JA": "見本コンソーシアム",
    "CONSORTIUM_NAME_EN": "Sample Consortium",
    "TRUSTED_PROXIES": "1",
    "STRIPE_SECRET_KEY": "sk_live_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x",
}


def findings(tmp_path: Path, **given: str) -> dict[str, Finding]:
    variables = WHOLE | {"DATABASE_URL": f"sqlite:///{tmp_path / 'none.db'}"} | given
    return {finding.item: finding for finding in examine(variables)}


def test_what_is_set_well_is_fine(tmp_path: Path) -> None:
    found = findings(tmp_path)
    assert {item for item, finding in found.items() if finding.is_missing} == {"schema", "mail"}


@pytest.mark.parametrize(
    ("variable", "value", "item"),
    [
        ("RENKEI_MODE", "bogus", "RENKEI_MODE"),
        ("RENKEI_MODE", "demo", "mode"),
        ("TRUSTED_PROXIES", "abc", "TRUSTED_PROXIES"),
        ("TRUSTED_PROXIES", "0", "proxy"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL"),
        ("DATABASE_URL", "foo", "DATABASE_URL"),
        ("SECRET_KEY", "short", "secret key"),
        ("SECRET_KEY", "a" * 40, "secret key"),
        ("PUBLIC_URL", "https://", "address"),
        ("PUBLIC_URL", "http://portal.example.jp", "address"),
        ("PUBLIC_URL", "https://portal.example.jp/renkei", "address"),
        ("MAIL_FROM", "@", "sender"),
        ("CONSORTIUM_NAME_JA", "", "name in Japanese"),
        ("CONSORTIUM_NAME_EN", "Renkei", "name in English"),
        ("STRIPE_SECRET_KEY", "sk_test_x", "payments"),
        ("STRIPE_SECRET_KEY", "nonsense", "payments"),
        ("STRIPE_WEBHOOK_SECRET", "", "webhooks"),
        ("STRIPE_API_BASE", "http://127.0.0.1:1", "stand-ins"),
        ("SMTP_URL", "nonsense", "mail"),
        ("SMTP_URL", "smtp://127.0.0.1:1", "mail"),
        ("REDIS_URL", "redis://127.0.0.1:1", "queue"),
        ("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none", "schema"),
    ],
)
def test_each_lack_is_found(tmp_path: Path, variable: str, value: str, item: str) -> None:
    assert findings(tmp_path, **{variable: value})[item].is_missing


class _Smtp(socketserver.StreamRequestHandler):
    """Greets, and lets in who knows the password."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            verb = line.split()[0].upper()
            if verb == b"EHLO":
                self.wfile.write(b"250-here\r\n250 AUTH PLAIN\r\n")
            elif verb == b"AUTH":
                right = line.split()[-1] == b"AG1lAHJpZ2h0"  # "\0me\0right"
                self.wfile.write(b"235 in\r\n" if right else b"535 no\r\n")
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def smtp() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.parametrize(("password", "missing"), [("right", False), ("wrong", True)])
def test_a_password_that_the_mail_server_does_not_take_is_found(
    tmp_path: Path, smtp: int, password: str, missing: bool
) -> None:
    found = findings(tmp_path, SMTP_URL=f"smtp://me:{password}@127.0.0.1:{smtp}")
    assert found["mail"].is_missing is missing


@pytest.fixture
def migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    given = WHOLE | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}",
        "QUEUE_PATH": str(tmp_path / "queue.db"),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert CliRunner().invoke(main, ["migrate"], catch_exceptions=False).exit_code == 0
    return given


def test_an_empty_office_is_told_what_to_enter(migrated: dict[str, str]) -> None:
    found = {finding.item: finding for finding in examine(migrated)}
    assert {i for i, f in found.items() if f.is_missing} == {
        "mail",
        "administrator",
        "issuer",
        "tiers",
        "rules",
    }
    assert found["schema"].is_fine
    assert found["guards"].is_fine


def test_a_missing_trigger_is_found(migrated: dict[str, str]) -> None:
    with sqlite.connect(migrated["DATABASE_URL"].removeprefix("sqlite:///")) as connection:
        connection.execute("DROP TRIGGER invoices_no_delete")
    found = {finding.item: finding for finding in examine(migrated)}
    assert (found["guards"].is_missing, found["guards"].words) == (True, "invoices_no_delete")


def test_a_wrong_variable_is_said_in_one_line_by_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RENKEI_MODE", "bogus")
    answer = CliRunner().invoke(main, ["migrate"])
    assert answer.exit_code == 1
    assert answer.output == "Error: RENKEI_MODE is 'bogus'; it must be one of production, demo, test\n"
