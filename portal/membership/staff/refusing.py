"""What the office's forms do with a refusal."""

from __future__ import annotations

from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError

from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.integrity import as_refusal
from portal.core.transaction import rollback


def undo_and_refuse(form: FlaskForm, error: Refused | IntegrityError) -> int:
    """Undo what was begun, and say what is wrong; returns the status. A breach that nobody can mend goes on upwards."""
    refusal = error if isinstance(error, Refused) else as_refusal(error)
    rollback()
    if refusal is None:
        raise error
    refuse(form, refusal)
    return refusal.status
