"""What the office types into its registers."""

from __future__ import annotations

from portal.core.forms import Form, choice, email, hidden_number, line, paragraph, tick, whole_number
from portal.core.i18n import _l
from portal.matching.models.caps import MOST_PLACES

CHOOSE = ("", _l("Please choose"))


class ExclusionForm(Form):
    """Who is kept apart."""

    email = email(_l("Mail address of the student"))
    company = line(_l("Corporate number or whole name of the company"))
    kind = choice(_l("Kind"))
    reason = paragraph(
        _l("Reason"),
        most=2000,
        hint=_l("Read by career support and administrators alone; neither side sees it."),
    )
    ends_agreed = tick(_l("A place that all four have agreed upon beforehand may end with this"))


class HoldForm(Form):
    """Which company has to wait."""

    organisation_id = choice(_l("Company"))
    reason = paragraph(_l("What has to be agreed first"), most=1000)


class CapForm(Form):
    """A limit; the shares of companies are typed in a table beside it."""

    kind = choice(_l("Kind"))
    name = line(_l("Name of the limit"), most=100)
    places = whole_number(_l("Students at most"), least=0, most=MOST_PLACES)
    version = hidden_number(default=1)
