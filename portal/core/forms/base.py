"""What all forms have: CSRF, the once-key, values as keywords for a service, and where a refusal shows."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    FileField,
    HiddenField,
)
from wtforms.widgets import HiddenInput

from portal.core.errors import Refused

_ONCE = re.compile(
    r"[A-Za-z0-9_-]{1,64}"
)  # the house's own keys hold a colon: nobody can take one beforehand


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
        if not _ONCE.fullmatch(self.once.data or ""):
            self.once.data = uuid.uuid4().hex

    @property
    def deed(self) -> str:
        """The once-key together with what was typed: sent again it is the same deed, with another amount it is another."""
        typed = repr(sorted((name, str(value)) for name, value in self.values().items()))
        return f"{self.once.data}-{hashlib.blake2b(typed.encode(), digest_size=6).hexdigest()}"

    def hidden_tag(self, *fields: Any) -> Markup:
        """The hidden fields without ids: a page may hold several forms, and nothing points at these."""
        hidden = [field for field in fields or self if isinstance(field.widget, HiddenInput)]
        return Markup("\n").join(field(id=False) for field in hidden)

    def values(self) -> dict[str, Any]:
        """What was typed, without the envelope."""
        return {n: f.data for n, f in self._fields.items() if n not in {"csrf_token", "once", "submit"}}


def tell_apart(form: FlaskForm, key: object) -> None:
    """Ids of its own for each field, on a page where the form stands several times."""
    for field in form:
        field.id = field.label.field_id = f"{field.short_name}-{key}"


def refuse(form: FlaskForm, refused: Refused) -> None:
    """Put a service's refusal at its field, or above the form when it has none here."""
    target = form._fields.get(refused.field or "")
    if target is None:
        form.form_errors.append(refused.message)
    else:
        target.errors = [*target.errors, refused.message]


def refuse_all(form: FlaskForm, refused: Refused) -> None:
    """As `refuse`, for a refusal that names several fields at once: its `messages` by field."""
    found = getattr(refused, "messages", None) or {refused.field: refused.message}
    for field, message in found.items():
        refuse(form, Refused(message, field=field))
