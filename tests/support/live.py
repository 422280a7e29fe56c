"""The application behind a real port, for a real browser, with the clock of the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.accounts.models import Person
from tests.support.people import open_session

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


class Quiet(WSGIRequestHandler):
    """Says nothing of requests."""

    def log_request(self, *what: object) -> None:
        """Nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Its address on loopback, at a free port, until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


def seat(
    browser: Browser, app: Flask, url: str, who: Person, *, narrow: bool = False, scripted: bool = True
) -> BrowserContext:
    """A browser profile of somebody who is signed in."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    value = str(serializer.dumps({"_user_id": open_session(who), "_fresh": True, "_permanent": True}))
    context = browser.new_context(
        viewport=NARROW if narrow else WIDE,  # type: ignore[arg-type]
        locale="ja-JP", timezone_id="Asia/Tokyo", java_script_enabled=scripted, reduced_motion="reduce",
    )  # fmt: skip
    context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": url}])
    return context
