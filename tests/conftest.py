"""The application under test: one schema per worker, a fresh copy of it for every test that asks for `app`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.jobs.services import run_due_jobs
from portal.wiring import create_app
from tests.support.browser import Browser
from tests.support.databases import Database, open_database
from tests.support.demo import KeptDemo
from tests.support.settings import settings_for

pytest_plugins = ["tests.support.chromium", "tests.support.looking"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the database, however indirectly, runs again on PostgreSQL."""
    for item in items:
        if "database" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("sqlite"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty database with the whole schema: SQLite, or PostgreSQL when TEST_DATABASE_URL says where."""
    folder: Path = tmp_path_factory.mktemp("database")
    with open_database(folder, os.environ.get("TEST_DATABASE_URL", "")) as opened:
        yield opened


@pytest.fixture(scope="session")
def whole_app(database: Database) -> Iterator[Flask]:
    """The application, built once; use `app` in tests."""
    app = create_app(settings_for(database.url))
    app.test_client_class = Browser
    with app.app_context(), transaction():
        db.create_all()
    database.keep(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(whole_app: Flask, database: Database) -> Iterator[Flask]:
    """The application on an untouched database, inside an application context."""
    database.restore(whole_app)
    for door in whole_app.extensions["renkei.gateways"].values():
        if hasattr(door, "sent"):
            door.sent.clear()
    with whole_app.app_context():
        yield whole_app
        rollback()
        db.session.remove()


@pytest.fixture(scope="session")
def kept_demo(whole_app: Flask, database: Database, tmp_path_factory: pytest.TempPathFactory) -> KeptDemo:
    """The demo consortium, loaded once a run."""
    return KeptDemo(whole_app, database, tmp_path_factory.mktemp("demo"))


@pytest.fixture
def demo(kept_demo: KeptDemo) -> Iterator[Flask]:
    """The application with the demo consortium as it was loaded, on the day of its loading."""
    with kept_demo.opened() as opened:
        yield opened


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Do everything that is due, as the worker would; gives the number of jobs done."""

    def run() -> int:
        rollback()
        with app.app_context():
            return run_due_jobs()

    return run


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that is gone after the run."""
    folder = tmp_path_factory.mktemp("scratch")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
