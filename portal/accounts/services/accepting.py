"""Answer an invitation: what its link shows, and taking the offer, once."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.enums import InvitationState, Role
from portal.accounts.models import Invitation, Organisation, Person
from portal.accounts.queries import names_of_managers
from portal.accounts.services.offers import change_open, is_expired, note
from portal.accounts.services.people import add_person
from portal.accounts.services.roles import affiliate
from portal.accounts.session import token_hash
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.i18n import _, _l


class CannotAccept(Refused):
    """Says why an invitation does not work, and whom to ask."""

    status = 410


def look_at_invitation(secret: str) -> tuple[Invitation, Organisation]:
    """The offer behind a link, while it is open. Raises NotFound, or CannotAccept saying why and whom to ask."""
    statement = select(Invitation, Organisation).join(
        Organisation, Organisation.id == Invitation.organisation_id
    )
    row = db.session.execute(statement.where(Invitation.token_hash == token_hash(secret))).one_or_none()
    if row is None:
        raise NotFound
    invitation, organisation = row
    if invitation.state is not InvitationState.PENDING or is_expired(invitation):
        raise CannotAccept(_why_not(invitation, organisation))
    return invitation, organisation


def accept_invitation(*, secret: str, name: str, language: str, by: Actor | None) -> Person:
    """Take the offer: the person, new or known, holds the roles from today on. Works once. Raises CannotAccept."""
    invitation, organisation = look_at_invitation(secret)
    if by is not None and (own := db.session.get_one(Person, by.id)).email_key != invitation.email_key:
        raise CannotAccept(
            _(
                "This invitation is for %(email)s, but you are signed in as %(own)s.",
                email=invitation.email,
                own=own.email,
            )
        )
    person = add_person(email=invitation.email, name=name or invitation.name, language=language)
    if person.is_disabled:
        raise CannotAccept(_l("This account is closed. Please ask the secretariat."))
    answer = {"state": InvitationState.ACCEPTED, "answered_at": clock.now(), "person_id": person.id}
    if not change_open(invitation, answer, Invitation.token_hash == token_hash(secret)):
        raise CannotAccept(_why_not(invitation, organisation))
    for role in invitation.roles:
        affiliate(person, organisation, Role(role), by=by or person.id)
    note("invitation.accepted", invitation, person.id)
    return person


def _why_not(invitation: Invitation, organisation: Organisation) -> str:
    reasons: dict[InvitationState, str] = {
        InvitationState.ACCEPTED: _("This invitation has been accepted already. Please sign in."),
        InvitationState.REVOKED: _("This invitation was withdrawn."),
        InvitationState.PENDING: _("This invitation has expired."),
    }
    why = reasons[invitation.state]
    names = names_of_managers(organisation.id)
    if invitation.state is InvitationState.ACCEPTED:
        return why
    whom = (
        _("For a new one, please ask %(names)s.", names=names) if names else _("Please ask the secretariat.")
    )
    return f"{why} {whom}"
