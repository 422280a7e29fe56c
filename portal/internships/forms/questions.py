"""Questions, answers, and the office's remarks; `version` is what the page showed."""

from __future__ import annotations

from portal.core.forms import Form, hidden_number, paragraph, tick
from portal.core.i18n import _l


class AskForm(Form):
    """A company asks about an applicant."""

    words = paragraph(
        _l("Your question"),
        most=2000,
        hint=_l(
            "The career-support office reads it and forwards it. Please write no addresses or telephone numbers."
        ),
    )


class AskCompanyForm(AskForm):
    """A student asks about a posting."""

    is_named = tick(_l("The company may read my name"))


class RewordForm(AskForm):
    """In other words."""

    version = hidden_number()


class AnswerQuestionForm(Form):
    """The answer."""

    answer = paragraph(
        _l("Your answer"),
        most=2000,
        hint=_l(
            "The career-support office reads it and forwards it. Please write no addresses or telephone numbers."
        ),
    )
    version = hidden_number()


class ForwardForm(Form):
    """The office hands it on, or asks for other words."""

    remark = paragraph(_l("What should be said otherwise"), most=1000, required=False)
    version = hidden_number()
