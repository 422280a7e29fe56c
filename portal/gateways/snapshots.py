"""A whole database as one file, and back: SQLite by VACUUM INTO, PostgreSQL by pg_dump and pg_restore.

Both take a consistent state while others read and write.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Protocol

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import URL, make_url


class SnapshotError(RuntimeError):
    """A snapshot could not be taken or put back; the message says why."""


class Snapshots(Protocol):
    """`member` is the name that the file gets in an archive."""

    member: str

    def write(self, to: Path, *, view: str) -> None: ...

    def read(self, source: Path) -> None: ...


class SqliteSnapshots:
    """Of one SQLite file."""

    member = "database.sqlite"

    def __init__(self, url: str) -> None:
        self.path = Path(make_url(url).database or "")

    def write(self, to: Path, *, view: str = "") -> None:
        """A compact copy at `to`, which must not exist."""
        if not self.path.exists():
            raise SnapshotError(f"there is no database at {self.path}")
        connection = sqlite.connect(str(self.path), timeout=60)
        try:
            connection.execute("VACUUM INTO ?", (str(to),))
        except sqlite.Error as error:
            raise SnapshotError(str(error)) from None
        finally:
            connection.close()

    def read(self, source: Path) -> None:
        """Put `source` where the database belongs; refuses to cover anything."""
        try:
            os.link(source, self.path)  # unlike a rename it fails when somebody was faster
        except FileExistsError:
            raise SnapshotError(f"{self.path} is not empty") from None
        source.unlink()


class PostgresqlSnapshots:
    """Of one PostgreSQL database, by the client programs of its version."""

    member = "database.dump"

    def __init__(self, url: str) -> None:
        self.url = make_url(url)

    def write(self, to: Path, *, view: str) -> None:
        """A dump at `to` of exactly what the exported transaction `view` sees."""
        self._run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={view}",
            f"--file={to}",
        )

    def read(self, source: Path) -> None:
        """All of `source` in one transaction; the database must have no tables yet."""
        self._run(
            "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error",
            f"--dbname={self.url.database}", str(source),
        )  # fmt: skip

    def _run(self, *command: str) -> None:
        try:
            done = subprocess.run(
                command, env=_environment(self.url), capture_output=True, text=True, check=False
            )
        except FileNotFoundError:
            raise SnapshotError(f"{command[0]} is not installed (Debian: postgresql-client)") from None
        if done.returncode:
            raise SnapshotError(f"{command[0]}: {done.stderr.strip()[:500]}")


def _environment(url: URL) -> dict[str, str]:
    """The connection as libpq's variables, so that no password stands in the list of processes."""
    given = {
        "PGHOST": url.query.get("host") or url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return os.environ | {name: str(value) for name, value in given.items() if value}


def snapshots_of(url: str) -> SqliteSnapshots | PostgresqlSnapshots:
    """What takes snapshots of the database at `url`."""
    return SqliteSnapshots(url) if url.startswith("sqlite") else PostgresqlSnapshots(url)
