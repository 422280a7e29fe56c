"""Forms check the shape of input only; rules live in services and come back through `refuse`.

Every text field is trimmed, has a length, and refuses control characters, so that no form meets the database with
something that it cannot hold.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
)
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    StopValidation,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core import clock
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.core.pdf import unprintable
from portal.domain.typed import read_day, read_whole_number

MAX_LINE = 200
MAX_PARAGRAPH = 4000
BARE_ADDRESS = re.compile(r"(?![A-Za-z]+:)[\w-]+(\.[\w-]+)+(:[0-9]+)?([/?#]\S*)?")
EARLIEST_DAY = date(1600, 1, 1)


class Form(FlaskForm):
    """Base of all forms: CSRF, the once-key, and the values as keywords for a service."""

    class Meta(FlaskForm.Meta):
        """Where the words of a form come from."""

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """What was sent as a form: a file counts only where one is asked for, and JSON never."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            places = {field.name for field in form if isinstance(field, FileField)}
            files = [pair for pair in request.files.items(multi=True) if pair[0] in places]
            sent = form.is_submitted() and bool(files or request.form)
            return CombinedMultiDict([MultiDict(files), request.form]) if sent else None

    once = HiddenField()  # one-time key: the same key again returns the first result

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.once.data or len(self.once.data) > 64 or not self.once.data.isascii():
            self.once.data = uuid.uuid4().hex

    def values(self) -> dict[str, Any]:
        """What was typed, without the envelope."""
        return {n: f.data for n, f in self._fields.items() if n not in {"csrf_token", "once", "submit"}}


FILL_IN = _l("Please fill in this field.")
TICK_ONE = _l("Please choose at least one.")


def refuse(form: FlaskForm, refused: Refused) -> None:
    """Put a service's refusal at its field, or above the form when it has none here."""
    target = form._fields.get(refused.field or "")
    if target is None:
        form.form_errors.append(refused.message)
    else:
        target.errors = [*target.errors, refused.message]


def clean(value: Any) -> Any:
    """Trimmed and composed (NFC) text, empty where none was sent; anything else unchanged."""
    if value is None:
        return ""
    return unicodedata.normalize("NFC", value.strip()) if isinstance(value, str) else value


def no_control_characters(form: FlaskForm, field: Field) -> None:
    """Refuses NUL, other control characters (but line breaks and tabs) and lone surrogates."""
    for character in field.data or "":
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t":
            raise StopValidation(_("Please remove the invisible control character from this field."))


def single_line(form: FlaskForm, field: Field) -> None:
    """Refuses line breaks where one line is meant."""
    if any(character in "\n\r\u2028\u2029" for character in field.data or ""):
        raise StopValidation(_("Please write this on one line."))


# What the documents' fonts are known to hold; only other characters are tried.
ORDINARY = re.compile(r"[\s -~¡-¬®-ſ‐-‧　-〿ぁ-ゖ゙-ヿ一-鿯！-ﾟ]*")


def printable(form: FlaskForm, field: Field) -> None:
    """Refuses characters that no document can show (pictographs, private ones): names end up on invoices."""
    text = field.data or ""
    if not ORDINARY.fullmatch(text) and (strange := unprintable(text)):
        message = _(
            "These characters cannot be printed on documents: %(characters)s", characters=" ".join(strange)
        )
        raise StopValidation(message)


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


def with_scheme(form: FlaskForm, field: Field) -> None:
    """Puts https:// before an address that was typed without."""
    if BARE_ADDRESS.fullmatch(field.data or ""):
        field.data = f"https://{field.data}"


def latin_letters(form: FlaskForm, field: Field) -> None:
    """Refuses Japanese where English is asked for; full-width Latin letters are turned into plain ones."""
    text = unicodedata.normalize("NFKC", field.data or "")
    wide = dict.fromkeys(c for c in text if unicodedata.east_asian_width(c) in ("W", "F"))
    if wide:
        strange = "".join(list(wide)[:10])
        raise ValidationError(
            _("Please write this in Latin letters. Not Latin: %(letters)s", letters=strange)
        )
    field.data = text


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


def calendar_day(
    label: Any, *, required: bool = True, hint: Any = "", checks: Sequence[Any] = (), **more: Any
) -> Any:
    """A day as yyyy-mm-dd."""
    return DayField(label, description=hint, validators=[*_needed(required), *checks], **more)


def not_in_future(form: FlaskForm, field: Field) -> None:
    """Refuses a day that has not come yet in Japan."""
    if field.data is not None and field.data > clock.today():
        raise ValidationError(_("This day lies in the future. Please check it."))


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


def mail_address(form: FlaskForm, field: Field) -> None:
    """A plausible address: one @, an ASCII local part, a dot in the domain."""
    value = field.data or ""
    local, at, domain = value.rpartition("@")
    if not at or not local.isascii() or " " in value or "." not in domain.strip(".") or len(local) > 64:
        raise ValidationError(_("Please write a mail address, like taro@example.co.jp."))


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
    """A calendar day; nonsense is kept on the page beside its message."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        self.data = read_day(text)
        if self.data is None or self.data < EARLIEST_DAY:
            raise ValueError(_("Please write a date that exists, as 2026-04-01."))
