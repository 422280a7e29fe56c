"""Switch the language."""

from __future__ import annotations

from flask import redirect, request, session
from werkzeug.wrappers import Response

from portal.accounts.routes.blueprint import blueprint
from portal.accounts.services.languages import known_language, remember_language
from portal.core import access
from portal.core.access import current_actor
from portal.core.links import safe_path


@blueprint.post("/language")
@access.public
def choose_language() -> Response:
    """Remember the language with the person, or in this visit; then back to where the reader was."""
    language = known_language(request.form.get("language", ""))
    person = current_actor()
    if person is not None:
        remember_language(language=language, by=person)
    session["language"] = language
    return redirect(safe_path(request.form.get("next", "").rstrip("?")))
