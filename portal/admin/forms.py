"""Shape of what the administrator types."""

from __future__ import annotations

from typing import Any

from wtforms.fields import SelectChoice
from wtforms.validators import Regexp

from portal.admin.matters import MATTERS, matter_of
from portal.audit.labels import VERBS
from portal.core.forms import (
    Form,
    calendar_day,
    choice,
    fiscal_year_field,
    line,
    moment_of,
    paragraph,
    tick,
    time_of_day,
    whole_number,
)
from portal.core.i18n import _, _l
from portal.membership.enums import RulesKind

LONGEST_RULES = 20_000


class TierForm(Form):
    """One version of a tier; the names of the fields are the columns."""

    code = line(
        _l("Code"),
        most=20,
        checks=[Regexp(r"^[A-Z0-9]+$", message=_l("Please use capital letters and digits."))],
        hint=_l("The same for all versions of a tier, like A."),
    )
    valid_from = fiscal_year_field(_l("First fiscal year"))
    valid_to = fiscal_year_field(
        _l("Last fiscal year"), required=False, hint=_l("Empty: until further notice.")
    )
    name_ja = line(_l("Name in Japanese"), most=100)
    name_en = line(_l("Name in English"), most=100)
    eligible_ja = line(_l("For whom, in Japanese"))
    eligible_en = line(_l("For whom, in English"))
    note_ja = line(_l("Remark in Japanese"), most=400, required=False)
    note_en = line(_l("Remark in English"), most=400, required=False)
    annual_fee_yen = whole_number(
        _l("Annual fee without tax"),
        least=1,
        most=1_000_000_000,
        hint=_l("Its tax is decided for all membership fees, on the page Issuer and tax."),
    )
    training_seats = whole_number(
        _l("Training seats included"),
        most=1000,
        required=False,
        hint=_l("0: none. Empty: included, without a number."),
    )
    arrangement_from_learners = whole_number(
        _l("By arrangement from so many learners"), least=1, most=1000, required=False
    )
    has_liaison_meeting = tick(_l("Takes part in the liaison meeting"))
    has_study_groups = tick(_l("Takes part in the study groups"))
    requires_venture = tick(_l("For ventures alone"))
    employees_below = whole_number(_l("Fewer employees than"), least=1, most=1_000_000, required=False)
    founding_years_max = whole_number(
        _l("Founded at most so many years ago"), least=1, most=200, required=False
    )
    is_monitor = tick(_l("Monitor price: once for each corporate number"))
    sort_order = whole_number(_l("Order in the table"), most=1000, required=False)


class EndTierForm(Form):
    """When a tier is offered for the last time."""

    valid_to = fiscal_year_field(_l("Last fiscal year"))


class WindowForm(Form):
    """When applications for a fiscal year are taken; days and times in Japan."""

    fiscal_year = fiscal_year_field(_l("Fiscal year"))
    opens_on = calendar_day(_l("Opens on"))
    opens_at_time = time_of_day(_l("Opening time"), default="00:00")
    closes_on = calendar_day(_l("Closes on"))
    closes_at_time = time_of_day(_l("Closing time"), default="17:00")
    places = whole_number(_l("Places"), least=0, most=100_000)
    priority_on = calendar_day(
        _l("Members of the year before go first until"),
        required=False,
        hint=_l("The end of this day. Empty: nobody goes first."),
    )

    def window_values(self) -> dict[str, Any]:
        """The moments that the service takes."""
        priority = self.priority_on.data
        return {
            "fiscal_year": self.fiscal_year.data,
            "opens_at": moment_of(self.opens_on.data, self.opens_at_time.data),
            "closes_at": moment_of(self.closes_on.data, self.closes_at_time.data),
            "places": self.places.data,
            "priority_until": moment_of(priority, "23:59") if priority else None,
        }


class RulesForm(Form):
    """A new wording."""

    version = line(_l("Version"), most=20, hint=_l("A short mark that people can quote, like 2027-04."))
    effective_on = calendar_day(_l("In force from"))
    text_ja = paragraph(_l("Text in Japanese"), most=LONGEST_RULES)
    text_en = paragraph(_l("Text in English"), most=LONGEST_RULES)


class TrailForm(Form):
    """What to look for in the trail; everything may stay empty."""

    who = line(_l("Person"), required=False, hint=_l("Name or mail address"))
    organisation = line(_l("Organisation"), required=False, hint=_l("Name or corporate number"))
    verb = choice(_l("What"), required=False, choices=lambda: _verb_choices())
    since = calendar_day(_l("From this day"), required=False)
    until = calendar_day(_l("To this day"), required=False)


def _verb_choices() -> list[SelectChoice]:
    """Every verb under the matter that it is about, in the order in which things happen."""
    order = list(MATTERS)
    named = sorted(VERBS, key=lambda verb: order.index(matter_of(verb)))
    return [
        SelectChoice("", _("Everything")),
        *(SelectChoice(verb, str(VERBS[verb]), optgroup=str(MATTERS[matter_of(verb)])) for verb in named),
    ]


KINDS_OF_RULES = {kind.value: kind for kind in RulesKind}
