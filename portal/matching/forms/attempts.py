"""Forms of runs: shapes alone, and never a rank."""

from __future__ import annotations

from wtforms.widgets import HiddenInput

from portal.core.forms import (
    FILL_IN,
    Form,
    calendar_day,
    choice,
    hidden_number,
    line,
    paragraph,
    whole_number,
)
from portal.core.i18n import _l


class AttemptForm(Form):
    """A new run."""

    name = line(_l("Name of the run"), most=100, hint=_l("For the office alone, to tell runs apart."))


class WhatIfForm(Form):
    """One change. Which fields count follows from `change`; choices are set by the page."""

    change = line("", most=20, required=False, widget=HiddenInput())
    posting = choice(_l("Posting"), required=False)
    company = choice(_l("Company"), required=False)
    student = choice(_l("Student"), required=False)
    cap = choice(_l("Limit"), required=False)
    places = whole_number(_l("Number of places"), most=999, required=False)
    limit = whole_number(
        _l("Students at most"), most=9_999, required=False, hint=_l("Empty: as if there were no limit.")
    )
    reason = paragraph(
        _l("Reason"), most=1000, required=False,
        hint=_l("What this run gives tells of their lists: they read your name, the time and this reason."),
    )  # fmt: skip
    name = line(_l("Name of the run"), most=100, hint=_l("For the office alone, to tell runs apart."))

    def require(self, *fields: str) -> bool:
        """Whether what this change needs is there; what is missing is said at its field."""
        missing = [self[name] for name in fields if self[name].data in (None, "")]
        for field in missing:
            field.errors = [*field.errors, FILL_IN]
        return not missing


class PairForm(Form):
    """Whom a waiver is about, and why its effects are looked at: what it causes is seen before anything is recorded."""

    student = choice(_l("Student"))
    posting = choice(_l("Posting"), required=False, hint=_l("Empty: the student is taken out of theirs."))
    reason = paragraph(
        _l("Reason"), most=1000,
        hint=_l("What it causes tells of lists: the students and companies concerned read your name, the time and this reason."),
    )  # fmt: skip


class WaiverForm(Form):
    """A student into a posting, or out of one, with the word of both sides."""

    student = line("", most=20, widget=HiddenInput())
    posting = line("", most=20, required=False, widget=HiddenInput())
    seen = line(
        "", most=600, widget=HiddenInput()
    )  # that the person has given a reason for looking at this very pair
    reason = paragraph(_l("Reason"), most=2000)
    student_said = line(
        _l("How the student agreed"), hint=_l("For example: in a talk with Ms Mihon, confirmed by mail.")
    )
    student_on = calendar_day(_l("Student agreed on"))
    company_said = line(_l("How the company agreed"))
    company_on = calendar_day(_l("Company agreed on"))


class ReadingForm(Form):
    """Why a list is read."""

    reason = paragraph(
        _l("Reason"), most=1000, hint=_l("The owner of the list reads your name, the time and this reason.")
    )


class KeepForm(Form):
    """Why a result is published though something speaks against it; `seen`: the newest of what the page showed."""

    seen = hidden_number(required=False)
    reason = paragraph(_l("Reason"), most=1000, hint=_l("Why these placements stay as they are."))
