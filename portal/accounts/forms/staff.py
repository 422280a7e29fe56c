"""Forms of the office's pages."""

from __future__ import annotations

from portal.accounts.enums import OrganisationKind
from portal.accounts.forms import choices
from portal.core.forms import Form, calendar_day, line, paragraph, several, web_address, whole_number
from portal.core.i18n import _l


class ReasonForm(Form):
    """Why an administrator steps in."""

    reason = paragraph(
        _l("Reason"), most=500, hint=_l("It stands in the trail and is not mailed to the person.")
    )


class StaffRolesForm(Form):
    """Roles of the consortium's own office."""

    roles = several(
        _l("Roles in the office"),
        choices=choices.roles(OrganisationKind.CONSORTIUM),
    )


class OrganisationForm(Form):
    """An organisation's data."""

    name_ja = line(_l("Name in Japanese"))
    name_kana = line(_l("Name in katakana"), required=False)
    name_en = line(_l("Name in English"), required=False)
    postal_code = line(_l("Postal code"), most=10, required=False)
    address = line(_l("Address"), most=300, required=False)
    website = web_address(_l("Web site"), required=False)
    industry = line(_l("Industry"), most=60, required=False)
    founded_on = calendar_day(_l("Founded on"), required=False)
    employees = whole_number(_l("Employees"), required=False)
    capital_yen = whole_number(_l("Capital (yen)"), most=999_999_999_999_999, required=False)
