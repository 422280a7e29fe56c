"""Mails of accounts, one function each. A link leads to a page with a button; opening it changes nothing."""

from __future__ import annotations

from dataclasses import replace
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
    way = _way(_l("Open the sign-in page"), "accounts.open_link", secret, until)
    send_mail(event="accounts/sign_in_link", to=recipient_for(person), **way)


def mail_recovery_link(person: Person, secret: str, until: datetime) -> None:
    """A link to choose a new password."""
    way = _way(_l("Choose a new password"), "accounts.recover_password", secret, until)
    send_mail(event="accounts/recovery", to=recipient_for(person), **way)


def mail_start_link(*, email: str, name: str, language: str, secret: str, until: datetime) -> None:
    """A link by which a stranger proves the address and comes in."""
    way = _way(_l("Confirm the address and go on"), "accounts.confirm_start", secret, until)
    send_mail(event="accounts/start", to=Recipient(email=email, name=name, language=language), **way)


def mail_new_address(person: Person, email: str, secret: str, until: datetime) -> None:
    """To the new address: confirm it."""
    way = _way(_l("Confirm the new address"), "accounts.confirm_email", secret, until)
    send_mail(event="accounts/new_address", to=replace(recipient_for(person), email=email), **way)


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


def mail_request(reader: Person, organisation: Organisation, asker: Person) -> None:
    """To who looks after an organisation's people: somebody asks to be invited."""
    send_mail(
        event="accounts/invitation_request",
        to=recipient_for(reader, organisation),
        context={"organisation": organisation, "asker": asker},
        button=(
            _l("Invite a colleague"),
            absolute_url("accounts.invite_person", organisation_id=organisation.id),
        ),
    )


def mail_new_representative(
    reader: Person, organisation: Organisation, *, former: Person, new: Person
) -> None:
    """To both: the representative's role has passed on."""
    send_mail(
        event="accounts/new_representative",
        to=recipient_for(reader, organisation),
        context={"organisation": organisation, "former": former, "new": new},
        button=(_l("See your home page"), absolute_url("home.show_home")),
    )


def mail_security_notice(person: Person, what: Any, *, to: str | None = None) -> None:
    """Tell people what happened to their account, in case it was not they. `to`: another address than today's."""
    reader = replace(recipient_for(person), email=to or person.email)
    send_mail(event="accounts/security_notice", to=reader, context={"what": what})


def role_label(role: str) -> Any:
    """A role as it stands in JSON, in words."""
    return Role(role).label


def _way(label: Any, endpoint: str, secret: str, until: datetime) -> dict[str, Any]:
    """What all mails with a one-time link have."""
    return {
        "context": {"until": until},
        "button": (label, absolute_url(endpoint, token=secret)),
        "is_secret": True,
    }
