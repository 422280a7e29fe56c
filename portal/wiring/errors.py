"""What people see when something goes wrong: what happened, and the next step."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, g, make_response, render_template, request, session
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.core import integrity
from portal.core.access import ask_nobody
from portal.core.errors import NotFound, Refused
from portal.core.i18n import _l, visitor_language
from portal.core.transaction import let_go, rollback
from portal.wiring.resting import is_passing, what_was_sent

KNOWN = frozenset({400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503})
WITH_A_WAY_BACK = frozenset({409, 422, 429})
PAGES = {405: 400, 415: 422}  # statuses that share a page with another
STALE = _l(
    "This page was open for too long or in another sign-in. Go back, reload the page and send it again."
)
log = structlog.get_logger()


def error_page(status: int, message: object = "") -> Response:
    """The page for a status. The pages of our own failures ask the database nothing: it may be what failed."""
    if status >= 500:
        ask_nobody()
        session.pop("_flashes", None)  # what was to be said of a success
        g.setdefault("language", visitor_language())
    shown = {"message": message, "request_id": g.get("request_id", ""), "back": _page_before(status)}
    if status == 503:
        shown["again"] = what_was_sent()
    try:
        return make_response(render_template(f"errors/{PAGES.get(status, status)}.html", **shown), status)
    except SQLAlchemyError as error:
        if status >= 500:
            raise
        return _unavailable(error)


def init_app(app: Flask) -> None:
    """Attach the handlers."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(NotFound, lambda error: error_page(404))
    app.register_error_handler(Refused, lambda error: error_page(error.status, error.message))
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(DataError, lambda error: error_page(422))
    app.register_error_handler(StatementError, _statement)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(InterfaceError, _unavailable)
    app.register_error_handler(Exception, _unexpected)


def _page_before(status: int) -> str:
    """The page of ours whose button was refused, to go back to; empty when the browser does not say."""
    if status not in WITH_A_WAY_BACK or request.method == "GET":
        return ""
    try:
        before, adapter = urlsplit(request.referrer or ""), current_app.create_url_adapter(request)
        if before.netloc != request.host or adapter is None:
            return ""
        adapter.match(before.path, method="GET")
    except (ValueError, HTTPException):
        return ""
    return before.path + (f"?{before.query}" if before.query else "")


def _http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return error.get_response()  # a redirect of the router
    if (cause := getattr(error, "original_exception", None)) is not None:
        return _unexpected(cause)  # what came after the view, as a commit that failed
    status = error.code or 500
    response = error_page(status if status in KNOWN else 500 if status >= 500 else 400)
    response.headers.extend(h for h in error.get_headers() if h[0] in ("Allow", "Retry-After"))
    return response


def _stale_form(error: CSRFError) -> Response:
    return error_page(400, STALE)


def _too_many(error: RateLimitExceeded) -> Response:
    response = error_page(429)
    response.headers["Retry-After"] = str(error.limit.limit.get_expiry()) if error.limit else "60"
    return response


def _integrity(error: IntegrityError) -> Response:
    refusal = integrity.as_refusal(error)
    rollback()
    if refusal is not None:
        return error_page(409, refusal.message)
    return _unexpected(error)


def _statement(error: StatementError) -> Response:
    """A value that no column can hold came through a URL or a header: the request is at fault."""
    rollback()
    if isinstance(error.orig, (OverflowError, UnicodeEncodeError, ValueError)):
        return error_page(400)
    return _unexpected(error)


def _unavailable(error: Exception) -> Response:
    let_go()
    log.error("resting", endpoint=request.endpoint, reason=str(getattr(error, "orig", error))[:200])
    response = error_page(503)
    response.headers["Retry-After"] = "10"
    return response


def _unexpected(error: Exception) -> Response:
    if is_passing(error):
        return _unavailable(error)
    let_go()
    log.error("unexpected", endpoint=request.endpoint, exc_info=error)
    return error_page(500)
