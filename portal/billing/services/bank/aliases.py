"""Who is known by which name or code: learned from every click, forgotten when the click was wrong."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.accounts.models import Organisation
from portal.audit.services import record
from portal.billing.deposits import AliasKind
from portal.billing.models import BankDeposit, PayerAlias
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db, insert_or_ignore
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.payer_names import payer_key

LONGEST = 120


def learn_name(deposit: BankDeposit, organisation_id: int, *, by: Actor) -> None:
    """The deposit's name is this company's from now on."""
    if payer_key(deposit.payer_name):
        remember(AliasKind.NAME, deposit.payer_name, organisation_id, by=by)


def add_alias(*, kind: AliasKind, name: str, organisation: Organisation, by: Actor) -> None:
    """Confirm a name or code by hand; raises Refused at `name` when nothing of it is left to compare."""
    if not alias_key(kind, name):
        raise Refused(_l("Please write the name in kana, or the digits of the code."), field="name")
    remember(kind, name, organisation.id, by=by)


def remember(kind: AliasKind, name: str, organisation_id: int, *, by: Actor) -> None:
    """Write an alias down, or remember one that was forgotten; known ones stay as they are."""
    key = alias_key(kind, name)
    now = clock.now()
    insert_or_ignore(
        PayerAlias,
        kind=kind,
        key=key,
        name=name[:LONGEST],
        organisation_id=organisation_id,
        learned_at=now,
        learned_by_id=by.id,
        forgotten_at=now,
    )
    again = (
        update(PayerAlias)
        .where(
            PayerAlias.kind == kind,
            PayerAlias.key == key,
            PayerAlias.organisation_id == organisation_id,
            PayerAlias.forgotten_at.is_not(None),
        )
        .values(forgotten_at=None, learned_at=now, learned_by_id=by.id, name=name[:LONGEST])
        .returning(PayerAlias.id)
    )
    found = db.session.execute(again, execution_options={"synchronize_session": "fetch"}).first()
    if found is not None:
        alias = db.session.get_one(PayerAlias, found[0], populate_existing=True)
        record(verb="alias.learned", subject=alias, by=by, changes={"name": alias.name})


def forget_alias(alias: PayerAlias, *, by: Actor | None) -> None:
    """It proposes nothing any more; what was decided with it stays."""
    first = (
        update(PayerAlias)
        .where(PayerAlias.id == alias.id, PayerAlias.forgotten_at.is_(None))
        .values(forgotten_at=clock.now())
        .returning(PayerAlias.id)
    )
    if db.session.execute(first, execution_options={"synchronize_session": "fetch"}).first() is not None:
        record(verb="alias.forgotten", subject=alias, by=by, changes={"name": alias.name})


def forget_name(deposit: BankDeposit, organisation_id: int, *, by: Actor | None) -> None:
    """What was learned from a decision that was wrong."""
    same = select(PayerAlias).where(
        PayerAlias.kind == AliasKind.NAME,
        PayerAlias.key == alias_key(AliasKind.NAME, deposit.payer_name),
        PayerAlias.organisation_id == organisation_id,
    )
    alias = db.session.scalars(same).one_or_none()
    if alias is not None:
        forget_alias(alias, by=by)


def alias_key(kind: AliasKind, name: str) -> str:
    """What two spellings of a name share; a code without the noughts before it."""
    if kind is AliasKind.NAME:
        return payer_key(name)[:LONGEST]
    digits = "".join(letter for letter in name if letter.isascii() and letter.isalnum())
    return digits.lstrip("0")[:LONGEST]
