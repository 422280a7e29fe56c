"""What people see of their own sign-in: sessions and second factors."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.accounts.models import Passkey, Person, RecoveryCode, TotpSecret, UserSession
from portal.core import clock
from portal.core.db import db


def open_sessions(person_id: int) -> Sequence[UserSession]:
    """Sessions that still work, the newest first."""
    alive = (
        UserSession.person_id == person_id,
        UserSession.ended_at.is_(None),
        UserSession.expires_at > clock.now(),
    )
    return db.session.scalars(
        select(UserSession).where(*alive).order_by(UserSession.id.desc()).limit(50)
    ).all()


def passkeys_of(person_id: int) -> Sequence[Passkey]:
    """Passkeys, the oldest first."""
    return db.session.scalars(
        select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)
    ).all()


def has_totp(person_id: int) -> bool:
    """Whether a code generator is in use."""
    confirmed = select(TotpSecret.person_id).where(
        TotpSecret.person_id == person_id, TotpSecret.confirmed_at.is_not(None)
    )
    return db.session.scalar(confirmed) is not None


def recovery_codes_left(person_id: int) -> int:
    """How many recovery codes still work."""
    unused = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return int(db.session.scalar(unused) or 0)


def has_password(person_id: int) -> bool:
    """Whether a password is set."""
    return db.session.scalar(select(Person.password_hash).where(Person.id == person_id)) is not None
