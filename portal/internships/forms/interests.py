"""What a student writes to a company."""

from __future__ import annotations

from portal.core.forms import Form, paragraph
from portal.core.i18n import _l


class InterestForm(Form):
    """Interest in a posting."""

    words = paragraph(
        _l("Your words to the company"),
        most=1000,
        required=False,
        hint=_l("Why this work interests you. The company reads it beside what you open of your profile."),
    )
