"""First steps and watchman's rounds in production."""

from __future__ import annotations

import sys

import click

from portal.accounts.services.office import create_first_administrator
from portal.audit.services import broken_links
from portal.core.errors import Refused
from portal.core.transaction import transaction
from portal.wiring import create_app


@click.command("administrator")
@click.argument("email")
@click.argument("name")
def create_administrator(email: str, name: str) -> None:
    """Make EMAIL the administrator of the consortium's office and mail a sign-in link."""
    with create_app().app_context():
        try:
            with transaction():
                create_first_administrator(email=email, name=name)
        except Refused as refused:
            raise click.ClickException(str(refused)) from None
    click.echo(f"{email} is an administrator; a mail with a sign-in link is on its way.")


@click.command("audit")
def verify_audit() -> None:
    """Recompute the audit trail's chain; exits with 1 where it does not hold."""
    with create_app().app_context():
        broken = broken_links()
    for place in broken:
        click.echo(f"broken: {place}")
    click.echo("The audit trail holds." if not broken else f"{len(broken)} broken links.")
    sys.exit(1 if broken else 0)
