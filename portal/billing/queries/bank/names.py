"""Names and codes by which payers are known."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, select, type_coerce

from portal.accounts.models import Organisation
from portal.accounts.queries.organisations import name_column
from portal.billing.models import (
    PayerAlias,
)
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.domain.payer_names import payer_key


def list_aliases(*, text: str, cursor: str | None, language: str) -> Slice[Any]:
    """Rows of id, kind, name, company's id and name, and since when, for names that hold; by company."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{escaped}%"
    key = payer_key(text)  # full width or half, as the name is shown or as it was transmitted
    typed: dict[str, Any] = {"like": like, "key": f"%{key}%" if key else like} if text else {}
    return _aliases(language, bool(text)).slice(cursor, **typed)


@cache
def _aliases(language: str, is_searched: bool) -> Listing:
    alias, body = PayerAlias.__table__.c, Organisation.__table__.c
    columns = (
        alias.id,
        type_coerce(alias.kind, String),
        alias.name,
        body.id,
        name_column(language),
        alias.learned_at,
    )
    statement = (
        select(*columns)
        .select_from(PayerAlias.__table__)
        .join(Organisation.__table__, body.id == alias.organisation_id)
        .where(alias.forgotten_at.is_(None))
    )  # fmt: skip
    if is_searched:
        like: Any = bindparam("like")
        statement = statement.where(
            alias.name.ilike(like, escape="\\")
            | alias.key.ilike(bindparam("key"), escape="\\")
            | body.name_ja.ilike(like, escape="\\")
        )
    return Listing(statement, (alias.organisation_id, False), (alias.id, False))


def find_alias(alias_id: int) -> PayerAlias:
    """A known name; NotFound when there is none."""
    found = db.session.get(PayerAlias, alias_id)
    if found is None:
        raise NotFound
    return found


def companies_of(ids: Collection[int]) -> tuple[Organisation, ...]:
    """Companies of these numbers of rows, in their order."""
    if not ids:
        return ()
    mine = select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id)
    return tuple(db.session.scalars(mine))


def company_by_number(corporate_number: str) -> Organisation | None:
    """The company of a corporate number."""
    same = select(Organisation).where(Organisation.corporate_number == corporate_number)
    return db.session.scalars(same).one_or_none()
