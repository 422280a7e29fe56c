"""Invite colleagues. An open offer to one address exists once per organisation; accepting proves the mailbox."""

from __future__ import annotations

from collections.abc import Sequence

from portal.accounts.enums import Role
from portal.accounts.models import Invitation, Organisation, Person
from portal.accounts.queries import person_by_email
from portal.accounts.services.holding import held_roles
from portal.accounts.services.offers import (
    make_offer,
    open_to,
    retire_expired,
    send_again,
    send_offer,
    withdraw_offer,
)
from portal.accounts.services.people import checked_email
from portal.accounts.services.roles import affiliate, require_manager
from portal.core.access import Actor


def invite_person(
    *, organisation: Organisation, email: str, name: str, roles: Sequence[str], by: Actor
) -> Invitation:
    """Offer somebody roles for 14 days and mail it. Raises NotTheManager, TooOften, or Refused at its field."""
    require_manager(by, organisation)
    return send_offer(organisation=organisation, email=email, name=name, roles=roles, by=by)


def offer_named_roles(
    *, organisation: Organisation, email: str, name: str, roles: Sequence[Role], invited_by: Person
) -> Invitation | None:
    """Roles for somebody whom the organisation itself has named to the office, in the name of who named them.

    A colleague who belongs already gets them at once (None); an open offer stands as it is.
    """
    check = checked_email(email)
    person = person_by_email(email)
    if person is not None and held_roles(person.id, organisation.id):
        for role in roles:
            affiliate(person, organisation, role)
        return None
    retire_expired(organisation.id, check.key)
    if open_to(organisation.id, check.key):
        return None
    return make_offer(
        organisation, check, name, [role.value for role in roles], invited_by.id, invited_by.name
    )


def resend_invitation(*, invitation: Invitation, organisation: Organisation, by: Actor) -> None:
    """Mail an open or expired offer again, good for another 14 days; the earlier link works no more. Raises TooOften."""
    require_manager(by, organisation)
    send_again(invitation=invitation, organisation=organisation, by=by)


def revoke_invitation(*, invitation: Invitation, organisation: Organisation, by: Actor) -> None:
    """Withdraw an open offer: its link works no more."""
    require_manager(by, organisation)
    withdraw_offer(invitation=invitation, by=by)
