"""Add people and change what they say about themselves."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Person
from portal.accounts.queries import person_by_email
from portal.accounts.services.languages import known_language
from portal.accounts.services.organisations import checked_kana
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.integrity import explain
from portal.domain.email_keys import EmailCheck, EmailProblem, check_email

explain("uq_people_email_key", _l("This address cannot be used. Please choose another."), field="email")

PROBLEMS = {
    EmailProblem.TOO_LONG: _l("This address is too long."),
    EmailProblem.LOCAL_PART_NOT_ASCII: _l("Please use letters a to z, digits and signs before the @."),
    EmailProblem.LOCAL_PART_CHARACTERS: _l("Please use letters a to z, digits and signs before the @."),
    EmailProblem.DOMAIN_INVALID: _l("The part after the @ is no valid domain. Please check it."),
}


def checked_email(text: str, *, field: str = "email") -> EmailCheck:
    """The address for sending and its key; raises Refused at `field`."""
    check = check_email(text)
    if check.problem is not None:
        message = PROBLEMS.get(check.problem, _l("Please write a mail address, like taro@example.co.jp."))
        raise Refused(message, field=field)
    return check


def add_person(
    *, email: str, name: str, language: str, name_kana: str = "", telephone: str = "", by: Actor | None = None
) -> Person:
    """The person of this address: the standing one unchanged, or a new one. Raises Refused at `email`."""
    check = checked_email(email)
    standing = person_by_email(email)
    if standing is not None:
        return standing
    made = Person(
        email=check.address,
        email_key=check.key,
        name=name,
        name_kana=checked_kana(name_kana),
        telephone=telephone,
        language=known_language(language),
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # another transaction added the same address in between
        winner = person_by_email(email)
        if winner is None:
            raise
        return winner
    record(verb="person.added", subject=made, by=by or made.id)
    return made


def edit_profile(
    *, by: Actor, name: str, name_kana: str, telephone: str, language: str, name_en: str = ""
) -> Person:
    """Change the own name, its reading and its Latin letters, telephone and language."""
    person = db.session.get_one(Person, by.id)
    new = {
        "name": name,
        "name_kana": checked_kana(name_kana),
        "name_en": name_en,
        "telephone": telephone,
        "language": known_language(language),
    }
    changes = {
        field: [getattr(person, field), value]
        for field, value in new.items()
        if getattr(person, field) != value
    }
    for field, value in new.items():
        setattr(person, field, value)
    if changes:
        record(verb="person.profile_changed", subject=person, by=by, changes=changes)
    return person
