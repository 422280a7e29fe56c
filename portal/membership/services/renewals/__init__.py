"""The verbs of renewals; the modules hold the rest."""

from portal.membership.services.renewals.answers import decline, is_answerable, renew
from portal.membership.services.renewals.calendar import (
    advance_renewal,
    enrol,
    look_at_the_calendar,
    look_in_the_morning,
)
from portal.membership.services.renewals.campaigns import change_campaign, create_campaign, follow_campaign
from portal.membership.services.renewals.choice import Facts, choose, facts_to_ask, judged_tiers
from portal.membership.services.renewals.links import SPENT, SpentAnswer, answer_link, spend_answer_link
from portal.membership.services.renewals.news import (
    follow_claim,
    note_ended,
    note_given_back,
    note_joined,
    note_paid,
    note_reopened,
)
from portal.membership.services.renewals.office import (
    decline_by_telephone,
    extend,
    is_reinstatable,
    reinstate,
)
from portal.membership.services.renewals.preview import CampaignPreview, preview_campaign

__all__ = [
    "SPENT",
    "CampaignPreview",
    "Facts",
    "SpentAnswer",
    "advance_renewal",
    "answer_link",
    "change_campaign",
    "choose",
    "create_campaign",
    "decline",
    "decline_by_telephone",
    "enrol",
    "extend",
    "follow_campaign",
    "facts_to_ask",
    "is_answerable",
    "is_reinstatable",
    "judged_tiers",
    "look_at_the_calendar",
    "look_in_the_morning",
    "follow_claim",
    "note_ended",
    "note_given_back",
    "note_joined",
    "note_paid",
    "note_reopened",
    "preview_campaign",
    "reinstate",
    "renew",
    "spend_answer_link",
]
