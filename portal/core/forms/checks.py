"""What is refused in any field: what no database, page or document can hold, and what is plainly no such thing."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    Field,
)
from wtforms.validators import (
    StopValidation,
    ValidationError,
)

from portal.core import clock
from portal.core.i18n import _
from portal.core.pdf import unprintable
from portal.domain.typed import wide_letters

BARE_ADDRESS = re.compile(r"(?![A-Za-z]+:)[\w-]+(\.[\w-]+)+(:[0-9]+)?([/?#]\S*)?")


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


def with_scheme(form: FlaskForm, field: Field) -> None:
    """Puts https:// before an address that was typed without."""
    if BARE_ADDRESS.fullmatch(field.data or ""):
        field.data = f"https://{field.data}"


def latin_letters(form: FlaskForm, field: Field) -> None:
    """Refuses Japanese where English is asked for; full-width Latin letters are turned into plain ones."""
    text = unicodedata.normalize("NFKC", field.data or "")
    wide = wide_letters(text)
    if wide:
        strange = "".join(wide[:10])
        raise ValidationError(
            _("Please write this in Latin letters. Not Latin: %(letters)s", letters=strange)
        )
    field.data = text


def not_in_future(form: FlaskForm, field: Field) -> None:
    """Refuses a day that has not come yet in Japan."""
    if field.data is not None and field.data > clock.today():
        raise ValidationError(_("This day lies in the future. Please check it."))


def mail_address(form: FlaskForm, field: Field) -> None:
    """A plausible address: one @, an ASCII local part, a dot in the domain."""
    value = field.data or ""
    local, at, domain = value.rpartition("@")
    if not at or not local.isascii() or " " in value or "." not in domain.strip(".") or len(local) > 64:
        raise ValidationError(_("Please write a mail address, like taro@example.co.jp."))
