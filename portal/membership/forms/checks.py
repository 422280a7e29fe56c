"""What is typed in a form of its own: numbers, readings, postcodes; and pairs as choices."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.accounts.services.organisations import NUMBER_PROBLEMS
from portal.core.i18n import _
from portal.domain.names import check_kana, normalise_kana
from portal.domain.organisation_numbers import check_corporate_number


def offered(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Pairs of value and label as choices."""
    return [SelectChoice(value, label) for value, label in pairs]


def corporate_number(form: FlaskForm, field: Field) -> None:
    """13 digits with a check digit that fits; kept half-width without hyphens."""
    check = check_corporate_number(field.data or "")
    if check.problem is not None:
        raise ValidationError(NUMBER_PROBLEMS[check.problem])
    field.data = check.number


def kana(form: FlaskForm, field: Field) -> None:
    """A reading in katakana; hiragana and half-width letters are turned into it."""
    if not normalise_kana(field.data or ""):
        return
    check = check_kana(field.data)
    if check.problem is not None:
        letters = "".join(check.wrong_characters[:10])
        raise ValidationError(
            _("Please write the reading in katakana. Not katakana: %(letters)s", letters=letters)
        )
    field.data = check.text


POSTAL_CODE = re.compile(r"([0-9]{3})[-\u2010\u2212\u30fc]?([0-9]{4})")


def postal_code(form: Any, field: Any) -> None:
    """Seven digits, kept as 100-0001 however they were typed."""
    if not field.data:
        return
    shape = POSTAL_CODE.fullmatch(unicodedata.normalize("NFKC", field.data))
    if shape is None:
        raise ValidationError(_("Please write seven digits, like 100-0001."))
    field.data = f"{shape[1]}-{shape[2]}"
