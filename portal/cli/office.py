"""First steps and watchman's rounds in production."""

from __future__ import annotations

import sys

import click

from portal.accounts.services.office import create_first_administrator
from portal.audit.services import broken_links
from portal.cli.standing import standing_portal
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.schema import missing_guards
from portal.core.transaction import transaction


@click.command("administrator")
@click.argument("email")
@click.argument("name")
def create_administrator(email: str, name: str) -> None:
    """Make EMAIL the administrator of the consortium's office and mail a sign-in link."""
    with standing_portal():
        try:
            with transaction():
                create_first_administrator(email=email, name=name)
        except Refused as refused:
            raise click.ClickException(str(refused)) from None
    click.echo(f"{email} is an administrator; a mail with a sign-in link is on its way.")


@click.command("audit")
def verify_audit() -> None:
    """Recompute the audit trail's chain and look for its guards; exits with 1 where something does not hold."""
    with standing_portal():
        broken, missing = broken_links(), missing_guards(db.session.connection())
    for place in broken:
        click.echo(f"broken: {place}")
    for trigger in missing:
        click.echo(f"not guarded: trigger {trigger} is missing or switched off")
    if broken or missing:
        click.echo(f"{len(broken)} broken links, {len(missing)} missing guards.")
        sys.exit(1)
    click.echo("The audit trail holds.")
