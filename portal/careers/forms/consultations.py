"""Times that the office offers, and what a student writes when taking one."""

from __future__ import annotations

from typing import Any

from portal.core.forms import (
    Form,
    calendar_day,
    line,
    moment_of,
    paragraph,
    time_of_day,
    web_address,
    whole_number,
)
from portal.core.i18n import _l
from portal.domain.consultation_times import LEAST_MINUTES, MOST_MINUTES, MOST_WEEKS


class SlotsForm(Form):
    """A day and a span of it, cut into times; repeated each week."""

    day = calendar_day(_l("Day"))
    begins = time_of_day(_l("Begins at"), hint=_l("Time in Japan, such as 13:00"))
    ends = time_of_day(_l("Ends at"))
    minutes = whole_number(_l("Minutes each"), least=LEAST_MINUTES, most=MOST_MINUTES, default=45)
    weeks = whole_number(
        _l("Weeks in a row"), least=1, most=MOST_WEEKS, default=1,
        hint=_l("The same day each week; weekends and public holidays are left out."),
    )  # fmt: skip
    place = line(_l("Place"), required=False)
    link = web_address(_l("Link for online talks"), required=False, hint=_l("A place, a link, or both."))

    def offer(self) -> dict[str, Any]:
        """As the service takes it."""
        starts, ends = (moment_of(self.day.data, typed.data) for typed in (self.begins, self.ends))
        return {
            "starts_at": starts, "ends_at": ends, "minutes": self.minutes.data, "weeks": self.weeks.data,
            "place": self.place.data, "link": self.link.data, "once": self.once.data,
        }  # fmt: skip


class BookForm(Form):
    """What it is about."""

    reason = paragraph(
        _l("What would you like to talk about?"), most=1000, required=False,
        hint=_l("Only the career-support office reads this; it stands in no mail."),
    )  # fmt: skip


class CancelSlotForm(Form):
    """Why a time is taken back."""

    reason = paragraph(_l("Reason"), most=500, required=False, hint=_l("The student reads it."))
