"""Which language a person reads."""

from __future__ import annotations

from portal.accounts.models import Person
from portal.core.access import Actor
from portal.core.db import db
from portal.core.i18n import DEFAULT, LANGUAGES


def known_language(language: str) -> str:
    """`language` if we speak it, else the default."""
    return language if language in LANGUAGES else DEFAULT


def remember_language(*, language: str, by: Actor) -> None:
    """Pages and mails for this person are in `language` from now on."""
    db.session.get_one(Person, by.id).language = known_language(language)
