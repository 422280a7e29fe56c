"""`renkei reseal`: after SECRET_KEY was changed, what OLD_SECRET_KEYS opens is sealed under the new one."""

from __future__ import annotations

from collections.abc import Iterator

import click
from sqlalchemy import Column, String, Table, select, type_coerce, update
from sqlalchemy.orm import Session, scoped_session

from portal.cli.standing import standing_portal
from portal.core.db import Base
from portal.core.sealing import Sealed, SealedDocument, seal, unseal
from portal.core.transaction import transaction

AT_ONCE = 500  # rows


@click.command()
def reseal() -> None:
    """Seal everything that stands sealed under the present SECRET_KEY; then OLD_SECRET_KEYS can be emptied."""
    with standing_portal():
        sealed, closed = reseal_all()
    click.echo(f"{sealed} secrets are sealed under the present key.")
    if closed:
        raise click.ClickException(f"{closed} open under no key: name the old one in OLD_SECRET_KEYS")


def reseal_all() -> tuple[int, int]:
    """How many were sealed anew, and how many no key opens (they are left as they are)."""
    with transaction() as session:
        each = [_reseal(session, column) for column in sealed_columns()]
    return sum(sealed for sealed, _ in each), sum(closed for _, closed in each)


def sealed_columns() -> Iterator[Column[object]]:
    """Every column that stands sealed in the database."""
    for table in Base.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, Sealed | SealedDocument))


def _reseal(session: scoped_session[Session] | Session, column: Column[object]) -> tuple[int, int]:
    table = column.table
    assert isinstance(table, Table)
    (key,) = table.primary_key.columns
    raw = type_coerce(column, String)
    sealed = closed = 0
    last = None
    while True:
        page = select(key, raw).where(column.is_not(None)).order_by(key).limit(AT_ONCE)
        rows = session.execute(page if last is None else page.where(key > last)).all()
        if not rows:
            return sealed, closed
        for number, text in rows:
            plain = unseal(text)
            closed, sealed = closed + (not plain), sealed + bool(plain)
            if plain:
                session.execute(
                    update(table).where(key == number).values({column.name: type_coerce(seal(plain), String)})
                )
        last = rows[-1][0]
