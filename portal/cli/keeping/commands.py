"""`renkei backup`, `renkei restore`, `renkei books verify`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import flask_migrate
from sqlalchemy import func, inspect, select

from portal.billing.queries.verification import document_remarks
from portal.cli.keeping.archive import (
    FILES,
    BadArchiveError,
    Manifest,
    file_list,
    new_file,
    pack,
    read_manifest,
    sha256_of,
    unpacked,
)
from portal.cli.keeping.sums import books_problems, business_sums
from portal.cli.schema import keep_private
from portal.cli.standing import standing_portal
from portal.core import clock
from portal.core.db import db
from portal.gateways.snapshots import SnapshotError, SqliteSnapshots, snapshots_of
from portal.settings import Settings
from portal.wiring import create_app
from portal.wiring.health import known_migrations, newest_migration

PATH = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=PATH)
def backup(file: Path) -> None:
    """Save everything into FILE while the portal serves; FILE must not exist yet."""
    settings = Settings.from_environment(os.environ)
    try:
        manifest = take_backup(settings, file)
    except (SnapshotError, FileExistsError, OSError) as error:
        raise click.ClickException(str(error)) from None
    rows = sum(manifest.sums["rows"].values())
    click.echo(f"{file}: {rows:,} rows, {file.stat().st_size:,} bytes, SHA-256 {sha256_of(file)}")


@click.command()
@click.argument("file", type=PATH)
def restore(file: Path) -> None:
    """Put a backup into the empty database at DATABASE_URL, count it again and verify the books."""
    settings = Settings.from_environment(os.environ)
    keep_private()
    try:
        problems = put_back(settings, file)
    except (SnapshotError, BadArchiveError, OSError) as error:
        raise click.ClickException(str(error)) from None
    _report(problems, "Restored. Every sum is what it was, and the books hold.")


@click.group()
def books() -> None:
    """The books as a whole."""


@books.command()
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
def verify(as_json: bool) -> None:
    """Recompute sums, documents, kept papers and the hash chain; exits with 1 on any difference, not for a remark."""
    with standing_portal():
        problems, remarks, sums = books_problems(), document_remarks(), business_sums()
    if as_json:
        found = {"differences": problems, "remarks": remarks, "sums": sums}
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        sys.exit(1 if problems else 0)
    for remark in remarks:
        click.echo(f"remark: {remark}")
    _report(problems, f"The books hold: {sum(sums['rows'].values()):,} rows looked at.")


def take_backup(settings: Settings, to: Path) -> Manifest:
    """Write the archive at `to`; raises SnapshotError, FileExistsError or OSError and leaves nothing behind."""
    snapshots = snapshots_of(settings.database_url)
    with new_file(to) as part, TemporaryDirectory(prefix=".renkei-backup-", dir=to.parent) as folder:
        copy = Path(folder) / snapshots.member
        if isinstance(snapshots, SqliteSnapshots):
            snapshots.write(copy)
            sums, files = _counted(replace(settings, database_url=f"sqlite:///{copy}"))
        else:
            with _opened(settings):
                db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                view = str(db.session.scalar(select(func.pg_export_snapshot())))
                sums, files = business_sums(), file_list()
                snapshots.write(copy, view=view)
        listed = Path(folder) / FILES
        listed.write_bytes(files)
        manifest = Manifest(
            made_at=clock.now().isoformat(timespec="seconds"),
            database="sqlite" if settings.is_sqlite else "postgresql",
            members={copy.name: sha256_of(copy), FILES: sha256_of(listed)},
            sums=sums,
        )
        pack(part, manifest, {copy.name: copy, FILES: listed})
    return manifest


def put_back(settings: Settings, archive: Path) -> list[str]:
    """Restore into an empty database; what differs from the manifest or does not hold in the books.

    Raises BadArchiveError or SnapshotError before anything is put in place.
    """
    manifest = read_manifest(archive)
    snapshots = snapshots_of(settings.database_url)
    kind = "sqlite" if settings.is_sqlite else "postgresql"
    if manifest.database != kind:
        raise BadArchiveError(f"{archive} was made of {manifest.database}, DATABASE_URL names {kind}")
    if manifest.sums["migration"] not in known_migrations():
        raise BadArchiveError(f"{archive} is from a newer Renkei (migration {manifest.sums['migration']})")
    _require_empty(settings)
    beside = snapshots.path.parent if isinstance(snapshots, SqliteSnapshots) else archive.parent
    beside.mkdir(parents=True, exist_ok=True)
    with unpacked(archive, manifest, snapshots.member, beside=beside) as copy:
        snapshots.read(copy)
    return _differences(settings, manifest.sums, as_of=clock.day_of(datetime.fromisoformat(manifest.made_at)))


@contextmanager
def _opened(settings: Settings) -> Iterator[None]:
    """The portal on `settings`, and every connection closed afterwards: the last one empties SQLite's journal."""
    with create_app(settings).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _counted(settings: Settings) -> tuple[dict[str, Any], bytes]:
    with _opened(settings):
        return business_sums(), file_list()


def _require_empty(settings: Settings) -> None:
    if settings.is_sqlite:
        path = SqliteSnapshots(settings.database_url).path
        if any(Path(f"{path}{ending}").exists() for ending in ("", "-wal", "-journal")):
            raise SnapshotError(f"{path} is there already; a backup is restored into an empty place")
        return
    with _opened(settings):
        tables = inspect(db.engine).get_table_names()
    if tables:
        raise SnapshotError(f"the database has {len(tables)} tables; a backup is restored into an empty one")


def _differences(settings: Settings, wanted: dict[str, Any], *, as_of: date) -> list[str]:
    """Against the manifest and in the books; what an older Renkei saved is brought to this one's schema first."""
    with _opened(settings):
        if wanted["migration"] != newest_migration():
            flask_migrate.upgrade()
        found = business_sums()
        problems = [
            f"{name}: {said} in the backup, {found['rows'].get(name)} now"
            for name, said in wanted["rows"].items()
            if found["rows"].get(name) != said
        ]
        problems += [
            f"{name} differs from the backup" for name in ("accounts", "trail") if wanted[name] != found[name]
        ]
        return problems + books_problems(as_of)


def _report(problems: list[str], fine: str) -> None:
    for problem in problems:
        click.echo(f"difference: {problem}")
    click.echo(f"{len(problems)} differences." if problems else fine)
    sys.exit(1 if problems else 0)
