"""What the secretariat confirms before the committee decides."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.core.i18n import _l


class CheckItem(StrEnum):
    """One point of the checklist; the value is its key in `Application.checklist`."""

    CORPORATE_NUMBER = "corporate_number"
    REPRESENTATIVE = "representative"
    BILLING_CONTACT = "billing_contact"
    TIER = "tier"
    PLAN = "plan"
    ANTI_SOCIAL_PLEDGE = "anti_social_pledge"
    ATTACHMENTS = "attachments"

    @property
    def label(self) -> Any:
        return CHECK_LABELS[self]


CHECK_LABELS = {
    CheckItem.CORPORATE_NUMBER: _l("The corporate number and the registered name belong together"),
    CheckItem.REPRESENTATIVE: _l(
        "The representative and the contact person can be reached and belong to the company"
    ),
    CheckItem.BILLING_CONTACT: _l("The billing contact and the address for the invoice are complete"),
    CheckItem.TIER: _l("The company meets the conditions of the tier"),
    CheckItem.PLAN: _l(
        "The plan concerns big-data analysis or AI in medicine, health care or drug discovery"
    ),
    CheckItem.ANTI_SOCIAL_PLEDGE: _l(
        "The pledge on anti-social forces is given, and nothing speaks against it"
    ),
    CheckItem.ATTACHMENTS: _l("The attachments have been opened, or none are needed"),
}


def ticked_lines(checklist: Mapping[str, Any] | None) -> list[tuple[Any, bool]]:
    """Each point with whether it was ticked, in the order of the list; empty before the check."""
    kept = checklist or {}
    return [(item.label, bool(kept.get(item.value))) for item in CheckItem] if kept else []
