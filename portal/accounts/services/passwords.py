"""Check and change passwords. The slow hash is worked out while no database lock is held."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.enums import EndReason, TokenPurpose
from portal.accounts.hashing import hash_password, is_outdated, verify_password
from portal.accounts.limits import count_try
from portal.accounts.mail import mail_security_notice
from portal.accounts.models import Affiliation, Organisation, Person
from portal.accounts.services.links import SpentLink, forget_links, look_at_link, use_link
from portal.accounts.services.sessions import end_sessions, has_second_factor, own_session
from portal.audit.services import record
from portal.core.access import Actor
from portal.core.context import current_settings
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.transaction import outside_transaction
from portal.domain.email_keys import email_key
from portal.domain.passwords import PasswordProblem, check_password

PROBLEMS = {
    PasswordProblem.TOO_SHORT: _l("Please use at least 8 characters."),
    PasswordProblem.TOO_SHORT_ALONE: _l(
        "Please use at least 15 characters, or set up a second factor first: then 8 are enough."
    ),
    PasswordProblem.TOO_LONG: _l("Please use at most 256 characters."),
    PasswordProblem.COMMON: _l(
        "This password is among those that are guessed first. Please use words of your own."
    ),
    PasswordProblem.CONTEXT: _l("This password is built on a name that others know. Please use other words."),
}


def check_sign_in(*, email: str, password: str) -> Person | None:
    """The person whose address and password these are; None otherwise, after the same work.

    Commits what was done before and begins a new transaction after the hash was checked.
    """
    key = email_key(email)
    row = db.session.execute(
        select(Person.id, Person.password_hash).where(Person.email_key == (key or ""))
    ).one_or_none()
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


def checked_password(*, person: Person, password: str) -> bool:
    """Whether the password is a short one (fit beside a second factor only). Raises Refused at `password`."""
    check = check_password(password, has_factor=has_second_factor(person.id), context=_known_names(person))
    if check.problem is not None:
        raise Refused(PROBLEMS[check.problem], field="password")
    return check.is_short


def check_new_password(*, password: str, context: tuple[str, ...]) -> None:
    """The same for somebody who is not a person here yet. Raises Refused at `password`."""
    check = check_password(password, has_factor=False, context=(*context, *_house_names()))
    if check.problem is PasswordProblem.TOO_SHORT_ALONE:
        raise Refused(_l("Please use at least 15 characters."), field="password")
    if check.problem is not None:
        raise Refused(PROBLEMS[check.problem], field="password")


def change_password(*, by: Actor, present: str, password: str) -> None:
    """Set or change the own password; all other sessions and open links end. Raises Refused at its field."""
    count_try("password", by.id)
    person = db.session.get_one(Person, by.id)
    is_short, kept = checked_password(person=person, password=password), person.password_hash
    with outside_transaction():
        fits = kept is None or verify_password(present, kept)
        made = hash_password(password) if fits else ""
    if not fits:
        raise Refused(_l("This is not your present password."), field="present")
    _keep(person_id=by.id, made=made, is_short=is_short, by=by)


def recover_password(*, secret: str, password: str) -> Person:
    """Set a password by a recovery link; all sessions end, a second factor stays. Raises SpentLink or Refused."""
    link = look_at_link(TokenPurpose.RECOVER, secret)
    person = db.session.get(Person, link.person_id) if link else None
    if link is None or person is None or person.is_disabled:
        raise SpentLink(_l("This link has been used already or is too old. Please ask for a new one."))
    is_short, person_id = checked_password(person=person, password=password), person.id
    with outside_transaction():
        made = hash_password(password)
    use_link(TokenPurpose.RECOVER, secret)
    return _keep(person_id=person_id, made=made, is_short=is_short, by=None)


def set_first_password(*, person: Person, made: str) -> None:
    """Keep the hash of a long password for somebody who has just come in and has none."""
    if person.password_hash is None:
        person.password_hash, person.is_password_short = made, False
        record(verb="person.password_changed", subject=person, by=person.id)


def _keep(*, person_id: int, made: str, is_short: bool, by: Actor | None) -> Person:
    person = db.session.get_one(Person, person_id)
    person.password_hash, person.is_password_short = made, is_short
    end_sessions(person_id=person_id, reason=EndReason.PASSWORD_CHANGED, keep=own_session(person_id, by))
    forget_links(person_id)
    record(verb="person.password_changed", subject=person, by=by or person_id)
    mail_security_notice(person, _l("Your password was changed."))
    return person


def _known_names(person: Person) -> tuple[str, ...]:
    joined = select(Organisation.name_ja, Organisation.name_en).join(
        Affiliation, Affiliation.organisation_id == Organisation.id
    )
    rows = db.session.execute(joined.where(Affiliation.person_id == person.id)).all()
    names = [name for row in rows for name in row]
    return (person.name, person.name_kana, person.email, *names, *_house_names())


def _house_names() -> tuple[str, ...]:
    settings = current_settings()
    return (settings.consortium_name_ja, settings.consortium_name_en, "renkei")
