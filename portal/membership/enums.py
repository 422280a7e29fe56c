"""States and kinds of membership, with their words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.i18n import _l
from portal.domain.application_flow import ApplicationState
from portal.domain.terms import TermState


@dataclass(frozen=True, slots=True)
class Shown:
    """A state as a badge shows it: its value (colour) and its word."""

    value: str
    label: Any


APPLICATION_LABELS = {
    ApplicationState.DRAFT: _l("Draft"),
    ApplicationState.SUBMITTED: _l("Submitted"),
    ApplicationState.RETURNED: _l("Returned for correction"),
    ApplicationState.CHECKED: _l("Awaiting the committee"),
    ApplicationState.DEFERRED: _l("Deferred"),
    ApplicationState.APPROVED: _l("Approved"),
    ApplicationState.DECLINED: _l("Declined"),
    ApplicationState.WITHDRAWN: _l("Withdrawn"),
}

# Where an application counts as under way: it keeps others of the same company and year away. After that its contract does.
LIVE_STATES = tuple(s for s in ApplicationState if not s.is_final)
# Sent in and not decided: these wait for somebody, and hold a place.
OPEN_STATES = (
    ApplicationState.SUBMITTED,
    ApplicationState.RETURNED,
    ApplicationState.CHECKED,
    ApplicationState.DEFERRED,
)

TERM_LABELS = {
    TermState.AWAITING_PAYMENT: _l("Awaiting payment"),
    TermState.UPCOMING: _l("Begins later"),
    TermState.ACTIVE: _l("Active"),
    TermState.ENDED: _l("Ended"),
    TermState.UNPAID_ENDED: _l("Ended unpaid"),
    TermState.CANCELLED: _l("Cancelled"),
}


class Decision(StrEnum):
    """What the steering committee decides."""

    APPROVE = "approve"
    DECLINE = "decline"
    DEFER = "defer"

    @property
    def label(self) -> Any:
        return DECISION_LABELS[self]

    @property
    def noun(self) -> Any:
        """What was decided, told afterwards."""
        return DECISION_NOUNS[self]

    @property
    def state(self) -> ApplicationState:
        """The state that the decision leads to."""
        return DECISION_STATES[self]


DECISION_LABELS = {
    Decision.APPROVE: _l("Approve"),
    Decision.DECLINE: _l("Decline"),
    Decision.DEFER: _l("Defer"),
}
DECISION_NOUNS = {
    Decision.APPROVE: _l("approval"),
    Decision.DECLINE: _l("refusal"),
    Decision.DEFER: _l("deferral"),
}
DECISION_STATES = {
    Decision.APPROVE: ApplicationState.APPROVED,
    Decision.DECLINE: ApplicationState.DECLINED,
    Decision.DEFER: ApplicationState.DEFERRED,
}


class RulesKind(StrEnum):
    """What an applicant accepts."""

    MEMBERSHIP_RULES = "membership_rules"
    ANTI_SOCIAL_PLEDGE = "anti_social_pledge"
    PERSONAL_DATA = "personal_data"

    @property
    def label(self) -> Any:
        return RULES_LABELS[self]


RULES_LABELS = {
    RulesKind.MEMBERSHIP_RULES: _l("Membership rules"),
    RulesKind.ANTI_SOCIAL_PLEDGE: _l("Pledge on anti-social forces"),
    RulesKind.PERSONAL_DATA: _l("Consent on personal data"),
}


class AttachmentKind(StrEnum):
    """What an attachment is."""

    PLAN = "plan"
    COMPANY_PROFILE = "company_profile"
    REGISTER_EXTRACT = "register_extract"
    OTHER = "other"

    @property
    def label(self) -> Any:
        return ATTACHMENT_LABELS[self]


ATTACHMENT_LABELS = {
    AttachmentKind.PLAN: _l("Plan"),
    AttachmentKind.COMPANY_PROFILE: _l("Company profile"),
    AttachmentKind.REGISTER_EXTRACT: _l("Extract from the company register"),
    AttachmentKind.OTHER: _l("Other document"),
}


class PaymentWay(StrEnum):
    """How the company means to pay; it may change its mind on the invoice."""

    BANK_TRANSFER = "bank_transfer"
    CARD = "card"

    @property
    def label(self) -> Any:
        return PAYMENT_LABELS[self]


PAYMENT_LABELS = {PaymentWay.BANK_TRANSFER: _l("Bank transfer"), PaymentWay.CARD: _l("Card")}


class WindowState(StrEnum):
    """Whether applications for a fiscal year are taken now."""

    NOT_PLANNED = "not_planned"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> Any:
        return WINDOW_LABELS[self]


WINDOW_LABELS = {
    WindowState.NOT_PLANNED: _l("Dates not set yet"),
    WindowState.UPCOMING: _l("Opens later"),
    WindowState.OPEN: _l("Open for applications"),
    WindowState.CLOSED: _l("Closed"),
}
