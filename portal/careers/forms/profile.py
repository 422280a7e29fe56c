"""The profile, as a student types it."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms.fields.choices import SelectChoice

from portal.careers.enums import ITEM_LABELS, ProfileItem
from portal.core.forms import Form, calendar_day, hidden_number, line, paragraph, several, whole_number
from portal.core.i18n import _l
from portal.domain.internships.posting_rules import LEAST_WEEKS


class ProfileForm(Form):
    """The fields are columns; `opened` names the items that companies may read, `seen` is the version on the page."""

    about = paragraph(
        _l("About me"),
        most=2000,
        required=False,
        hint=_l("Your degree course, what you work on, what drives you."),
    )
    research_field = line(_l("Field of research"), required=False)
    research = paragraph(
        _l("My research"),
        required=False,
        hint=_l("Only what may be told: nothing that is under a non-disclosure agreement."),
    )
    skills = paragraph(_l("Methods and tools"), most=2000, required=False)
    languages = line(_l("Languages spoken"), required=False)
    publications = paragraph(_l("Publications and prizes"), required=False)
    wishes = paragraph(
        _l("What I look for"),
        most=2000,
        required=False,
        hint=_l("What you would like to learn or try at a company."),
    )
    free_from = calendar_day(_l("First possible day"), required=False)
    free_until = calendar_day(_l("Last possible day"), required=False)
    most_weeks = whole_number(
        _l("Weeks at most"), least=1, most=52, required=False, hint=_l("Internships last %(weeks)s weeks or longer.", weeks=LEAST_WEEKS)
    )  # fmt: skip
    opened = several(
        _l("Opened to companies"),
        choices=[SelectChoice(item.value, ITEM_LABELS[item]) for item in ProfileItem],
    )
    seen = hidden_number(default=1)

    def profile_values(self) -> dict[str, Any]:
        """The columns."""
        values = self.values()
        return {name: values[name] for name in values if name not in ("opened", "seen")}


class PaperForm(Form):
    """One file."""

    file = FileField(
        _l("File"),
        description=_l(
            "A PDF, a picture or an Office file up to 10 MB. Please leave out your address, telephone number and mail address."
        ),
    )
