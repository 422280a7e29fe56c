"""`renkei reseal`: after SECRET_KEY was changed, what OLD_SECRET_KEYS opens is sealed under the new one."""

from __future__ import annotations

import click
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from portal.accounts.models import TotpSecret
from portal.cli.standing import standing_portal
from portal.core.transaction import transaction


@click.command()
def reseal() -> None:
    """Seal the secrets of code generators under the present SECRET_KEY; then OLD_SECRET_KEYS can be emptied."""
    with standing_portal():
        sealed, closed = reseal_all()
    click.echo(f"{sealed} secrets are sealed under the present key.")
    if closed:
        raise click.ClickException(f"{closed} open under no key: name the old one in OLD_SECRET_KEYS")


def reseal_all() -> tuple[int, int]:
    """How many were sealed anew, and how many no key opens (they are left as they are)."""
    with transaction() as session:
        kept = session.scalars(select(TotpSecret)).all()
        for each in kept:
            if each.secret:
                flag_modified(each, "secret")
        closed = sum(not each.secret for each in kept)
    return len(kept) - closed, closed
