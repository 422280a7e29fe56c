"""Proposing a placement before the match, and answering one."""

from __future__ import annotations

from wtforms.widgets import HiddenInput

from portal.core.forms import Form, choice, email, line, paragraph
from portal.core.i18n import _l

WORDS = _l("Why, for everybody who is asked")


class ProposeForm(Form):
    """A student, or a company, proposes; `pair` is `student:posting`."""

    pair = choice(_l("Student and posting"))
    words = paragraph(WORDS, most=1000, required=False)


class OfficeProposeForm(Form):
    """The office proposes."""

    email = email(_l("Mail address of the student"))
    posting = choice(_l("Posting"))
    words = paragraph(WORDS, most=1000, required=False)


class AnswerForm(Form):
    """For which side the person speaks, and what."""

    side = line("", most=20, widget=HiddenInput())
    answer = line("", most=10, widget=HiddenInput())
