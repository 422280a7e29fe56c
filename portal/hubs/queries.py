"""Read hubs; all of this is public."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.core.db import db
from portal.hubs.models import Hub


def hubs_with_institutions() -> Sequence[Hub]:
    """Every hub with its institutions, in the order of the facts."""
    return db.session.scalars(select(Hub).options(selectinload(Hub.institutions)).order_by(Hub.id)).all()


def hub_names(language: str) -> list[tuple[int, str]]:
    """Every hub's number and name, in the order of the facts."""
    return [(hub.id, hub.name(language)) for hub in db.session.scalars(select(Hub).order_by(Hub.id))]
