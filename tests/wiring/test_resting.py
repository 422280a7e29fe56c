"""A full disk, a lost connection, a commit that fails: never an acknowledgement, never a trace, and the typed text stays.

Mutants that must fail here: a commit whose failure is swallowed (acknowledged, not kept), and a page that keeps nothing.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, insert, select
from sqlalchemy.exc import OperationalError

from portal.core import clock, transaction
from portal.core.db import PRAGMAS, db
from portal.core.transaction import rollback
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile
from portal.membership.models import Application
from portal.wiring import resting
from tests.support import membership as given
from tests.support.people import browser_of, person
from tests.support.reader import Page, Reader

pytestmark = pytest.mark.database
URL = "/membership/applications/1/steps/plan"
KEPT_JA, KEPT_EN = "入力された内容はこのページに残っています", "What you typed is kept on this page."
PLAN = "診療データから副作用の兆しを早くとらえる。" * 90  # typed for an hour


@pytest.fixture
def app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """As in service: errors end in pages."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    yield app
    rollback()
    db.engine.dispose()


@pytest.fixture(params=["ja", "en"])
def reader(app: Flask, request: pytest.FixtureRequest) -> Reader:
    """Somebody whose application lacks its plan."""
    given.season()
    who = person(language=request.param)
    given.draft(who)
    browser = browser_of(app, who)
    with browser.session_transaction() as visit:
        visit["language"] = request.param
    return Reader(browser)


def is_kept() -> bool:
    rollback()
    return PLAN[:-1] in str(db.session.scalars(select(Application)).one().draft)


@contextmanager
def full_disk(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """SQLite may not grow by a single page; what room was left is used up."""
    rollback()
    db.engine.dispose()
    with patch.context() as bounded:
        bounded.setitem(PRAGMAS, "max_page_count", 1)  # never less than there are
        for size in (400_000, 1_000, 10):
            for n in range(400):
                try:
                    with transaction.transaction() as session:
                        session.execute(insert(StoredFile).values(_file(f"{size}-{n}", b"x" * size)))
                except OperationalError:
                    break
        yield
        rollback()
        db.engine.dispose()


def _file(name: str, content: bytes) -> dict[str, Any]:
    values: dict[str, Any] = {"name": name, "media_type": "text/plain", "size": len(content), "sha256": name}
    rest = {"confidentiality": Confidentiality.PUBLIC, "created_at": clock.now(), "is_kept": False}
    return values | rest | {"content": content}


@contextmanager
def lost_connection(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """PostgreSQL ends our connection (as an administrator or a restart does) in the middle of the transaction."""

    def cut(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if statement.startswith("UPDATE applications"):
            number = connection.connection.dbapi_connection.info.backend_pid
            url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])

    with listening("before_cursor_execute", cut):
        yield


@contextmanager
def failing_commit(patch: pytest.MonkeyPatch) -> Iterator[None]:
    def fail(connection: Any) -> None:
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    with listening("commit", fail):
        yield


@contextmanager
def listening(name: str, function: Callable[..., None]) -> Iterator[None]:
    event.listen(db.engine, name, function)
    try:
        yield
    finally:
        event.remove(db.engine, name, function)


Fault = Callable[[pytest.MonkeyPatch], AbstractContextManager[None]]
FAULTS: dict[str, Fault] = {"full": full_disk, "lost": lost_connection, "commit": failing_commit}
ONLY = {"full": "sqlite", "lost": "postgresql"}


def hit(reader: Reader, fault: str, patch: pytest.MonkeyPatch) -> Page:
    """The answer to sending the plan while the fault lasts."""
    if ONLY.get(fault, db.engine.dialect.name) != db.engine.dialect.name:
        pytest.skip(f"{fault} is {ONLY[fault]}'s")
    form = reader.get(URL).form("/steps/plan")
    with FAULTS[fault](patch):
        return reader.submit(form, 503, **given.typed(plan={"summary": PLAN})["plan"])


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_acknowledged_and_what_was_typed_is_sent_again(
    reader: Reader, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = hit(reader, fault, monkeypatch)
    assert "Traceback" not in shown.source
    assert "OperationalError" not in shown.source
    assert shown.response.headers["Retry-After"] == "10"
    assert any(words in shown.text for words in (KEPT_JA, KEPT_EN))
    assert (KEPT_JA in shown.text) == ('lang="ja"' in shown.source[:200])
    assert not is_kept()
    reader.submit(shown.form("/steps/plan"))  # the page's own button
    assert is_kept()


def test_what_was_to_be_said_of_success_is_not_said_of_a_failure(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message "Your profile is saved" was ready before the commit failed. Mutant: messages are left as they are."""
    reader = Reader(browser_of(app, person(language="en")))
    form = reader.get("/account/profile/edit").form("/account/profile/edit")
    with failing_commit(monkeypatch):
        shown = reader.submit(form, 503, name="別の 名前", language="en")
    assert "Your profile is saved" not in shown.source
    assert "Your profile is saved" not in reader.get("/account/profile").source


@pytest.mark.parametrize("reader", ["ja"], indirect=True)
def test_a_swallowed_commit_is_caught(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant says yes although nothing was kept."""
    real = transaction.commit

    def swallows() -> None:
        try:
            real()
        except OperationalError:
            rollback()

    monkeypatch.setattr(transaction, "commit", swallows)
    with pytest.raises(AssertionError):
        hit(reader, "commit", monkeypatch)
    assert not is_kept()


@pytest.mark.parametrize("reader", ["ja"], indirect=True)
def test_a_page_that_keeps_nothing_is_caught(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.wiring.errors.what_was_sent", lambda: None)
    with pytest.raises(AssertionError):
        hit(reader, "commit", monkeypatch).form("/steps/plan")


def test_secrets_and_files_are_not_repeated(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password typed while the database is away does not come back on a page."""
    reader = Reader(app.test_client())
    form = reader.get("/sign-in").form("/sign-in")
    with failing_commit(monkeypatch):
        shown = reader.submit(form, 503, email="a@example.jp", password="mellon mellon mellon")
    assert "mellon" not in shown.source
    assert "前のページに戻り" in shown.text


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [
        ("postal_code", True),
        ("bank_code", True),
        ("branch_code", True),
        ("code", False),
        ("new_password", False),
    ],
)
def test_a_postal_code_is_no_secret(app: Flask, name: str, is_kept: bool) -> None:
    """Forms with an address or a bank account are kept; a code that opens a door is not."""
    typed = {name: "1000001", "csrf_token": "x"}
    with app.test_request_context("/account/profile/edit", method="POST", data=typed):
        assert (resting.what_was_sent() is not None) is is_kept


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_temporary_folder_is_a_rest_and_no_fault_of_ours(app: Flask, number: int) -> None:
    with app.test_request_context("/faq", method="POST", data={"name": "x"}):
        assert resting.is_passing(OSError(number, os.strerror(number)))
        assert not resting.is_passing(OSError(errno.ENOENT, "no such file"))
        answer = app.make_response(app.handle_user_exception(OSError(number, "full")))
    assert answer.status_code == 503
