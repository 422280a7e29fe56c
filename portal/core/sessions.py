"""The session cookie and the token of forms: Flask's and Flask-WTF's own, without making their tools anew per request."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, current_app, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer

VISITS_KEPT = 4096


class SignedCookies(SecureCookieSessionInterface):
    """Flask's session cookie; what signs it is made ready once an application."""

    def __init__(self) -> None:
        self._ready = lru_cache(maxsize=1)(super().get_signing_serializer)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._ready(app)


def csrf_token() -> str:
    """The token for the forms of this page, signed once a visit (it has no time limit, only its session's)."""
    secret = session.get("csrf_token")
    if "csrf_token" not in g and isinstance(secret, str):
        g.csrf_token = _signed(str(current_app.secret_key), secret)
    return str(g.csrf_token if "csrf_token" in g else generate_csrf())


@lru_cache(maxsize=VISITS_KEPT)
def _signed(key: str, secret: str) -> str:
    """As `flask_wtf.csrf.generate_csrf` signs it, which also checks it."""
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret))


def init_app(app: Flask) -> None:
    """Use both; call after Flask-WTF has been attached."""
    app.session_interface = SignedCookies()
    app.template_context_processors[None].pop()  # Flask-WTF's: it would hide our token from the templates
    app.jinja_env.globals["csrf_token"] = csrf_token
