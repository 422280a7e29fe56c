"""Quotes as a person may see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select

from portal.billing.models import Quote
from portal.billing.policy import paying_organisations
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Slice, keyset


def _mine(person: Actor) -> Any:
    """Those of the person's organisations, and those asked for before there was one."""
    asked = and_(Quote.organisation_id.is_(None), Quote.issued_by_id == person.id)
    return or_(Quote.organisation_id.in_(paying_organisations(person)), asked)


def quote_for(person: Actor, quote_id: int) -> Quote:
    """A quote that the person may see; NotFound otherwise."""
    found = db.session.scalars(select(Quote).where(Quote.id == quote_id, _mine(person))).one_or_none()
    if found is None:
        raise NotFound
    return found


def quotes_for(person: Actor, *, cursor: str | None = None) -> Slice[Quote]:
    """The quotes that the person may see, newest first."""
    return keyset(select(Quote).where(_mine(person)), (Quote.id, True), cursor=cursor, scalars=True)
