"""The fields of forms: each trimmed, with a length, refusing what cannot be held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
)
from wtforms.validators import (
    InputRequired,
    Length,
    Optional,
    Regexp,
)
from wtforms.widgets import HiddenInput

from portal.core.forms.checks import (
    clean,
    mail_address,
    no_control_characters,
    printable,
    single_line,
    with_scheme,
)
from portal.core.forms.types import CheckboxesField, DayField, WholeNumberField, WholeNumberWithin
from portal.core.i18n import _l

MAX_LINE = 200
MAX_PARAGRAPH = 4000
FILL_IN = _l("Please fill in this field.")
TICK_ONE = _l("Please choose at least one.")


def _needed(required: bool, message: Any = FILL_IN) -> list[Any]:
    if required:
        return [InputRequired(message)]
    return [Optional()]


def _length(most: int) -> Length:
    return Length(max=most, message=_l("Please keep this to %(max)d characters."))


def _text(
    kind: Any, label: Any, most: int, required: bool, extra: Sequence[Any], hint: Any, **more: Any
) -> Any:
    checks = [no_control_characters, *_needed(required), _length(most), *extra]
    return kind(label, description=hint, validators=checks, filters=[clean], **more)


def line(
    label: Any,
    *,
    most: int = MAX_LINE,
    required: bool = True,
    hint: Any = "",
    checks: Sequence[Any] = (),
    **more: Any,
) -> Any:
    """One line of text."""
    return _text(StringField, label, most, required, [single_line, printable, *checks], hint, **more)


def paragraph(
    label: Any,
    *,
    most: int = MAX_PARAGRAPH,
    required: bool = True,
    hint: Any = "",
    checks: Sequence[Any] = (),
    **more: Any,
) -> Any:
    """Several lines of text."""
    return _text(TextAreaField, label, most, required, checks, hint, **more)


def email(
    label: Any, *, required: bool = True, hint: Any = "", checks: Sequence[Any] = (), **more: Any
) -> Any:
    """A mail address; its key form is checked by accounts."""
    return _text(EmailField, label, 254, required, [single_line, mail_address, *checks], hint, **more)


def telephone(label: Any, *, required: bool = True, hint: Any = "", **more: Any) -> Any:
    """A telephone number: digits, hyphens, brackets, a leading plus; half or full width."""
    shape = Regexp(
        r"^[+＋]?[0-9０-９()（）\-－‐ー 　]{8,24}$",
        message=_l("Please write a telephone number, like 03-1234-5678."),
    )
    return _text(TelField, label, 30, required, [single_line, shape], hint, **more)


def web_address(label: Any, *, required: bool = True, hint: Any = "", **more: Any) -> Any:
    """An http or https address; `example.com` is taken as https://example.com."""
    shape = Regexp(
        r"^https?://[^\s<>\"']{3,}$", message=_l("Please write a web address, like https://example.com.")
    )
    return _text(URLField, label, 300, required, [single_line, with_scheme, shape], hint, **more)


def password(label: Any, *, required: bool = True, hint: Any = "", **more: Any) -> Any:
    """A password, neither trimmed nor composed, at most 256 characters."""
    return PasswordField(label, description=hint, validators=[*_needed(required), _length(256)], **more)


def whole_number(
    label: Any,
    *,
    least: int = 0,
    most: int = 2_000_000_000,
    required: bool = True,
    hint: Any = "",
    checks: Sequence[Any] = (),
    **more: Any,
) -> Any:
    """A whole number within bounds; full-width digits and commas are read."""
    checks = [*_needed(required), WholeNumberWithin(min=least, max=most), *checks]
    return WholeNumberField(label, description=hint, validators=checks, **more)


def hidden_number(*, required: bool = True, default: int | None = None) -> Any:
    """A number that the page carries along: a row, or how often it was saved."""
    return whole_number("", least=1, most=2**62, required=required, default=default, widget=HiddenInput())


def calendar_day(
    label: Any, *, required: bool = True, hint: Any = "", checks: Sequence[Any] = (), **more: Any
) -> Any:
    """A day; a date box where nothing or a day stands in it."""
    return DayField(label, description=hint, validators=[*_needed(required), *checks], **more)


def tick(label: Any, *, must: bool = False, hint: Any = "", must_message: Any = None, **more: Any) -> Any:
    """A box to tick; with `must` it has to be ticked."""
    checks = [InputRequired(must_message or _l("Please tick this box to continue."))] if must else []
    return BooleanField(label, description=hint, validators=checks, **more)


def choice(
    label: Any, *, choices: Any = (), required: bool = True, hint: Any = "", radio: bool = False, **more: Any
) -> Any:
    """One of several; a value that is not offered is refused."""
    kind = RadioField if radio else SelectField
    return kind(label, description=hint, choices=choices, validators=_needed(required), **more)


def several(label: Any, *, choices: Any = (), required: bool = False, hint: Any = "", **more: Any) -> Any:
    """Any number of boxes out of several."""
    return CheckboxesField(
        label, description=hint, choices=choices, validators=_needed(required, TICK_ONE), **more
    )
