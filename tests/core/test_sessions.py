"""The session cookie: whose signature counts, and that no host's clock does."""

from __future__ import annotations

import pytest
from flask import Flask
from itsdangerous import TimestampSigner


def written(app: Flask) -> str:
    """A cookie as it is sent, holding `seen`."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps({"seen": "yes"}))


def read(app: Flask, cookie: str) -> str:
    """What a request finds in it."""
    sent = {"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}"}
    with app.test_request_context(headers=sent) as request:
        return str(request.session.get("seen", ""))


@pytest.mark.parametrize("ahead", [-40 * 24 * 3600, -1, 1, 30, 3600])
def test_a_host_with_another_clock_reads_it(app: Flask, monkeypatch: pytest.MonkeyPatch, ahead: int) -> None:
    """Mutant: Flask's own reading, which refuses a signature from a second ahead."""
    now = TimestampSigner("-").get_timestamp()
    with monkeypatch.context() as other:
        other.setattr(TimestampSigner, "get_timestamp", lambda self: now + ahead)
        cookie = written(app)
    assert read(app, cookie) == "yes"


def test_another_key_reads_nothing_and_an_older_one_does(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: what signs is made ready once an application."""
    cookie, old = written(app), app.config["SECRET_KEY"]
    assert read(app, cookie) == "yes"
    assert read(app, cookie[:-1] + ("A" if cookie[-1] != "A" else "B")) == ""
    monkeypatch.setitem(app.config, "SECRET_KEY", "the new key, as long as it must be, at least")
    assert read(app, cookie) == ""
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old])
    assert read(app, cookie) == "yes"
    assert read(app, written(app)) == "yes"
