"""Ways in by mail: sign-in links, recovery, and the first visit of somebody new.

A request only writes a job with the address that was typed; the job looks it up. So the answer, and the time it takes,
is the same whoever the address belongs to.
"""

from __future__ import annotations

from portal.accounts import mail
from portal.accounts.enums import TokenPurpose
from portal.accounts.models import Person
from portal.accounts.queries import person_by_email
from portal.accounts.services.languages import known_language
from portal.accounts.services.links import LIFETIMES, issue_link, use_link
from portal.accounts.services.people import add_person, checked_email
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.links import HOME, safe_path
from portal.jobs.services import enqueue


def request_link(*, email: str, next_path: str = HOME) -> None:
    """Have a sign-in link mailed, if the address is known. Raises Refused at `email` for what is no address."""
    enqueue("accounts.mail_sign_in_link", email=checked_email(email).address, next_path=safe_path(next_path))


def request_recovery(*, email: str) -> None:
    """Have a link for a new password mailed, if the address is known. Raises Refused at `email`."""
    enqueue("accounts.mail_recovery_link", email=checked_email(email).address)


def request_start(*, email: str, name: str, language: str, next_path: str = HOME) -> None:
    """Have a link mailed by which somebody new comes in; who is known already gets a sign-in link instead.

    Nothing is created before the link is confirmed. Then the person stands, is signed in, and goes to `next_path`.
    Raises Refused at `email` for what is no address.
    """
    enqueue(
        "accounts.mail_start_link",
        email=checked_email(email).address,
        person_name=name,
        language=known_language(language),
        next_path=safe_path(next_path),
    )


def mail_sign_in_link(*, email: str, next_path: str) -> None:
    """The job of `request_link`."""
    person = _active(email)
    if person is not None:
        secret = issue_link(TokenPurpose.SIGN_IN, person_id=person.id, data={"next": next_path})
        mail.mail_sign_in_link(person, secret, clock.now() + LIFETIMES[TokenPurpose.SIGN_IN])


def mail_recovery_link(*, email: str) -> None:
    """The job of `request_recovery`."""
    person = _active(email)
    if person is not None:
        secret = issue_link(TokenPurpose.RECOVER, person_id=person.id)
        mail.mail_recovery_link(person, secret, clock.now() + LIFETIMES[TokenPurpose.RECOVER])


def mail_start_link(*, email: str, person_name: str, language: str, next_path: str) -> None:
    """The job of `request_start`."""
    if person_by_email(email) is not None:
        mail_sign_in_link(email=email, next_path=next_path)
        return
    data = {"email": email, "name": person_name, "language": language, "next": next_path}
    secret = issue_link(TokenPurpose.START, data=data)
    until = clock.now() + LIFETIMES[TokenPurpose.START]
    mail.mail_start_link(email=email, name=person_name, language=language, secret=secret, until=until)


def use_sign_in_link(*, secret: str) -> tuple[Person, str]:
    """Spend a sign-in link: the person, and where the page was to lead. Raises SpentLink."""
    link = use_link(TokenPurpose.SIGN_IN, secret)
    return _still_active(db.session.get(Person, link.person_id)), safe_path(link.data.get("next"))


def confirm_start(*, secret: str) -> tuple[Person, str]:
    """Spend a start link: the person, new or meanwhile known, and where to go on. Raises SpentLink."""
    data = use_link(TokenPurpose.START, secret).data
    person = add_person(email=data["email"], name=data["name"], language=data["language"])
    return _still_active(person), safe_path(data.get("next"))


def _active(email: str) -> Person | None:
    person = person_by_email(email)
    return None if person is None or person.is_disabled else person


def _still_active(person: Person | None) -> Person:
    if person is None or person.is_disabled:
        raise Refused(_l("This account is closed. Please ask the secretariat."))
    return person
