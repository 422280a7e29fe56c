"""A posting, as a company types it; a draft may lack anything."""

from __future__ import annotations

from typing import Any

from portal.core.forms import (
    Form,
    calendar_day,
    choice,
    hidden_number,
    line,
    paragraph,
    several,
    tick,
    whole_number,
)
from portal.core.i18n import _l, current_language
from portal.domain.internships.posting_rules import LEAST_WEEKS, MOST_WEEKS
from portal.domain.prefectures import CODES, prefecture_name
from portal.internships.enums import DataAgreement, PayUnit, RemoteWork, WorkingLanguage
from portal.membership.choices import areas, labelled

CHOOSE = ("", _l("Please choose"))
MOST_PLACES = 999


def _pick(label: Any, **more: Any) -> Any:
    return choice(label, required=False, **more)


class PostingForm(Form):
    """The fields are columns; `version` is what the page showed."""

    title = line(
        _l("Title of the posting"),
        most=120,
        required=False,
        hint=_l("What the intern will work on, in a few words."),
    )
    title_en = line(_l("Title in English"), most=120, required=False)
    area = _pick(_l("Priority area"))
    hub_id = _pick(_l("Hub"), hint=_l("Where the posting goes with one hub's programme."))
    duties = paragraph(
        _l("Duties"), required=False, hint=_l("What the intern does, with whom, and what comes of it.")
    )
    knowledge = paragraph(_l("Required knowledge"), required=False, most=2000)
    skills = paragraph(_l("Required skills"), required=False, most=2000)
    mentor = line(
        _l("Mentor"),
        most=100,
        required=False,
        hint=_l("Who looks after the intern: department, title and name."),
    )
    prefecture = _pick(_l("Prefecture"))
    workplace = line(_l("Place of work"), required=False)
    remote = _pick(_l("Work from home"))
    language = _pick(_l("Language at work"))
    starts_from = calendar_day(_l("Begins on or after"), required=False)
    ends_by = calendar_day(_l("Ends on or before"), required=False)
    weeks = whole_number(
        _l("Weeks"), least=1, most=MOST_WEEKS, required=False,
        hint=_l("At least %(weeks)s; two to three months are usual.", weeks=LEAST_WEEKS),
    )  # fmt: skip
    days_a_week = whole_number(_l("Days a week"), least=1, most=6, required=False)
    pay_unit = _pick(_l("Remuneration"), hint=_l("Internships are normally paid."))
    pay_yen = whole_number(_l("Amount"), least=1, most=10_000_000, required=False)
    expenses = line(
        _l("Travel and lodging"), required=False, hint=_l("What the company pays beside the wage.")
    )
    places = whole_number(
        _l("Places for interns"), least=0, most=MOST_PLACES, default=1, hint=_l("0 is a normal answer.")
    )
    least_places = whole_number(
        _l("Fewest students wished for"), least=0, most=MOST_PLACES, default=0, required=False,
        hint=_l("Only a remark: nobody is ever placed to reach it."),
    )  # fmt: skip
    rights = paragraph(
        _l("Intellectual property"),
        required=False,
        most=2000,
        hint=_l("To whom results belong, and what may be published."),
    )
    confidentiality = paragraph(
        _l("Confidentiality"),
        required=False,
        most=2000,
        hint=_l("What the intern signs, and for how long it binds."),
    )
    data_agreements = several(_l("Agreements on data and materials"))
    data_used = paragraph(_l("Data and materials that the intern works with"), required=False, most=2000)
    has_export_control = tick(_l("Export control has to be checked before the start"))
    version = hidden_number(default=1)

    def offer(self, hubs: list[tuple[str, str]]) -> None:
        """Fill the choices, in the reader's language."""
        language = current_language()
        self.area.choices = [CHOOSE, *areas()]
        self.hub_id.choices = [("", _l("Not tied to a hub")), *hubs]
        self.prefecture.choices = [CHOOSE, *((code, prefecture_name(code, language)) for code in CODES)]
        self.remote.choices = [CHOOSE, *labelled(RemoteWork)]
        self.language.choices = [CHOOSE, *labelled(WorkingLanguage)]
        self.pay_unit.choices = [CHOOSE, *labelled(PayUnit)]
        self.data_agreements.choices = labelled(DataAgreement)

    def posting_values(self) -> dict[str, Any]:
        """The columns; what was left empty in a choice is None or empty as the column is."""
        values = self.values()
        values.pop("version")
        values["least_places"] = values["least_places"] or 0
        for field in ("remote", "language", "pay_unit", "hub_id"):
            values[field] = values[field] or None
        values["hub_id"] = int(values["hub_id"]) if values["hub_id"] else None
        return values


class PlacesForm(Form):
    """How many students."""

    places = whole_number(
        _l("Places for interns"), least=0, most=MOST_PLACES, hint=_l("0 is a normal answer.")
    )
    least_places = whole_number(
        _l("Fewest students wished for"), least=0, most=MOST_PLACES, default=0, required=False,
        hint=_l("Only a remark: nobody is ever placed to reach it."),
    )  # fmt: skip


class TotalForm(Form):
    """How many students a company takes in all."""

    total = whole_number(_l("Students in all"), least=0, most=MOST_PLACES, required=False)


class ReasonForm(Form):
    """Why a posting is withdrawn."""

    reason = paragraph(_l("Reason"), most=1000, required=False)


class ReviewForm(Form):
    """The office's remark; `version` is what it looked at."""

    remark = paragraph(_l("What has to be corrected"), most=2000, required=False)
    version = hidden_number()


class StartForm(Form):
    """Begin a posting."""

    organisation_id = hidden_number()
    copy_of = hidden_number(required=False)
