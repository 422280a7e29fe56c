"""Fields that read what people type and keep it in sight when it is wrong."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    IntegerField,
    SelectMultipleField,
)
from wtforms.validators import (
    NumberRange,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.i18n import _
from portal.domain.typed import read_day, read_whole_number

EARLIEST_DAY = date(1600, 1, 1)


class CheckboxesField(SelectMultipleField):
    """Several choices as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WholeNumberField(IntegerField):
    """A whole number in half- or full-width digits, with or without commas; `WholeNumberWithin` says what is wrong."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = read_whole_number(valuelist[0]) if valuelist else None


class WholeNumberWithin(NumberRange):
    """One message for everything that is no whole number within the bounds."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.data is None or not self.min <= field.data <= self.max:
            message = _("Please write a whole number from %(least)s to %(most)s, in digits.")
            raise ValidationError(message % {"least": f"{self.min:,}", "most": f"{self.max:,}"})


class DayField(DateField):
    """A calendar day, typed in any way in which pages write one; nonsense is kept on the page beside its message."""

    @property
    def is_unread(self) -> bool:
        """Something was typed that is no day: a date box could not show it."""
        return self.data is None and bool(self._value())

    def _value(self) -> str:
        return self.data.isoformat() if self.data else str(super()._value()).strip()

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        self.data = read_day(text)
        if self.data is None or self.data < EARLIEST_DAY:
            raise ValueError(_("Please write a date that exists, as 2026-04-01 or 1 Apr 2026."))
