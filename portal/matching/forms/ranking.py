"""One step in a list; the page sends which entry, which step, and what it showed."""

from __future__ import annotations

from wtforms.validators import AnyOf
from wtforms.widgets import HiddenInput

from portal.core.forms import Form, hidden_number, line, tick, whole_number
from portal.domain.internships.ranking import OF_ONE_LIST, Step

MOST_PLACES = 9_999


class StepForm(Form):
    """`place` (from 0) is where an entry was dropped; without it `step` counts."""

    posting = hidden_number()
    step = line(
        "",
        most=10,
        required=False,
        checks=(AnyOf(OF_ONE_LIST),),
        widget=HiddenInput(),
    )
    place = whole_number("", least=0, most=MOST_PLACES, required=False, widget=HiddenInput())
    version = whole_number("", least=0, most=2**31 - 1, widget=HiddenInput())


class TierForm(Form):
    """A step in a company's ranking. `gap`: a tier of one's own before the tier of this number (from 0); `beside`: tied with them;
    `rest`: all undecided ones tied at the end."""

    student = hidden_number(required=False)
    step = line("", most=10, required=False, checks=(AnyOf(list(Step)),), widget=HiddenInput())
    gap = whole_number("", least=0, most=MOST_PLACES, required=False, widget=HiddenInput())
    beside = hidden_number(required=False)
    rest = tick("", widget=HiddenInput())
    version = whole_number("", least=0, most=2**31 - 1, widget=HiddenInput())
