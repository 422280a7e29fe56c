"""The career-support office invites students and supervisors into their universities."""

from __future__ import annotations

from portal.accounts.enums import ACADEMIC_ROLES, OrganisationKind, Role
from portal.accounts.models import Invitation, Organisation
from portal.accounts.policy import may_support_careers
from portal.accounts.queries import person_by_email
from portal.accounts.services.holding import held_roles
from portal.accounts.services.offers import send_again, send_offer, withdraw_offer
from portal.accounts.services.roles import affiliate
from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.i18n import _l

NOT_YOURS = _l("Students and supervisors are invited by the career-support office.")


def invite_academic(
    *, organisation: Organisation, email: str, name: str, role: Role, by: Actor
) -> Invitation | None:
    """Offer the role for 14 days and mail it; None for somebody who belongs there already and holds it from now on.

    Raises TooOften, or Refused at its field.
    """
    _require(organisation, role, by)
    person = person_by_email(email)
    held = held_roles(person.id, organisation.id) if person else set()
    if role in held:
        raise Refused(_l("This person holds this role already."), field="email")
    if person is not None and held:
        affiliate(person, organisation, role, by=by)
        return None
    return send_offer(
        organisation=organisation, email=email, name=name, roles=[role.value], by=by, by_office=True
    )


def resend_academic_invitation(*, invitation: Invitation, organisation: Organisation, by: Actor) -> None:
    """Mail it again, good for another 14 days. Raises TooOften, Refused."""
    _require_its_own(invitation, by)
    send_again(invitation=invitation, organisation=organisation, by=by, by_office=True)


def revoke_academic_invitation(*, invitation: Invitation, by: Actor) -> None:
    """Withdraw it: its link works no more. Raises Refused."""
    _require_its_own(invitation, by)
    withdraw_offer(invitation=invitation, by=by)


def _require(organisation: Organisation, role: Role, by: Actor) -> None:
    if not may_support_careers(by) or role not in ACADEMIC_ROLES:
        raise Refused(NOT_YOURS)
    if organisation.kind not in (OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE):
        raise Refused(_l("Please choose a university or an institute."), field="organisation")


def _require_its_own(invitation: Invitation, by: Actor) -> None:
    if not may_support_careers(by) or not set(invitation.roles) <= ACADEMIC_ROLES:
        raise Refused(NOT_YOURS)
