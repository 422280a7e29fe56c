"""A note on a career."""

from __future__ import annotations

from portal.core.forms import Form, hidden_number, paragraph
from portal.core.i18n import _l


class NoteForm(Form):
    """The words; `corrects_id`: the note that they put right."""

    words = paragraph(
        _l("Text of the note"),
        most=4000,
        hint=_l("Career support alone reads it. It cannot be changed or deleted afterwards."),
    )
    corrects_id = hidden_number(required=False)
