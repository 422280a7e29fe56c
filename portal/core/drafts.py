"""What an autosave answers: kept, a newer version stands, or what is wrong and at which field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.errors import OutOfDate, Refused
from portal.core.formats import moment
from portal.core.forms import Form, refuse_all
from portal.core.i18n import _
from portal.core.transaction import rollback


def draft_answer(
    form: Form, save: Callable[[], int], standing: Callable[[], dict[str, str]] | None = None
) -> Response:
    """200 with the time and the version that stands now; 409 where somebody else saved a newer one; 422 names the first field.

    `standing` gives when and by whom the newer version was saved (`at`, `by`), where the page can show both.
    """
    if not form.validate():
        return _wrong(form, 422)
    try:
        version = save()
    except OutOfDate as late:
        rollback()
        return _told(409, late.message, **({"saved": standing()} if standing else {}))
    except Refused as refused:
        rollback()
        refuse_all(form, refused)
        return _wrong(form, refused.status)
    return jsonify(saved_at=moment(clock.now()), version=version)


def _wrong(form: Form, status: int) -> Response:
    found = next((field for field in form if field.errors), None)
    if found is None:
        return _told(status, " ".join(str(error) for error in form.form_errors))
    words = _("%(field)s: %(problem)s", field=found.label.text, problem=found.errors[0])
    return _told(status, words, field=found.name)


def _told(status: int, message: Any, **more: Any) -> Response:
    response = jsonify(message=str(message), **more)
    response.status_code = status
    return response
