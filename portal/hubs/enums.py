"""What an institution is to a hub."""

from __future__ import annotations

from enum import StrEnum

from portal.core.i18n import _l


class InstitutionRole(StrEnum):
    REPRESENTATIVE = "representative"
    LEAD = "lead"
    PARTNER_UNIVERSITY = "partner_university"
    COOPERATING_UNIVERSITY = "cooperating_university"
    RESEARCH_INSTITUTE = "research_institute"
    COMPANY = "company"
    OTHER_UNIVERSITIES = "other_universities"

    @property
    def label(self) -> object:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    InstitutionRole.REPRESENTATIVE: _l("Representative institution"),
    InstitutionRole.LEAD: _l("Lead university"),
    InstitutionRole.PARTNER_UNIVERSITY: _l("Partner university"),
    InstitutionRole.COOPERATING_UNIVERSITY: _l("Cooperating university"),
    InstitutionRole.RESEARCH_INSTITUTE: _l("Research institute"),
    InstitutionRole.COMPANY: _l("Partner company"),
    InstitutionRole.OTHER_UNIVERSITIES: _l("Other universities"),
}
