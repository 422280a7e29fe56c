"""Kinds, roles and states, with their words."""

from __future__ import annotations

from enum import StrEnum

from portal.core.i18n import _l


class OrganisationKind(StrEnum):
    COMPANY = "company"
    UNIVERSITY = "university"
    INSTITUTE = "institute"
    CONSORTIUM = "consortium"

    @property
    def label(self) -> object:
        return KIND_LABELS[self]


KIND_LABELS = {
    OrganisationKind.COMPANY: _l("Company"),
    OrganisationKind.UNIVERSITY: _l("University"),
    OrganisationKind.INSTITUTE: _l("Research institute"),
    OrganisationKind.CONSORTIUM: _l("Consortium office"),
}


class Industry(StrEnum):
    """Kinds of partner company."""

    PHARMA = "pharma"
    MEDICAL_IT = "medical_it"
    DEVICES = "devices"
    CRO = "cro"
    DIAGNOSTICS = "diagnostics"
    CHEMISTRY_FOOD = "chemistry_food"
    INSURANCE_FINANCE = "insurance_finance"
    OTHER = "other"

    @property
    def label(self) -> object:
        return INDUSTRY_LABELS[self]


INDUSTRY_LABELS = {
    Industry.PHARMA: _l("Pharmaceuticals"),
    Industry.MEDICAL_IT: _l("Medical IT"),
    Industry.DEVICES: _l("Medical devices"),
    Industry.CRO: _l("Contract research (CRO)"),
    Industry.DIAGNOSTICS: _l("Diagnostics and testing"),
    Industry.CHEMISTRY_FOOD: _l("Chemistry and food"),
    Industry.INSURANCE_FINANCE: _l("Insurance and finance"),
    Industry.OTHER: _l("Other industry"),
}


def industry_words(value: str | None) -> object:
    """The label of a kept industry; words that are none of ours stay as they are."""
    return INDUSTRY_LABELS[Industry(value)] if value in set(Industry) else value or ""


class Role(StrEnum):
    """What a person may do for an organisation; the second group at universities and institutes, the third for the
    consortium's own offices."""

    COMPANY_ADMIN = "company_admin"
    REPRESENTATIVE = "representative"
    BILLING = "billing"
    TRAINING = "training"
    LIAISON = "liaison"
    WORKING_GROUPS = "working_groups"
    PARTICIPANT = "participant"
    MENTOR = "mentor"

    STUDENT = "student"
    SUPERVISOR = "supervisor"

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
# These are there for themselves: they neither speak for their university nor read what it sees.
ACADEMIC_ROLES = frozenset({Role.STUDENT, Role.SUPERVISOR})
COMPANY_ROLES = tuple(role for role in Role if role not in STAFF_ROLES | ACADEMIC_ROLES)


def roles_for(kind: OrganisationKind) -> tuple[Role, ...]:
    """Roles that can be held for an organisation of this kind."""
    if kind is OrganisationKind.CONSORTIUM:
        return tuple(role for role in Role if role in STAFF_ROLES)
    if kind is OrganisationKind.COMPANY:
        return COMPANY_ROLES
    return (*COMPANY_ROLES, *(role for role in Role if role in ACADEMIC_ROLES))


def manager_role(kind: OrganisationKind) -> Role:
    """The role that looks after an organisation's people; at least one person holds it."""
    return Role.ADMINISTRATOR if kind is OrganisationKind.CONSORTIUM else Role.COMPANY_ADMIN


ROLE_LABELS = {
    Role.COMPANY_ADMIN: _l("Company administrator"),
    Role.REPRESENTATIVE: _l("Representative"),
    Role.BILLING: _l("Billing contact"),
    Role.TRAINING: _l("Training contact"),
    Role.LIAISON: _l("Liaison meeting"),
    Role.WORKING_GROUPS: _l("Working groups"),
    Role.PARTICIPANT: _l("Participant"),
    Role.MENTOR: _l("Internship mentor"),
    Role.STUDENT: _l("Doctoral student"),
    Role.SUPERVISOR: _l("Academic supervisor"),
    Role.SECRETARIAT: _l("Secretariat"),
    Role.STEERING_COMMITTEE: _l("Steering committee member"),
    Role.CAREER_SUPPORT: _l("Career support"),
    Role.HUB_COORDINATOR: _l("Hub coordinator"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

ROLE_NOTES = {
    Role.COMPANY_ADMIN: _l("Looks after people and roles, applications and renewals. At least one person."),
    Role.REPRESENTATIVE: _l(
        "Stands for the organisation and attends the liaison meeting. Exactly one: giving it to somebody else hands it over."
    ),
    Role.BILLING: _l("Gets invoices and receipts, and pays."),
    Role.TRAINING: _l("Registers learners and follows their courses."),
    Role.LIAISON: _l("Prepares the liaison meeting and puts opinions forward."),
    Role.WORKING_GROUPS: _l("Looks after who takes part in which working group."),
    Role.PARTICIPANT: _l("Takes part in working groups and events."),
    Role.MENTOR: _l("Publishes internship postings, meets and ranks candidates, evaluates the intern."),
    Role.STUDENT: _l("Looks for internships and ranks them. Sees nothing of the organisation's own matters."),
    Role.SUPERVISOR: _l("Approves the internships that their students wish for. Sees their students alone."),
    Role.SECRETARIAT: _l("Reviews applications, invoices, runs the meetings."),
    Role.STEERING_COMMITTEE: _l("Decides on applications and on the opinions put to it."),
    Role.CAREER_SUPPORT: _l("Runs consultations and internship matching."),
    Role.HUB_COORDINATOR: _l("Keeps a hub's institutions, partners, courses and figures."),
    Role.ADMINISTRATOR: _l("Looks after people, roles, tiers, templates and the trail. At least one person."),
}


class SignInMethod(StrEnum):
    PASSWORD = "password"
    LINK = "link"
    PASSKEY = "passkey"
    INVITATION = "invitation"
    APPLICATION = "application"
    DEMO = "demo"

    @property
    def label(self) -> object:
        return METHOD_LABELS[self]


METHOD_LABELS = {
    SignInMethod.PASSWORD: _l("Password"),
    SignInMethod.LINK: _l("Link by mail"),
    SignInMethod.PASSKEY: _l("Passkey"),
    SignInMethod.INVITATION: _l("Invitation"),
    SignInMethod.APPLICATION: _l("Start of an application"),
    SignInMethod.DEMO: _l("Demonstration"),
}


class EndReason(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed_out"
    ENDED_ELSEWHERE = "ended_elsewhere"
    ROTATED = "rotated"
    DISABLED = "disabled"
    PASSWORD_CHANGED = "password_changed"
    EMAIL_CHANGED = "email_changed"
    ROLES_CHANGED = "roles_changed"
    FACTORS_CHANGED = "factors_changed"


class TokenPurpose(StrEnum):
    """What a one-time secret is for. CHALLENGE is the one that a passkey signs."""

    SIGN_IN = "sign_in"
    START = "start"
    RECOVER = "recover"
    CHANGE_EMAIL = "change_email"
    CHALLENGE = "challenge"


class InvitationState(StrEnum):
    """Stored states; an open invitation past its date is shown as expired."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REVOKED = "revoked"

    @property
    def label(self) -> object:
        return INVITATION_LABELS[self]


INVITATION_LABELS = {
    InvitationState.PENDING: _l("Waiting for an answer"),
    InvitationState.ACCEPTED: _l("Accepted"),
    InvitationState.REVOKED: _l("Withdrawn"),
}
EXPIRED_LABEL = _l("Expired")


class CredentialKind(StrEnum):
    """What a person can have earned."""

    TRAINING = "training"  # the consortium's training, completed

    @property
    def label(self) -> object:
        return CREDENTIAL_LABELS[self]


CREDENTIAL_LABELS = {CredentialKind.TRAINING: _l("Training completed")}
