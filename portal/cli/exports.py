"""`renkei books journal` and `renkei books papers`: what leaves the books, without a browser."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, cast

import click

from portal.billing.queries.register import Wanted, sum_of_papers
from portal.billing.services.archives.making import members_of
from portal.billing.services.archives.zipping import DamagedPaperError, verify_zip, write_zip
from portal.billing.services.journal import Asked, export_journal
from portal.cli.keeping.archive import new_file
from portal.cli.standing import standing_portal
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.exports import FileFormat
from portal.core.i18n import in_language
from portal.core.transaction import transaction
from portal.files.models import StoredFile

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("journal")
@click.argument("since", type=DAY)
@click.argument("until", type=DAY)
@click.argument("file", type=FILE)
@click.option("--again", is_flag=True, help="Take along entries that went out before.")
def journal(since: datetime, until: datetime, file: Path, again: bool) -> None:
    """Write the journal of SINCE to UNTIL (days) into FILE, .csv or .xlsx; each entry goes out once."""
    kind = FileFormat.XLSX if file.suffix.lower() == ".xlsx" else FileFormat.CSV
    with standing_portal(), in_language("en"):
        try:
            with file.open("xb") as out, transaction():
                run = export_journal(Asked(since.date(), until.date(), kind, again), by=None)
                out.write(db.session.get_one(StoredFile, run.file_id).content)
        except (Refused, OSError) as error:
            if isinstance(error, Refused):
                file.unlink(missing_ok=True)
            raise click.ClickException(_said(error, file)) from None
        click.echo(
            f"{file}: {run.entries:,} entries, debit and credit {run.debit_yen:,} yen, SHA-256 {run.file_sha256}"
        )


@click.command("papers")
@click.argument("file", type=FILE)
@click.option("--since", type=DAY, help="From this transaction date.")
@click.option("--until", type=DAY, help="To this transaction date.")
@click.option(
    "--party", default="", help="Part of the counterparty's name, in any spelling, or its corporate number."
)
@click.option("--pint", is_flag=True, help="With invoices and credit notes as JP PINT too.")
def papers(file: Path, since: datetime | None, until: datetime | None, party: str, pint: bool) -> None:
    """Write every paper that fits into FILE, a ZIP with an index of them and of their SHA-256; read it again."""
    if since and until and until < since:
        raise click.ClickException("--until is before --since.")
    wanted = Wanted(since=_day(since), until=_day(until), party=party)
    with standing_portal(), in_language("ja"):
        found, _bytes, yen = sum_of_papers(wanted)
        try:
            with new_file(file) as part:
                with part.open("wb") as out:
                    hashes = write_zip(cast(BinaryIO, out), members_of(wanted, with_pint=pint))
                with part.open("rb") as read:
                    verify_zip(read, hashes)
        except (OSError, DamagedPaperError) as error:
            raise click.ClickException(_said(error, file)) from None
    click.echo(f"{file}: {found:,} papers over {yen:,} yen, {len(hashes) - 1:,} files")


def _said(error: Exception, file: Path) -> str:
    """What went wrong, without the number that the system gives it."""
    if isinstance(error, FileExistsError):
        return f"{file} is there already"
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return f"there is no folder {file.parent}"
    return f"{file}: {error.strerror}" if isinstance(error, OSError) and error.strerror else str(error)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None
