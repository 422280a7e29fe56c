"""Times for interviews, invitations and answers; days and times in Japan."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from wtforms.fields import SelectChoice

from portal.core.forms import (
    Form,
    calendar_day,
    choice,
    day_and_time,
    hidden_number,
    line,
    moment_of,
    paragraph,
    time_of_day,
    web_address,
    whole_number,
)
from portal.core.i18n import _l
from portal.internships.models import InterviewSlot

SHORTEST, LONGEST = 10, 240  # minutes
FIRST, ALTERNATE = "first", "alternate"


class SlotForm(Form):
    """One time; `version` is what the page showed."""

    day = calendar_day(_l("Day"))
    time = time_of_day(_l("Begins at"), hint=_l("Time in Japan, as 17:00."))
    minutes = whole_number(_l("Length in minutes"), least=SHORTEST, most=LONGEST, default=30)
    interviewer = line(
        _l("Interviewer"), most=100, hint=_l("Who talks with the student: department and name.")
    )
    place = line(_l("Place"), most=200, required=False, hint=_l("Either a place or a link is needed."))
    link = web_address(_l("Link for talking online"), required=False)
    version = hidden_number(default=1)

    def spans(self) -> list[tuple[datetime, datetime]]:
        """What was typed, checked: begin and end."""
        start, length = moment_of(self.day.data, self.time.data), timedelta(minutes=self.minutes.data)
        return [(start + n * length, start + (n + 1) * length) for n in range(self.how_many())]

    def how_many(self) -> int:
        """Times in a row."""
        return 1

    def said(self) -> dict[str, str]:
        """Where and with whom."""
        return {
            "place": self.place.data or "",
            "link": self.link.data or "",
            "interviewer": self.interviewer.data or "",
        }

    @classmethod
    def shown(cls, slot: InterviewSlot) -> SlotForm:
        """What stands."""
        day, time = day_and_time(slot.starts_at)
        minutes = int((slot.ends_at - slot.starts_at).total_seconds() // 60)
        return cls(formdata=None, obj=slot, data={"day": day, "time": time, "minutes": minutes})


class SlotsForm(SlotForm):
    """Several in a row."""

    count = whole_number(
        _l("How many in a row"), least=1, most=20, default=1, hint=_l("Each begins when the one before ends.")
    )

    def how_many(self) -> int:
        return int(self.count.data)


class InviteForm(Form):
    """As what, and by when an answer is needed."""

    kind = choice(
        _l("Invite"),
        radio=True,
        default=FIRST,
        choices=[
            SelectChoice(FIRST, _l("now, to choose one of the free times")),
            SelectChoice(ALTERNATE, _l("as an alternate, when somebody drops out")),
        ],
    )
    days = whole_number(_l("Days to answer"), least=1, most=21, default=5)


class AnswerForm(Form):
    """A time, or words."""

    slot_id: Any = choice(_l("Day and time"), radio=True, required=False)
    words = paragraph(
        _l("Your words"),
        most=1000,
        required=False,
        hint=_l("Where no time fits: when you could come. The company reads it."),
    )

    def offer(self, slots: list[tuple[int, str]]) -> None:
        """The free times, in the reader's words."""
        self.slot_id.choices = [SelectChoice(str(number), label) for number, label in slots]
