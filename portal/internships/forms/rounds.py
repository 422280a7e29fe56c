"""Rounds, as the office plans them; days and times in Japan."""

from __future__ import annotations

from typing import Any

from portal.core.forms import (
    Form,
    calendar_day,
    day_and_time,
    fiscal_year_field,
    line,
    moment_of,
    paragraph,
    several,
    time_of_day,
    whole_number,
)
from portal.core.i18n import _l
from portal.domain.internships.timetable import STEPS, Timetable
from portal.internships.enums import STEP_LABELS
from portal.internships.forms.agreements import NEEDED_HINT, kinds_to_choose
from portal.internships.models import InternshipRound

HOURS = {"locks_at": "17:00", "publishes_at": "10:00", "ends_at": "17:00"}


class TimetableForm(Form):
    """Two fields a step: `opens_on` and `opens_time` for the step `opens_at`."""

    def timetable(self) -> Timetable:
        """What was typed, checked."""
        moments = {step: moment_of(self[day_of(step)].data, self[time_of(step)].data) for step in STEPS}
        return Timetable(**moments)

    def steps(self) -> list[tuple[Any, Any]]:
        """The pairs of fields in order."""
        return [(self[day_of(step)], self[time_of(step)]) for step in STEPS]

    def show(self, season: InternshipRound) -> None:
        """Put what stands into the fields."""
        for step, at in season.timetable.moments.items():
            self[day_of(step)].data, self[time_of(step)].data = day_and_time(at)


def day_of(step: str) -> str:
    """The field of a step's day."""
    return step.removesuffix("_at") + "_on"


def time_of(step: str) -> str:
    """The field of a step's time."""
    return step.removesuffix("_at") + "_time"


for _step in STEPS:
    setattr(TimetableForm, day_of(_step), calendar_day(STEP_LABELS[_step]))
    setattr(
        TimetableForm,
        time_of(_step),
        time_of_day(_l("Time of: %(step)s", step=STEP_LABELS[_step]), default=HOURS.get(_step, "09:00")),
    )


class RoundForm(TimetableForm):
    """A new round."""

    fiscal_year = fiscal_year_field(
        _l("Fiscal year"), hint=_l("The year in which the internships take place.")
    )
    name_ja = line(_l("Name in Japanese"), most=100)
    name_en = line(_l("Name in English"), most=100)
    needed = several(_l("Agreements needed of every company"), hint=NEEDED_HINT)
    longest_list = whole_number(
        _l("Longest list"),
        least=1,
        most=50,
        default=10,
        hint=_l("How many postings a student may rank at most."),
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for step in STEPS:  # in the order of the page, which is that of the summary of errors
            for name in (day_of(step), time_of(step)):
                self._fields[name] = self._fields.pop(name)

    def offer(self) -> None:
        """Fill the choices, in the reader's language."""
        self.needed.choices = kinds_to_choose()


class CancelForm(Form):
    """Call a round off."""

    reason = paragraph(_l("Reason"), most=1000, required=False)
