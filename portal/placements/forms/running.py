"""What is typed while an internship runs: hours, half-time, evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from wtforms.widgets import HiddenInput

from portal.core.forms import Form, choice, hidden_number, line, paragraph, tick, whole_number
from portal.core.i18n import _, _l
from portal.domain.placements.hours import read_minutes, written
from portal.placements.enums import CHECK_LABELS
from portal.placements.queries.hours import Week

WEEK = range(7)
_HOURS, _WORDS = _l("Hours"), _l("What you worked on that day")


class WeekForm(Form):
    """Seven days: `hours_0` and `words_0` are Monday's. `version` is what the page showed, 0 where nothing was entered."""

    words = paragraph(_l("What you worked on this week"), most=2000, required=False)
    reason = paragraph(_l("Reason for the correction"), most=1000, required=False)
    version = whole_number("", least=0, most=2**62, default=0, widget=HiddenInput())

    def keep_to(self, days: Mapping[int, str]) -> None:
        """Only the days of the stay, by number, each field named by its day: nobody can tell seven fields of one name apart."""
        for n in WEEK:
            if n not in days:
                del self[f"hours_{n}"]
                del self[f"words_{n}"]
                continue
            self[f"hours_{n}"].label.text = _("Hours on %(day)s", day=days[n])
            self[f"words_{n}"].label.text = _("What you worked on, %(day)s", day=days[n])

    def show(self, week: Week) -> None:
        """Put what stands into the fields."""
        for day in week.days:
            self[f"hours_{day.worked_on.weekday()}"].data = written(day.minutes)
            self[f"words_{day.worked_on.weekday()}"].data = day.words
        if week.row is not None:
            self.words.data, self.version.data = week.row.words, week.row.version

    def said(self, monday: date) -> dict[str, Any]:
        """What was typed, by day."""
        days = {n: monday + timedelta(days=n) for n in WEEK if f"hours_{n}" in self}
        return {
            "minutes": {day: read_minutes(self[f"hours_{n}"].data or "") for n, day in days.items()},
            "day_words": {day: self[f"words_{n}"].data or "" for n, day in days.items()},
            "words": self.words.data or "",
            "reason": self.reason.data or "",
            "version": self.version.data or 0,
        }


for _n in WEEK:
    setattr(WeekForm, f"hours_{_n}", line(_HOURS, most=10, required=False))
    setattr(WeekForm, f"words_{_n}", line(_WORDS, most=200, required=False))


class DecideForm(Form):
    """The company's word on a week; `version` is what it saw."""

    remark = paragraph(_l("What has to be corrected"), most=1000, required=False)
    version = hidden_number()


class CheckForm(Form):
    """Half-time."""

    progress = choice(_l("How is the work going?"), radio=True)
    support = choice(_l("How do the two sides get on?"), radio=True)
    words = paragraph(_l("What should we know?"), most=2000, required=False)
    has_concern = tick(_l("Something worries me"), hint=_l("The career-support office will talk to you."))
    concern = paragraph(
        _l("What worries you"), most=2000, required=False, hint=_l("Read by the career-support office alone.")
    )

    def offer(self) -> None:
        """Fill the choices, in the reader's language."""
        marks = [(str(mark), str(label)) for mark, label in CHECK_LABELS.items()]
        self.progress.choices = self.support.choices = marks

    def said(self) -> dict[str, Any]:
        """What was typed."""
        return self.values() | {"progress": int(self.progress.data), "support": int(self.support.data)}


class FollowForm(Form):
    """What the office did about a concern."""

    words = paragraph(_l("What was done about it"), most=2000, required=False)


class ReopenForm(Form):
    """Why the company is asked to correct its evaluation."""

    reason = paragraph(_l("What has to be corrected"), most=2000, required=False)
