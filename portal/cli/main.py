"""The command line and its subcommands."""

from __future__ import annotations

from typing import Any

import click

from portal.cli import bank, doctor, exports, front_end, office, schema, sealing, serve, worker
from portal.cli.keeping import commands as keeping
from portal.cli.matching import commands as matching
from portal.settings import MissingSettingError, WrongSettingError


class Commands(click.Group):
    """Says in one line which variable is wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (WrongSettingError, MissingSettingError) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands)
def main() -> None:
    """Renkei: the portal of a research consortium and its industry partners."""


for command in (
    serve.serve,
    worker.work,
    schema.migrate,
    schema.load_demo,
    office.create_administrator,
    office.verify_audit,
    sealing.reseal,
    doctor.doctor,
    keeping.backup,
    keeping.restore,
    keeping.books,
    bank.bank,
    matching.match,
    front_end.copy,
):
    main.add_command(command)
for command in (exports.journal, exports.papers):
    keeping.books.add_command(command)
