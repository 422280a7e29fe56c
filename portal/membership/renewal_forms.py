"""The shape of what a member types about its renewal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from portal.core.forms import Form, calendar_day, choice, line, not_in_future, paragraph, tick, whole_number
from portal.core.i18n import _l
from portal.membership.renewing import DECLINE_LABELS
from portal.membership.services.eligibility import LARGEST_COMPANY
from portal.membership.services.renewals import Facts


class AnswerForm(Form):
    """`seen` is the version of the renewal that the page showed, `versions` the wordings."""

    seen = HiddenField()

    @property
    def seen_version(self) -> int:
        """As a number; nonsense counts as never seen."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


class FactsForm(AnswerForm):
    """With what a tier may depend on; taken off where it is not asked."""

    def ask_only(self, asked: Iterable[str]) -> None:
        """Take the facts off that are not asked."""
        for name in {"employees", "founded_on"} - set(asked):
            if name in self:
                delattr(self, name)

    @property
    def facts(self) -> Facts:
        """What was told of the company."""
        employees = self["employees"].data if "employees" in self else None
        return Facts(employees, self["founded_on"].data if "founded_on" in self else None)


class RenewForm(FactsForm):
    """Renew."""

    versions = HiddenField()
    employees = whole_number(
        _l("Employees"),
        most=LARGEST_COMPANY,
        hint=_l("Regular employees of this legal entity alone, as of today."),
    )
    founded_on = calendar_day(_l("Date of founding"), checks=[not_in_future])
    purchase_order = line(
        _l("Purchase order number"), most=60, required=False, hint=_l("It is printed on the invoice.")
    )
    accept = tick(_l("We accept these wordings for the new year"), must=True)

    @property
    def shown(self) -> list[int]:
        """Numbers of the wordings that the page showed."""
        parts = (self.versions.data or "").split(",")
        return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19]


class TierChoiceForm(FactsForm):
    """Another tier for the next year, and what it depends on."""

    tier = choice(_l("Membership tier"), radio=True)
    employees = whole_number(
        _l("Employees"),
        most=LARGEST_COMPANY,
        required=False,
        hint=_l("Regular employees of this legal entity alone, as of today."),
    )
    founded_on = calendar_day(_l("Date of founding"), required=False, checks=[not_in_future])


class DeclineForm(AnswerForm):
    """Not this time, and why."""

    reason = choice(
        _l("Reason"),
        choices=[SelectChoice(r.value, words) for r, words in DECLINE_LABELS.items()],
        radio=True,
    )
    note = paragraph(_l("In your own words"), most=1000, required=False)


def fill(form: AnswerForm, **values: Any) -> None:
    """Set hidden fields for a page that is shown anew."""
    for name, value in values.items():
        form[name].data = value
