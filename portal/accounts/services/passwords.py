"""Check passwords. The slow hash is worked out while no database lock is held."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.hashing import hash_password, is_outdated, verify_password
from portal.accounts.models import Person
from portal.core.db import db
from portal.core.transaction import outside_transaction
from portal.domain.email_keys import email_key


def check_sign_in(*, email: str, password: str) -> Person | None:
    """The person whose address and password these are; None otherwise, after the same work.

    Commits what was done before and begins a new transaction after the hash was checked.
    """
    key = email_key(email)
    row = db.session.execute(select(Person.id, Person.password_hash).where(Person.email_key == (key or ""))).one_or_none()
    kept = row.password_hash if row else None
    with outside_transaction():
        fits = verify_password(password, kept)
        renewed = hash_password(password) if fits and kept and is_outdated(kept) else None
    if not fits or row is None:
        return None
    # the password may have been changed, or the person disabled, while the hash was worked out
    person = db.session.get(Person, row.id)
    if person is None or person.is_disabled or person.password_hash != kept:
        return None
    if renewed:
        person.password_hash = renewed
    return person
