"""The command line and its subcommands."""

from __future__ import annotations

import click

from portal.cli import doctor, front_end, office, schema, serve, worker


@click.group()
def main() -> None:
    """Renkei: the portal of a research consortium and its industry partners."""


for command in (
    serve.serve,
    worker.work,
    schema.migrate,
    schema.load_demo,
    office.create_administrator,
    office.verify_audit,
    doctor.doctor,
    front_end.copy,
):
    main.add_command(command)
