"""Offers to join an organisation with roles: what sending, sending again and withdrawing do, whoever may do so."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from portal.accounts.enums import InvitationState, roles_for
from portal.accounts.limits import count_mail
from portal.accounts.mail import mail_invitation
from portal.accounts.models import Invitation, Organisation
from portal.accounts.queries import person_by_email
from portal.accounts.services.holding import held_roles, lock
from portal.accounts.services.people import checked_email
from portal.accounts.session import token_hash
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.core.integrity import explain
from portal.domain.email_keys import EmailCheck

LIFETIME = timedelta(days=14)
MOST_OPEN = 200
OPEN_ALREADY = _l("An invitation to this address is open already. You can send it again.")
ANSWERED = _l("This invitation has been answered or withdrawn already.")

explain("uq_invitations_pending", OPEN_ALREADY, field="email")


def send_offer(
    *,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Sequence[str],
    by: Actor,
    by_office: bool = False,
) -> Invitation:
    """Offer somebody roles for 14 days and mail it. Raises TooOften, or Refused at its field."""
    check = checked_email(email)
    wanted = _checked_roles(organisation, roles)
    _refuse_colleague(organisation, email)
    count_mail(by=by.id, to=check.address, by_office=by_office)
    lock(organisation)
    retire_expired(organisation.id, check.key)
    if open_to(organisation.id, check.key):
        raise Refused(OPEN_ALREADY, field="email")
    if not by_office:
        _refuse_crowd(organisation)
    return make_offer(organisation, check, name, wanted, by.id, by.name)


def make_offer(
    organisation: Organisation, check: EmailCheck, name: str, roles: list[str], inviter_id: int, inviter: str
) -> Invitation:
    secret, now = secrets.token_urlsafe(32), clock.now()
    made = Invitation(
        organisation_id=organisation.id,
        email=check.address,
        email_key=check.key,
        name=name,
        roles=roles,
        token_hash=token_hash(secret),
        invited_by_id=inviter_id,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    db.session.add(made)
    db.session.flush()
    mail_invitation(made, organisation, inviter, secret, person_by_email(check.address))
    note("invitation.sent", made, inviter_id)
    return made


def send_again(
    *, invitation: Invitation, organisation: Organisation, by: Actor, by_office: bool = False
) -> None:
    """Mail an open or expired offer again, good for another 14 days; the earlier link works no more. Raises TooOften."""
    count_mail(by=by.id, to=invitation.email, by_office=by_office)
    secret = secrets.token_urlsafe(32)
    values = {"token_hash": token_hash(secret), "expires_at": clock.now() + LIFETIME}
    if not change_open(invitation, values):
        raise Refused(ANSWERED)
    db.session.refresh(invitation)
    mail_invitation(invitation, organisation, by.name, secret, person_by_email(invitation.email))
    note("invitation.resent", invitation, by.id)


def withdraw_offer(*, invitation: Invitation, by: Actor) -> None:
    """Withdraw an open offer: its link works no more."""
    if not change_open(invitation, {"state": InvitationState.REVOKED, "answered_at": clock.now()}):
        raise Refused(ANSWERED)
    note("invitation.revoked", invitation, by.id)


def is_expired(invitation: Invitation) -> bool:
    """Open by its state, but past its date."""
    return invitation.state is InvitationState.PENDING and invitation.expires_at <= clock.now()


def _checked_roles(organisation: Organisation, roles: Sequence[str]) -> list[str]:
    known = {role.value for role in roles_for(organisation.kind)}
    wanted = [role for role in dict.fromkeys(roles) if role in known]
    if not wanted or len(wanted) != len(set(roles)):
        raise Refused(_l("Please choose at least one role."), field="roles")
    return wanted


def _refuse_colleague(organisation: Organisation, email: str) -> None:
    person = person_by_email(email)
    if person is not None and held_roles(person.id, organisation.id):
        raise Refused(
            _l("This person belongs to the organisation already. Change the roles in the list of people."),
            field="email",
        )


def retire_expired(organisation_id: int, email_key: str) -> None:
    past = update(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.email_key == email_key,
        Invitation.state == InvitationState.PENDING,
        Invitation.expires_at <= clock.now(),
    )
    db.session.execute(past.values(state=InvitationState.REVOKED, answered_at=clock.now()))


def open_to(organisation_id: int, email_key: str) -> bool:
    which = (Invitation.organisation_id == organisation_id, Invitation.email_key == email_key)
    return bool(
        db.session.scalars(
            select(Invitation.id).where(*which, Invitation.state == InvitationState.PENDING)
        ).first()
    )


def _refuse_crowd(organisation: Organisation) -> None:
    still_open = (
        Invitation.organisation_id == organisation.id,
        Invitation.state == InvitationState.PENDING,
        Invitation.expires_at > clock.now(),
    )
    if (db.session.scalar(select(func.count()).where(*still_open)) or 0) >= MOST_OPEN:
        raise Refused(
            _(
                "%(most)d invitations wait for an answer already. Please withdraw those that are no longer needed.",
                most=MOST_OPEN,
            ),
            field="email",
        )


def change_open(invitation: Invitation, values: dict[str, Any], *more: Any) -> bool:
    """A conditional change of an open offer: of two at once, one succeeds."""
    still_open = (Invitation.id == invitation.id, Invitation.state == InvitationState.PENDING, *more)
    changed = update(Invitation).where(*still_open).values(**values)
    return bool(db.session.execute(changed, execution_options={"synchronize_session": "fetch"}).rowcount)  # type: ignore[attr-defined]


def note(verb: str, invitation: Invitation, by: int) -> None:
    """A line in the trail of the organisation."""
    record(
        verb=verb,
        subject=invitation,
        organisation_id=invitation.organisation_id,
        by=by,
        changes={"email": invitation.email, "roles": invitation.roles},
        audience=Audience.PARTY,
    )
