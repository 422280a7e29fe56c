"""Mails of accounts, one function each. A link leads to a page with a button; opening it changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import Invitation, Organisation, Person
from portal.accounts.queries import recipient_for
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.notifications.services import Recipient, send_mail


def mail_sign_in_link(person: Person, secret: str, until: datetime) -> None:
    """A link that signs in."""
    _mail_link(
        "sign_in_link",
        recipient_for(person),
        "accounts.open_link",
        secret,
        until,
        _l("Open the sign-in page"),
    )


def mail_recovery_link(person: Person, secret: str, until: datetime) -> None:
    """A link to choose a new password."""
    _mail_link(
        "recovery",
        recipient_for(person),
        "accounts.recover_password",
        secret,
        until,
        _l("Choose a new password"),
    )


def mail_start_link(*, email: str, name: str, language: str, secret: str, until: datetime) -> None:
    """A link by which a stranger proves the address and comes in."""
    reader = Recipient(email=email, name=name, language=language)
    _mail_link("start", reader, "accounts.confirm_start", secret, until, _l("Confirm the address and go on"))


def mail_new_address(person: Person, email: str, secret: str, until: datetime) -> None:
    """To the new address: confirm it."""
    reader = Recipient(email=email, name=person.name, language=person.language, person_id=person.id)
    _mail_link("new_address", reader, "accounts.confirm_email", secret, until, _l("Confirm the new address"))


def mail_invitation(
    invitation: Invitation, organisation: Organisation, inviter: str, secret: str, person: Person | None
) -> None:
    """An offer to join an organisation; in both languages when the reader is not known yet."""
    language = person.language if person else None
    send_mail(
        event="accounts/invitation",
        to=Recipient(
            email=invitation.email, name=invitation.name or (person.name if person else ""), language=language
        ),
        context={
            "organisation": organisation,
            "inviter": inviter,
            "roles": [role_label(role) for role in invitation.roles],
            "until": invitation.expires_at,
        },
        button=(_l("See the invitation"), absolute_url("accounts.accept_invitation", token=secret)),
        is_secret=True,
    )


def mail_security_notice(person: Person, what: Any, *, to: str | None = None) -> None:
    """Tell people what happened to their account, in case it was not they. `to`: another address than today's."""
    reader = recipient_for(person)
    if to:
        reader = Recipient(email=to, name=person.name, language=person.language, person_id=person.id)
    send_mail(event="accounts/security_notice", to=reader, context={"what": what})


def role_label(role: str) -> Any:
    """A role as it stands in JSON, in words."""
    return Role(role).label


def _mail_link(event: str, to: Recipient, endpoint: str, secret: str, until: datetime, label: Any) -> None:
    button = (label, absolute_url(endpoint, token=secret))
    send_mail(event=f"accounts/{event}", to=to, context={"until": until}, button=button, is_secret=True)
