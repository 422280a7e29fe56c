"""Several at once: each with its own connection, all let go at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask

from portal.core.db import db
from portal.core.transaction import rollback

Result = TypeVar("Result")


def at_once(app: Flask, *calls: Callable[[], Result]) -> list[Result | Exception]:
    """What each call gives, or the exception that it ends with, in the order of the calls."""
    rollback()
    gate = Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result | Exception:
        with app.app_context():
            gate.wait()
            try:
                return call()
            except Exception as error:
                return error
            finally:
                rollback()
                db.session.remove()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
