"""Forms of what follows a match: another round, a place offered."""

from __future__ import annotations

from portal.core.forms import Form, calendar_day, choice, line, paragraph, time_of_day
from portal.core.i18n import _l
from portal.internships.forms.rounds import TimetableForm


class FollowUpForm(TimetableForm):
    """A round that follows another."""

    name_ja = line(_l("Name in Japanese"), most=100)
    name_en = line(_l("Name in English"), most=100)


class OfferForm(Form):
    """A place for a student, until a moment."""

    posting_id = choice(_l("Posting"), coerce=int)
    student_id = choice(_l("Student"), coerce=int)
    expires_on = calendar_day(
        _l("Answer by"), hint=_l("At least 24 hours from now. The place is held until then.")
    )
    expires_time = time_of_day(_l("Time"), default="17:00")
    words = paragraph(_l("What you write to the student"), most=1000, required=False)
