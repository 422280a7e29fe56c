"""What production still lacks, item by item."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping

import click

from portal.cli.doctor import configuration, data, machine, outside
from portal.cli.doctor.findings import Finding
from portal.settings import Settings, WrongSettingError


@click.command()
def doctor() -> None:
    """Say what is missing for production; exits with 1 when something is."""
    findings = list(examine(os.environ))
    for finding in findings:
        click.echo(f"{finding.mark:8}{finding.item:18}{finding.words}")
    lacking = sum(finding.is_missing for finding in findings)
    click.echo(f"\n{lacking} missing of {len(findings)}." if lacking else "\nReady for production.")
    sys.exit(1 if lacking else 0)


def examine(environment: Mapping[str, str]) -> Iterator[Finding]:
    """All findings for these variables; one that cannot be read is a finding, and the rest is examined without it."""
    given = dict(environment)
    while True:
        try:
            settings = Settings.from_environment(given)
            break
        except WrongSettingError as error:
            yield Finding(error.variable, False, str(error))
            del given[error.variable]
    for look in (configuration.look, machine.look, data.look, outside.look):
        yield from look(settings)
