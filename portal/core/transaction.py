"""One commit per request, after the response is known; nothing leaves the house before the commit.

POST, PUT, PATCH and DELETE below 400 commit, everything else rolls back. Services only flush. Work outside a request
(jobs, command line, tests) stands inside `with transaction():`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.core.db import db, is_writing, write_intent

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_WAITING = "renkei.after_commit"
_BEFORE = "renkei.before_commit"

log = structlog.get_logger()


def after_commit(call: Callable[[], None]) -> None:
    """Run `call` once this transaction is committed; never when it rolls back."""
    db.session.info.setdefault(_WAITING, []).append(call)


def before_commit(call: Callable[[], None]) -> None:
    """Run `call` as the transaction's last act before its commit (it may still write and refuse)."""
    db.session.info.setdefault(_BEFORE, []).append(call)


def commit() -> None:
    """Commit the session, then hand over what waited for it."""
    for last_act in db.session.info.pop(_BEFORE, []):
        last_act()
    db.session.commit()
    for call in db.session.info.pop(_WAITING, []):
        try:
            call()
        except Exception:  # the work stands as a row; the sweeper picks it up
            log.warning("handover_failed", exc_info=True)


def rollback() -> None:
    """Undo everything since the last commit and forget what waited for it."""
    if not db.session.registry.has():
        return
    db.session.info.clear()
    db.session.rollback()


def let_go() -> None:
    """`rollback`, if the database still lets us."""
    try:
        rollback()
    except SQLAlchemyError:
        db.session.remove()


def finish_reading() -> None:
    """End a transaction that only read: `rollback` without making ready for more."""
    if db.session.registry.has():
        db.session.info.clear()
        db.session.close()


@contextmanager
def transaction() -> Iterator[Session]:
    """A write transaction that commits at its end, or joins the one already open."""
    if is_writing():
        yield db.session()
        return
    rollback()  # a read transaction cannot become a writing one
    with write_intent(True):
        try:
            yield db.session()
            commit()
        except BaseException:
            rollback()
            raise


@contextmanager
def outside_transaction() -> Iterator[None]:
    """Commit what is done so far and hold no lock while talking to the outside; a new transaction begins after."""
    commit()
    yield
    rollback()


def init_app(app: Flask) -> None:
    """Open a request's transaction by its method and end it by its answer."""

    @app.before_request
    def choose_intent() -> None:
        g.write_intent = write_intent(request.method not in SAFE_METHODS)
        g.write_intent.__enter__()

    @app.after_request
    def finish(response: Response) -> Response:
        if request.method in SAFE_METHODS:
            finish_reading()
        elif response.status_code < 400:
            commit()
        else:
            rollback()
        return response

    @app.teardown_request
    def restore_intent(error: BaseException | None) -> None:
        intent = g.pop("write_intent", None)
        if error is not None:
            rollback()
        if intent is not None:
            intent.__exit__(None, None, None)
