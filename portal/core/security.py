"""What every answer carries, and what every request must bring: headers, CSRF, limits."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

from portal.core import sessions
from portal.core.transaction import SAFE_METHODS

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, default_limits=[], headers_enabled=False)

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


def content_security_policy(checkout_origins: str, *, upgrade: bool) -> str:
    """No inline script or style, nothing from elsewhere; forms may lead to the payment provider's page."""
    parts = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        f"form-action 'self' {checkout_origins}".strip(),
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    ]
    return "; ".join([*parts, "upgrade-insecure-requests"] if upgrade else parts)


def init_app(app: Flask) -> None:
    """Headers on every URL, CSRF on every form, limits where a route asks for them."""
    csrf.init_app(app)
    sessions.init_app(app)
    limiter.init_app(app)
    _limit_only_what_writes(app)
    settings = app.extensions["renkei.settings"]
    secure = settings.secure_cookies
    fixed = {
        "Content-Security-Policy": content_security_policy(settings.checkout_origins, upgrade=secure),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if secure:
        fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @app.after_request
    def harden(response: Response) -> Response:
        # the address is a key: it is told to nobody, not even to our own pages
        if b"token=" in request.query_string:
            response.headers["Referrer-Policy"] = "no-referrer"
        there = {name for name, _ in response.headers}  # a page may have its own of some
        response.headers.extend([header for header in fixed.items() if header[0] not in there])
        response.headers["Cache-Control"] = _caching(response.status_code)
        return response


def _limit_only_what_writes(app: Flask) -> None:
    """Reading is never limited here (the proxy does that); looking for limits on every page costs as much as a query."""
    check = limiter._check_request_limit
    app.before_request_funcs[None].remove(check)
    settle = app.after_request_funcs[None].pop()  # the limiter's own: they have just been attached
    release = app.teardown_request_funcs[None].pop()

    @app.before_request
    def check_limits() -> None:
        if request.method not in SAFE_METHODS:
            check()

    @app.after_request
    def settle_limits(response: Response) -> Any:
        return response if request.method in SAFE_METHODS else settle(response)

    @app.teardown_request
    def release_limits(error: BaseException | None) -> None:
        if request.method not in SAFE_METHODS:
            release(error)


def _caching(status: int) -> str:
    """Static files under their fingerprint for a year, never one that is missing; everything else is never stored."""
    if request.endpoint != "static" or status >= 400:
        return "no-store"
    return "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
