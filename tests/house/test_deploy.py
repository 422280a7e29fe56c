"""What `deploy/` says is what the portal reads, and a backup restores to the same sums on both databases."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import URL, make_url

from deploy import backup
from portal.core.db import db
from portal.core.transaction import rollback
from portal.settings import Settings
from tests.support.people import company, person

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / "deploy" / "renkei.env.example").read_text()


def test_the_example_names_every_variable_and_no_other() -> None:
    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", EXAMPLE, re.MULTILINE))
    read = {
        f.metadata["variable"] for f in Settings.__dataclass_fields__.values() if "variable" in f.metadata
    }
    assert named == read | {"INSTANCE_PATH", "RENKEI_MODE"}


def test_the_example_gives_no_secret() -> None:
    assert re.findall(r"^(SECRET_KEY|STRIPE_\w+)=.+", EXAMPLE, re.MULTILINE) == []


def test_the_proxy_logs_no_secret_of_a_link() -> None:
    """Neither what stands behind the question mark, nor the page from which somebody comes."""
    lines = (ROOT / "deploy" / "nginx.conf").read_text()
    (written,) = re.findall(r"^log_format renkei ([^;]*);", lines, re.MULTILINE)
    variables = set(re.findall(r"\$\{?(\w+)", written))
    assert variables.isdisjoint({"request", "request_uri", "args", "query_string", "http_referer"})
    assert variables >= {"renkei_path", "status", "request_id"}
    assert re.search(
        r"map \$request_uri \$renkei_path \{\s*\"~\^\(\?<path>\[\^\?\]\*\)\" \$path;\s*\}", lines
    )
    assert set(re.findall(r"^ *access_log ([^;]*);", lines, re.MULTILINE)) == {
        "/var/log/nginx/renkei.log renkei",
        "off",
    }
    servers = lines.split("\nserver {")[1:]
    assert [s.count("access_log /var/log/nginx/renkei.log renkei;") for s in servers] == [1, 1]
    assert [s.count("error_log /var/log/nginx/renkei-error.log crit;") for s in servers] == [1, 1]


@contextmanager
def restored(source: URL, copy: Path) -> Iterator[URL]:
    """The backup put into a new database."""
    if source.get_backend_name() == "sqlite":
        target = copy.with_name("restored.db")
        shutil.copyfile(copy, target)
        yield URL.create("sqlite", database=str(target))
        return
    if shutil.which("pg_restore") is None:
        pytest.skip("pg_restore is not on this machine")
    name = f"{source.database}_restored"
    plain = backup.libpq_address(source.set(database="postgres"))
    with psycopg.connect(plain, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        try:
            target = source.set(database=name)
            address = backup.libpq_address(target)
            subprocess.run(["pg_restore", "--exit-on-error", "--dbname", address, str(copy)], check=True)
            yield target
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def test_a_backup_restores_to_the_same_sums(app: Flask, tmp_path: Path) -> None:
    for _ in range(3):
        person(at=company())
    rollback()
    source = make_url(db.engine.url.render_as_string(hide_password=False))
    if source.get_backend_name() == "postgresql" and shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not on this machine")
    copy = backup.back_up(source, tmp_path)
    kept = copy.with_suffix(".sums").read_text()
    with restored(source, copy) as target:
        assert backup.sums(target) == kept == backup.sums(source)
    figures = dict(reversed(line.strip().split("  ", 1)) for line in kept.splitlines())
    assert [int(value) for item, value in figures.items() if item.startswith("3 must be 0")] == [0] * 4


def test_a_damaged_copy_is_refused(app: Flask, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"SQLite format 3\x00" + bytes(8000))
    with pytest.raises((SystemExit, backup.sqlite.DatabaseError)):
        backup.sums_of_file(damaged)
