"""The browser's side of a session: the cookie holds the secret and nothing from before the sign-in."""

from __future__ import annotations

import flask_babel
from flask import g, request, session
from flask_login import login_user, logout_user

from portal.accounts.enums import EndReason, SignInMethod
from portal.accounts.models import Person
from portal.accounts.services.sessions import end_session, open_session, rotate_session
from portal.accounts.session import load_actor
from portal.core.access import Actor, current_actor


def begin_session(person: Person, method: SignInMethod) -> Actor:
    """Sign the person in here. An older session of this browser ends; nothing of the old cookie stays."""
    end_here(EndReason.ROTATED)
    token = open_session(
        person=person,
        method=method,
        address=request.remote_addr or "",
        browser=request.user_agent.string or "",
    )
    return _carry(token, person.language)


def renew_session(by: Actor, *, whole: bool = False) -> None:
    """The same session under a new secret, after what it may do has changed."""
    token = rotate_session(by=by, whole=whole)
    if token is None:
        leave(by.language)
    else:
        _carry(token, by.language)


def end_here(reason: EndReason) -> None:
    """End the session that this browser has, if any."""
    present = current_actor()
    if present is not None:
        end_session(person_id=present.id, session_id=present.session_id, reason=reason)


def leave(language: str | None = None) -> None:
    """Forget everything in this browser but the language."""
    logout_user()
    session.clear()
    if language:
        session["language"] = language


def _carry(token: str, language: str) -> Actor:
    person: Actor | None = load_actor(token)
    if person is None:
        raise RuntimeError("a session that was just opened cannot be read")
    session.clear()
    session.permanent = True
    login_user(person)
    session["language"] = language  # the door still speaks it when the session has ended elsewhere
    speak(language)
    return person


def speak(language: str) -> None:
    """What is still said in this request is said in this language."""
    g.language = language
    flask_babel.refresh()
