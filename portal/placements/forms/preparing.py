"""What is typed before an internship starts, and to end it."""

from __future__ import annotations

from flask_wtf.file import FileField

from portal.core.forms import Form, calendar_day, hidden_number, paragraph
from portal.core.i18n import _l


class PeriodForm(Form):
    """First and last day; `version` is what the page showed."""

    starts_on = calendar_day(_l("First day"))
    ends_on = calendar_day(_l("Last day"))
    version = hidden_number()


class StepForm(Form):
    """A button; `version` is what the page showed."""

    version = hidden_number()


class PaperForm(Form):
    """A document of the checklist."""

    file = FileField(_l("Document"), description=_l("A PDF, a picture or an Office file up to 10 MB."))


class WhyForm(Form):
    """A step with its reason."""

    reason = paragraph(_l("Reason"), most=2000, required=False)
    version = hidden_number(required=False)


class DueForm(Form):
    """Another day by which an item is due."""

    due_on = calendar_day(_l("To be done by"))


class EndForm(Form):
    """The office ends an internship early: with evaluations of both sides, or calls it off."""

    last_on = calendar_day(_l("Last day of work"))
    version = hidden_number()
