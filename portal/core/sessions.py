"""The session cookie and the token of forms: Flask's and Flask-WTF's own, without making their tools anew per request."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, Request, current_app, g, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

VISITS_KEPT = 4096


class SignedCookies(SecureCookieSessionInterface):
    """Flask's session cookie; what signs it is made ready once a key.

    Its age is not asked: the session's row says when it ends, and a host whose clock is a second behind would refuse
    what another has just signed.
    """

    def __init__(self) -> None:
        self._ready: dict[tuple[str, ...], URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys = (str(app.secret_key), *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if keys not in self._ready:
            self._ready[keys] = super().get_signing_serializer(app)
        return self._ready[keys]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        signer, kept = self.get_signing_serializer(app), request.cookies.get(self.get_cookie_name(app))
        if signer is None or not kept:
            return self.session_class()
        try:
            return self.session_class(signer.loads(kept))
        except BadSignature:
            return self.session_class()


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
