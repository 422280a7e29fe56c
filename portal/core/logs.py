"""One JSON line per request and per event, each with the request's id."""

from __future__ import annotations

import logging
import secrets
import sys
import time
from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, Response, g, has_app_context, request

from portal.core.access import current_actor
from portal.core.json_lines import JsonLine

log = structlog.get_logger()


def configure(level: str) -> None:
    """Send structlog and the standard library's logging to standard output as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper(), logging.INFO)),
        logger_factory=_Lines,
        cache_logger_on_first_use=True,
    )
    foreign = logging.StreamHandler(sys.stdout)
    foreign.setFormatter(JsonLine())
    logging.basicConfig(handlers=[foreign], level=logging.WARNING)


class _Lines:
    """Standard output. When nobody takes the line (a full disk, a closed pipe) the request goes on: it may be committed."""

    def __init__(self, *names: object) -> None:
        pass

    def msg(self, line: str) -> None:
        with suppress(OSError):
            print(line, flush=True)  # noqa: T201

    debug = info = warning = error = critical = msg


def current_request_id() -> str:
    """The id of the request under way; empty outside one."""
    return str(g.get("request_id", "")) if has_app_context() else ""


def _request_id() -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if given.isalnum() and 8 <= len(given) <= 64 else secrets.token_hex(16)


def init_app(app: Flask) -> None:
    """Give every request an id, and write its line when it is answered."""

    @app.before_request
    def begin() -> None:
        g.request_id = _request_id()
        g.began = time.perf_counter()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint not in ("static", "house.healthz"):
            log.info("request", **_line(response))
        return response

    @app.teardown_request
    def forget(error: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request_id")


def _line(response: Response) -> dict[str, Any]:
    person = current_actor() if "_login_user" in g else None
    return {
        "method": request.method,
        "endpoint": request.endpoint,
        "subject": _numbers(request.view_args),
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
        "person": person.id if person else None,
        "address": request.remote_addr,
    }


def _numbers(arguments: dict[str, Any] | None) -> dict[str, int] | None:
    """Which rows the address names. Words in it may be secrets, so they stay out of the log, as the query does."""
    return {name: value for name, value in (arguments or {}).items() if isinstance(value, int)} or None
