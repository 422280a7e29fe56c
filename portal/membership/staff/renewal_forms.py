"""The shape of what the office types about renewals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.core.forms import Form, calendar_day, choice, paragraph, tick, whole_number
from portal.core.i18n import _, _l, ngettext
from portal.domain.reminder_ladder import FARTHEST_DAYS, MOST_STEPS, problem_of
from portal.domain.renewal_flow import LONGEST_GRACE_DAYS, LONGEST_SUSPENSION_DAYS
from portal.membership.renewal_forms import AnswerForm
from portal.membership.renewing import DECLINE_LABELS, LADDER_WORDS

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_BEFORE = MOST_AFTER = MOST_STEPS
FEWEST_SHOWN = 4


def rung(form: Any, field: Field) -> None:
    """A reminder on a day of its own, inside the days of grace."""
    steps = form.steps(up_to=field.name)
    if field.data is None:
        return
    grace = form.grace_days.data
    problem = problem_of(steps, grace_days=LONGEST_GRACE_DAYS if grace is None else grace)
    if problem is not None:
        raise ValidationError(LADDER_WORDS[problem])


def _rung(label: Any) -> Any:
    return whole_number(label, least=1, most=FARTHEST_DAYS, required=False, checks=[rung])


class CampaignForm(Form):
    """The days of the renewals for one fiscal year."""

    fiscal_year = whole_number(
        _l("Fiscal year that is renewed for"),
        least=FIRST_YEAR,
        most=LAST_YEAR,
        hint=_l("Its first calendar year."),
    )
    offers_on = calendar_day(_l("Offers go out on"))
    deadline_on = calendar_day(_l("Answer by"), hint=_l("Until this day a place is held for each member."))
    grace_days = whole_number(
        _l("Days of grace"),
        most=LONGEST_GRACE_DAYS,
        hint=_l("After the deadline, or after the day for the money: it can still be made good."),
    )
    suspension_days = whole_number(
        _l("Days of suspension"),
        most=LONGEST_SUSPENSION_DAYS,
        hint=_l("After grace; then the renewal lapses, but never before the fiscal year begins."),
    )
    on_the_day = tick(_l("On the last day to answer"))

    def steps(self, up_to: str = "") -> list[int]:
        """The reminders as days relative to the deadline, the earliest first; `up_to`: those of the fields before and this one."""
        found = []
        for name, sign in RUNGS:
            days = self[name].data
            if days is not None:
                found.append(sign * days)
            if name == up_to:
                return found
        return sorted([*found, 0] if self.on_the_day.data else found)

    def rungs(self, start: str) -> list[Field]:
        """The fields before (`before`) or after (`after`) the deadline that the page shows: all that are used, and some more."""
        fields = [self[name] for name, _sign in RUNGS if name.startswith(start)]
        used = max(
            (n for n, field in enumerate(fields, 1) if field.data is not None or field.errors), default=0
        )
        return fields[: max(FEWEST_SHOWN, used + 1)]

    def days(self) -> dict[str, Any]:
        """As the services take them."""
        names = ("fiscal_year", "offers_on", "deadline_on", "grace_days", "suspension_days")
        return {name: self[name].data for name in names} | {"ladder": self.steps()}


for _n in range(1, MOST_BEFORE + 1):
    setattr(CampaignForm, f"before_{_n}", _rung(_l("Reminder %(number)s before the deadline", number=_n)))
for _n in range(1, MOST_AFTER + 1):
    setattr(CampaignForm, f"after_{_n}", _rung(_l("Reminder %(number)s after the deadline", number=_n)))
RUNGS = tuple(
    (f"{side}_{n}", sign)
    for side, most, sign in (("before", MOST_BEFORE, -1), ("after", MOST_AFTER, 1))
    for n in range(1, most + 1)
)


def typed_ladder(steps: Sequence[int]) -> dict[str, Any]:
    """A ladder as the fields show it."""
    before = {f"before_{n}": -step for n, step in enumerate(sorted(s for s in steps if s < 0), 1)}
    after = {f"after_{n}": step for n, step in enumerate(sorted(s for s in steps if s > 0), 1)}
    return before | after | {"on_the_day": 0 in steps}


def ladder_in_words(steps: Sequence[int]) -> list[str]:
    """Each reminder as the office says it."""
    return [_rung_in_words(step) for step in steps]


def _rung_in_words(step: int) -> str:
    if step == 0:
        return _("on the last day")
    if step < 0:
        return ngettext("%(num)d day before", "%(num)d days before", -step)
    return ngettext("%(num)d day after", "%(num)d days after", step)


class UntilForm(AnswerForm):
    """A new day, and why."""

    until = calendar_day(_l("New day"))
    reason = paragraph(_l("Reason"), most=1000, hint=_l("It stands in the timeline, which the company sees."))


class PlaceForm(UntilForm):
    """The same, and whether it may go beyond the places."""

    beyond_places = tick(_l("Go beyond the places of this fiscal year, if others have them all"))


class TelephoneForm(AnswerForm):
    """A company that told us that it does not renew."""

    reason = choice(
        _l("Reason"),
        choices=[SelectChoice(r.value, words) for r, words in DECLINE_LABELS.items()],
        radio=True,
    )
    note = paragraph(
        _l("Who told us, when and how"),
        most=1000,
        hint=_l("It stands in the timeline, which the company sees."),
    )
