"""What is typed about evaluation sheets and certificates."""

from __future__ import annotations

from portal.core.forms import Form, latin_letters, line, paragraph, tick
from portal.core.i18n import _l


class IssueForm(Form):
    """Sheet and certificate, where the hours are not confirmed for every week."""

    despite_open_weeks = tick(
        _l("Issue them with the hours that are confirmed"),
        hint=_l("What is not confirmed by then stands on no document and can no longer be entered."),
    )
    holder_en = line(
        _l("Name of the student in Latin letters"),
        most=100,
        required=False,
        hint=_l(
            "The student has not entered it. Please make sure of the spelling; a reading of the katakana stands here where there is one."
        ),
        checks=[latin_letters],
    )


class VoidForm(Form):
    """Why a paper no longer holds."""

    reason = paragraph(_l("Reason"), most=1000, required=False)


class VerifyForm(Form):
    """A paper that somebody holds in their hands."""

    number = line(_l("Number of the document"), most=40, hint=_l("Like EVC-2026-000001."))
    code = line(
        _l("Check code"), most=40, hint=_l("Twelve letters and digits, beside the address of this page.")
    )
