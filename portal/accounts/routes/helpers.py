"""What several of these pages do."""

from __future__ import annotations

from typing import Any

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.cookies import begin_session
from portal.accounts.enums import SignInMethod
from portal.accounts.models import Person
from portal.accounts.services.passkeys import LONGEST_ANSWER
from portal.core.access import Actor, actor
from portal.core.errors import Refused
from portal.core.i18n import _
from portal.core.links import safe_path
from portal.core.pages import json_body


def enter(person: Person, method: SignInMethod, wanted: str) -> str:
    """Sign the person in; gives where to go: the second factor first, where one is asked for."""
    return way_on(begin_session(person, method), wanted)


def way_on(person: Actor, wanted: str) -> str:
    """Where a signed-in person goes: to what is missing, else to `wanted`."""
    if person.needs_second_factor:
        return url_for("accounts.confirm_second_factor", next=wanted)
    if person.must_enrol:
        return url_for("accounts.show_security")
    return wanted


def second_factor_first() -> Response | None:
    """On pages that a half session may open to set up a factor: not before an existing one is confirmed."""
    return redirect(url_for("accounts.confirm_second_factor")) if actor().needs_second_factor else None


def wanted_path() -> str:
    """The page that the visitor was on the way to."""
    return safe_path(request.values.get("next"))


def secret_argument() -> str:
    """The secret of a link, from the address or the form."""
    return request.values.get("token", "")[:200]


def device_answer() -> dict[str, Any]:
    """What a passkey's device says; raises Refused when it is no such thing."""
    answer = json_body() if (request.content_length or 0) <= LONGEST_ANSWER else None
    if answer is None:
        raise Refused(_("This passkey was not accepted. Please try again, or choose another way."))
    return answer


def tell_script(refused: Refused) -> tuple[Response, int]:
    """A refusal for the small script beside a passkey button."""
    return jsonify(message=str(refused)), refused.status
