"""Kinds, roles and states, with their words."""

from __future__ import annotations

from enum import StrEnum

from portal.core.i18n import _l


class OrganisationKind(StrEnum):
    COMPANY = "company"
    UNIVERSITY = "university"
    INSTITUTE = "institute"
    CONSORTIUM = "consortium"


class Role(StrEnum):
    """What a person may do for an organisation; the second group only for the consortium's own offices."""

    COMPANY_ADMIN = "company_admin"
    REPRESENTATIVE = "representative"
    BILLING = "billing"
    TRAINING = "training"
    LIAISON = "liaison"
    WORKING_GROUPS = "working_groups"
    PARTICIPANT = "participant"

    SECRETARIAT = "secretariat"
    STEERING_COMMITTEE = "steering_committee"
    CAREER_SUPPORT = "career_support"
    HUB_COORDINATOR = "hub_coordinator"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> object:
        return ROLE_LABELS[self]


STAFF_ROLES = frozenset(
    {Role.SECRETARIAT, Role.STEERING_COMMITTEE, Role.CAREER_SUPPORT, Role.HUB_COORDINATOR, Role.ADMINISTRATOR}
)
COMPANY_ROLES = tuple(role for role in Role if role not in STAFF_ROLES)

ROLE_LABELS = {
    Role.COMPANY_ADMIN: _l("Company administrator"),
    Role.REPRESENTATIVE: _l("Representative"),
    Role.BILLING: _l("Billing contact"),
    Role.TRAINING: _l("Training contact"),
    Role.LIAISON: _l("Liaison meeting"),
    Role.WORKING_GROUPS: _l("Working groups"),
    Role.PARTICIPANT: _l("Participant"),
    Role.SECRETARIAT: _l("Secretariat"),
    Role.STEERING_COMMITTEE: _l("Steering committee member"),
    Role.CAREER_SUPPORT: _l("Career support"),
    Role.HUB_COORDINATOR: _l("Hub coordinator"),
    Role.ADMINISTRATOR: _l("Administrator"),
}


class SignInMethod(StrEnum):
    PASSWORD = "password"
    LINK = "link"
    PASSKEY = "passkey"
    INVITATION = "invitation"
    APPLICATION = "application"
    DEMO = "demo"


class TokenPurpose(StrEnum):
    """What a one-time link is for."""

    SIGN_IN = "sign_in"
    START = "start"
    RECOVER = "recover"
    CHANGE_EMAIL = "change_email"


class InvitationState(StrEnum):
    """Stored states; an open invitation past its date is shown as expired."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
