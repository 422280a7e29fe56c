"""Secrets that work once and for a short time: links in mails, challenges for passkeys."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from portal.accounts.enums import TokenPurpose
from portal.accounts.models import OneTimeToken
from portal.accounts.session import token_hash
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l

LIFETIMES = {
    TokenPurpose.SIGN_IN: timedelta(minutes=15),
    TokenPurpose.RECOVER: timedelta(minutes=15),
    TokenPurpose.START: timedelta(hours=24),
    TokenPurpose.CHANGE_EMAIL: timedelta(hours=24),
    TokenPurpose.CHALLENGE: timedelta(minutes=5),
}
KEPT_AFTERWARDS = timedelta(days=30)


class SpentLink(Refused):
    """Used before, too old, or never made."""

    status = 410


def issue_link(
    purpose: TokenPurpose,
    *,
    person_id: int | None = None,
    data: dict[str, Any] | None = None,
    secret: str | None = None,
) -> str:
    """A new secret; the row keeps its hash and `data` (JSON values)."""
    secret = secret or secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        OneTimeToken(
            purpose=purpose,
            token_hash=token_hash(secret),
            person_id=person_id,
            data=data or {},
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    db.session.flush()
    return secret


def look_at_link(purpose: TokenPurpose, secret: str) -> OneTimeToken | None:
    """The row of a secret that would still work. Spends nothing: a page may ask this on GET."""
    return db.session.scalars(select(OneTimeToken).where(*_usable(purpose, secret))).one_or_none()


def use_link(purpose: TokenPurpose, secret: str) -> OneTimeToken:
    """Spend a secret; of many at once one succeeds. Raises SpentLink."""
    spend = (
        update(OneTimeToken)
        .where(*_usable(purpose, secret))
        .values(used_at=clock.now())
        .returning(OneTimeToken.id)
    )
    spent = db.session.execute(spend, execution_options={"synchronize_session": False}).scalar_one_or_none()
    if spent is None:
        raise SpentLink(_l("This link has been used already or is too old. Please ask for a new one."))
    return db.session.get_one(OneTimeToken, spent, populate_existing=True)


def forget_links(person_id: int, *purposes: TokenPurpose) -> None:
    """Links of these kinds (none given: all) that are still open work no more."""
    which = [OneTimeToken.person_id == person_id, OneTimeToken.used_at.is_(None)]
    if purposes:
        which.append(OneTimeToken.purpose.in_(purposes))
    forget = update(OneTimeToken).where(*which).values(used_at=clock.now())
    db.session.execute(forget, execution_options={"synchronize_session": False})


def delete_old_links() -> int:
    """Delete rows that nobody can use or ask about any more; returns how many."""
    past = clock.now() - KEPT_AFTERWARDS
    old = delete(OneTimeToken).where(or_(OneTimeToken.expires_at < past, OneTimeToken.used_at < past))
    return int(db.session.execute(old, execution_options={"synchronize_session": False}).rowcount)  # type: ignore[attr-defined]


def _usable(purpose: TokenPurpose, secret: str) -> tuple[Any, ...]:
    return (
        OneTimeToken.token_hash == token_hash(secret),
        OneTimeToken.purpose == purpose,
        OneTimeToken.used_at.is_(None),
        OneTimeToken.expires_at > clock.now(),
    )
