"""Whether a second factor may go: staff keep one, and so does a password that is too short to stand alone."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.accounts.models import Passkey, Person, TotpSecret
from portal.accounts.services.sessions import is_staff
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l


def refuse_if_needed(by: Actor, *, totp: bool = False, passkey: int | None = None) -> None:
    """Raises Refused when nothing would be left after taking this one away and something has to be."""
    # the person's row puts two removals at once in line
    person = db.session.scalars(select(Person).where(Person.id == by.id).with_for_update()).one()
    if _others(by.id, totp=totp, passkey=passkey):
        return
    if is_staff(by.id):
        raise Refused(
            _l("The office signs in with a second factor. Add another one before you remove this one.")
        )
    if person.password_hash and person.is_password_short:
        raise Refused(
            _l(
                "Your password is shorter than 15 characters. Change it before you remove your last second factor."
            )
        )


def _others(person_id: int, *, totp: bool, passkey: int | None) -> int:
    keys = select(func.count()).where(Passkey.person_id == person_id, Passkey.id != (passkey or 0))
    generators = select(func.count()).where(
        TotpSecret.person_id == person_id, TotpSecret.confirmed_at.is_not(None)
    )
    left = int(db.session.scalar(keys) or 0)
    return left if totp else left + int(db.session.scalar(generators) or 0)
