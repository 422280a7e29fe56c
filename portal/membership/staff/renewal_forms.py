"""The shape of what the office types about renewals."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.core.forms import Form, calendar_day, choice, line, paragraph, whole_number
from portal.core.i18n import _l
from portal.domain.reminder_ladder import read_ladder
from portal.domain.renewal_flow import LONGEST_GRACE_DAYS, LONGEST_SUSPENSION_DAYS
from portal.membership.renewal_forms import AnswerForm
from portal.membership.renewing import DECLINE_LABELS, LADDER_WORDS

FIRST_YEAR, LAST_YEAR = 2000, 2100


def ladder(form: Any, field: Field) -> None:
    """Days around the deadline, inside the days of grace."""
    grace = form.grace_days.data
    check = read_ladder(field.data or "", grace_days=LONGEST_GRACE_DAYS if grace is None else grace)
    if check.problem is not None:
        raise ValidationError(LADDER_WORDS[check.problem])


class CampaignForm(Form):
    """The days of the renewals for one fiscal year."""

    fiscal_year = whole_number(
        _l("Fiscal year that is renewed for"),
        least=FIRST_YEAR,
        most=LAST_YEAR,
        hint=_l("Its first calendar year."),
    )
    offers_on = calendar_day(_l("Offers go out on"))
    deadline_on = calendar_day(_l("Answer by"), hint=_l("Until this day a place is held for each member."))
    grace_days = whole_number(
        _l("Days of grace"),
        most=LONGEST_GRACE_DAYS,
        hint=_l("After the deadline, or after the day for the money: it can still be made good."),
    )
    suspension_days = whole_number(
        _l("Days of suspension"),
        most=LONGEST_SUSPENSION_DAYS,
        hint=_l("After grace; then the renewal lapses, but never before the fiscal year begins."),
    )
    ladder = line(
        _l("Reminders"),
        most=120,
        required=False,
        checks=[ladder],
        hint=_l("Days before (-) and after the deadline, parted by commas: -90, -60, -30, 0, 14, 30."),
    )

    def days(self) -> dict[str, Any]:
        """As the services take them."""
        steps = read_ladder(self.ladder.data or "", grace_days=self.grace_days.data).steps
        return self.values() | {"ladder": list(steps)}


class UntilForm(AnswerForm):
    """A new day, and why."""

    until = calendar_day(_l("New day"))
    reason = paragraph(_l("Reason"), most=1000, hint=_l("It stands in the timeline, which the company sees."))


class TelephoneForm(AnswerForm):
    """A company that told us that it does not renew."""

    reason = choice(
        _l("Reason"),
        choices=[SelectChoice(r.value, words) for r, words in DECLINE_LABELS.items()],
        radio=True,
    )
    note = paragraph(
        _l("Who told us, when and how"),
        most=1000,
        hint=_l("It stands in the timeline, which the company sees."),
    )
