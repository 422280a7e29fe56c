"""When the database is away the portal says so, and comes back by itself."""

from __future__ import annotations

from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from flask import Flask

from portal.core import db as database
from portal.core.db import db
from portal.core.transaction import transaction
from portal.settings import Mode, Settings
from portal.wiring import create_app
from tests.support.browser import Browser
from tests.support.people import company, open_session, person
from tests.support.reader import Reader
from tests.support.settings import settings_for


@pytest.fixture
def adrift(tmp_path: Path) -> Flask:
    """An application whose database lies in a folder that is not there."""
    return create_app(settings_for(f"sqlite:///{tmp_path / 'nowhere' / 'portal.db'}"))


def test_a_page_that_needs_the_database_is_unavailable_without_a_trace(adrift: Flask) -> None:
    answer = adrift.test_client().get("/")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "Traceback" not in text
    assert "<h1>" in text


def test_it_is_unavailable_for_somebody_signed_in_too(adrift: Flask) -> None:
    client = adrift.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "whoever"
    assert client.get("/").status_code == 503
    assert client.post("/language", data={"language": "en"}).status_code in (400, 404, 503)


def test_the_process_is_alive_and_not_ready(adrift: Flask) -> None:
    client = adrift.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_it_recovers_when_the_database_is_back(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'later' / 'portal.db'}"))
    app.test_client_class = Browser
    client = app.test_client()
    before = client.get("/").status_code
    (tmp_path / "later").mkdir()
    with app.app_context():
        with transaction():
            db.create_all()
        token = open_session(person(at=company(), roles=()))
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert (before, client.get("/faq").status_code) == (503, 200)
    with app.app_context():
        db.engine.dispose()


@pytest.mark.sqlite
def test_a_writer_that_waits_in_vain_is_told_to_come_again(
    app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else holds SQLite's lock for longer than we wait: 503 with a time, nothing written, and then it works."""
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    with app.app_context():
        db.engine.dispose()
        other = sqlite.connect(str(db.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    reader = Reader(client)
    form, typed = (
        reader.get("/sign-in").form("/sign-in"),
        {"email": "nobody@somewhere.example", "password": "x" * 20},
    )
    held = reader.submit(form, 503, **typed)
    other.execute("ROLLBACK")
    other.close()
    assert held.response.headers["Retry-After"] == "10"
    assert "Traceback" not in held.text
    reader.submit(form, 422, **typed)


def test_production_refuses_to_start_without_a_strong_key() -> None:
    with pytest.raises(RuntimeError, match="SECRET_KEY"):
        create_app(Settings(mode=Mode.PRODUCTION, secret_key="short"))
