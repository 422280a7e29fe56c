"""Back up the portal's database, and tell the figures by which a restored copy is judged.

    .venv/bin/python deploy/backup.py FOLDER     a backup of DATABASE_URL into FOLDER, its sums beside it
    .venv/bin/python deploy/backup.py --sums     the sums of DATABASE_URL, to compare with that file

Documents are rows, so the database is everything; the queue is not kept (the worker fills it again from the jobs).
PostgreSQL: pg_dump and the sums read the same snapshot. SQLite: VACUUM INTO from this process, never a plain
copy of a file in use, which can pass every check and be wrong.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pysqlite3.dbapi2 as sqlite
from sqlalchemy import URL, make_url

from portal.settings import Settings

SUMS = Path(__file__).with_name("sums.sql").read_text()


def libpq_address(url: URL) -> str:
    """The address as PostgreSQL's own programs read it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def told(rows: Iterable[tuple[str, Any]]) -> str:
    return "".join(f"{int(value):>16}  {item}\n" for item, value in rows)


def sums_of_file(path: str | Path) -> str:
    """Sums of a SQLite file, read without writing to it; refuses a damaged one."""
    connection = sqlite.connect(f"file:{path}?mode=ro", uri=True)
    try:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise SystemExit(f"{path} is damaged: {verdict}")
        return told(connection.execute(SUMS))
    finally:
        connection.close()


def sums(url: URL) -> str:
    """Sums of the database at `url`."""
    if url.get_backend_name() == "sqlite":
        return sums_of_file(url.database or "")
    with psycopg.connect(libpq_address(url)) as connection:
        return told(connection.execute(SUMS))


def back_up_sqlite(url: URL, target: Path) -> str:
    """A consistent copy while others write; its sums are the copy's own."""
    connection = sqlite.connect(url.database, timeout=30)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    with target.open("rb") as copy:
        os.fsync(copy.fileno())
    return sums_of_file(target)


def back_up_postgresql(url: URL, target: Path) -> str:
    """A dump and the sums of one and the same moment, while others write."""
    with psycopg.connect(libpq_address(url)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = row[0] if row else ""
        told_sums = told(connection.execute(SUMS))
        # the password goes by the environment, so that no list of processes shows it
        dump = [
            "pg_dump",
            "--format=custom",
            f"--snapshot={snapshot}",
            f"--file={target}",
            "--dbname",
            _without_password(url),
        ]
        subprocess.run(dump, check=True, env=os.environ | _password(url))
    return told_sums


def _without_password(url: URL) -> str:
    return libpq_address(
        URL.create(url.drivername, url.username, None, url.host, url.port, url.database, url.query)
    )


def _password(url: URL) -> dict[str, str]:
    return {"PGPASSWORD": str(url.password)} if url.password else {}


def back_up(url: URL, folder: Path) -> Path:
    """Write the backup and its sums into `folder`; gives the backup's path. Raises when it cannot."""
    folder.mkdir(parents=True, exist_ok=True)
    is_sqlite = url.get_backend_name() == "sqlite"
    target = folder / f"renkei-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.{'db' if is_sqlite else 'dump'}"
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    told_sums = (back_up_sqlite if is_sqlite else back_up_postgresql)(url, unfinished)
    target.with_suffix(".sums").write_text(told_sums)
    return unfinished.rename(target)


def main(arguments: list[str]) -> None:
    url = make_url(Settings.from_environment(os.environ).database_url)
    os.umask(0o077)
    match arguments:
        case ["--sums"]:
            print(sums(url), end="")
        case [folder]:
            target = back_up(url, Path(folder))
            print(
                f"{target} ({target.stat().st_size:,} bytes)\n{target.with_suffix('.sums').read_text()}",
                end="",
            )
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
