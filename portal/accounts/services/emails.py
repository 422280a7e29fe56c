"""Change the own mail address: it counts once the new one has answered."""

from __future__ import annotations

from portal.accounts import mail
from portal.accounts.enums import EndReason, TokenPurpose
from portal.accounts.limits import MAILS_PER_ACCOUNT, count_mail, count_try
from portal.accounts.models import Person
from portal.accounts.queries import person_by_email
from portal.accounts.services.links import LIFETIMES, SpentLink, forget_links, issue_link, use_link
from portal.accounts.services.people import checked_email
from portal.accounts.services.sessions import end_sessions, own_session
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l


def request_new_email(*, by: Actor, email: str) -> None:
    """Mail a link to the new address. Whether somebody else has it already is not told. Raises Refused at `email`."""
    check = checked_email(email)
    count_try("new-email", by.id, MAILS_PER_ACCOUNT)
    person = db.session.get_one(Person, by.id)
    if check.address == person.email:
        raise Refused(_l("This is your address already."), field="email")
    count_mail(by=by.id, to=check.address)  # whoever has it: the count must not tell
    owner = person_by_email(check.address)
    if owner is not None and owner.id != person.id:
        return
    forget_links(person.id, TokenPurpose.CHANGE_EMAIL)
    secret = issue_link(TokenPurpose.CHANGE_EMAIL, person_id=person.id, data={"email": check.address})
    mail.mail_new_address(person, check.address, secret, clock.now() + LIFETIMES[TokenPurpose.CHANGE_EMAIL])


def confirm_email(*, secret: str, by: Actor | None) -> Person:
    """The new address holds from now on; other sessions and links end, the old address is told. Raises SpentLink."""
    link = use_link(TokenPurpose.CHANGE_EMAIL, secret)
    person = db.session.get(Person, link.person_id)
    check = checked_email(link.data["email"])
    owner = person_by_email(check.address)
    if person is None or person.is_disabled or (owner is not None and owner.id != person.id):
        raise SpentLink(_l("This address cannot be used. Please choose another."))
    old, person.email, person.email_key = person.email, check.address, check.key
    db.session.flush()
    end_sessions(person_id=person.id, reason=EndReason.EMAIL_CHANGED, keep=own_session(person.id, by))
    forget_links(person.id)
    record(
        verb="person.email_changed",
        subject=person,
        by=by or person.id,
        changes={"email": [old, person.email]},
    )
    mail.mail_security_notice(person, _l("The mail address of your account was changed."), to=old)
    return person
