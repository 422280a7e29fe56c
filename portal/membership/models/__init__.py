"""Tables of membership, one module a noun."""

from portal.membership.models.applications import (
    Acceptance,
    Application,
    ApplicationCollaborator,
    ApplicationRevision,
    Attachment,
    FieldComment,
)
from portal.membership.models.renewals import (
    Renewal,
    RenewalAcceptance,
    RenewalCampaign,
    RenewalLink,
    RenewalNotice,
)
from portal.membership.models.seats import SeatArrangement
from portal.membership.models.terms import ContractTerm, MonitorUse
from portal.membership.models.tier_changes import ProrationRule, TierChange
from portal.membership.models.tiers import ApplicationWindow, RulesVersion, Tier

__all__ = [
    "Acceptance",
    "Application",
    "ApplicationCollaborator",
    "ApplicationRevision",
    "ApplicationWindow",
    "Attachment",
    "ContractTerm",
    "FieldComment",
    "MonitorUse",
    "ProrationRule",
    "Renewal",
    "RenewalAcceptance",
    "RenewalCampaign",
    "RenewalLink",
    "RenewalNotice",
    "RulesVersion",
    "SeatArrangement",
    "Tier",
    "TierChange",
]
