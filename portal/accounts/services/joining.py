"""Somebody new accepts an invitation, with or without a password."""

from __future__ import annotations

from portal.accounts.hashing import hash_password
from portal.accounts.models import Person
from portal.accounts.services.accepting import accept_invitation, look_at_invitation
from portal.accounts.services.passwords import check_new_password, set_first_password
from portal.core.transaction import outside_transaction


def join_with_password(*, secret: str, name: str, language: str, password: str = "") -> Person:
    """The new person, holding the roles offered. The hash is worked out before anything is written.

    Raises CannotAccept, or Refused at `password`.
    """
    invitation, organisation = look_at_invitation(secret)
    made = ""
    if password:
        check_new_password(
            password=password, context=(name, invitation.email, organisation.name_ja, organisation.name_en)
        )
        with outside_transaction():
            made = hash_password(password)
    person = accept_invitation(secret=secret, name=name, language=language, by=None)
    if made:
        set_first_password(person=person, made=made)
    return person
