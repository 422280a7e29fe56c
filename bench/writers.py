"""Many writers as processes of their own, each with the portal and connections of its own."""

from __future__ import annotations

import json
import os
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.core.db import db
from portal.core.pdf import unprintable
from portal.core.transaction import let_go, rollback


@dataclass
class Tally:
    """What one writer, or all of them, came to. `longest` is the slowest transaction in seconds, its wait for the lock included."""

    done: int = 0
    undone: int = 0
    locked: int = 0
    longest: float = 0.0
    errors: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.done, self.undone, self.locked = (
            self.done + other.done,
            self.undone + other.undone,
            self.locked + other.locked,
        )
        self.longest, self.errors = max(self.longest, other.longest), self.errors + other.errors

    def attempt(self, work: Callable[[], None]) -> None:
        """Do it until it is done; a refusal of the lock is counted and tried again, an undoing is counted."""
        while True:
            begun = time.monotonic()
            try:
                work()
                self.done += 1
            except UndoneError:
                self.undone += 1
            except OperationalError:
                self.locked += 1
                let_go()
                continue
            finally:
                self.longest = max(self.longest, time.monotonic() - begun)
            return


class UndoneError(Exception):
    """The transaction does not come to its end, on purpose."""


class Writers:
    """`with Writers(app, 16, work) as all:` forks them; `work(number, tally)` runs in each; at the end `all.tally` has the sum."""

    def __init__(self, app: Flask, count: int, work: Callable[[int, Tally], None]) -> None:
        self.tally = Tally()
        self._folder = tempfile.TemporaryDirectory()
        rollback()
        db.session.remove()
        db.engine.dispose()
        self._children = [self._fork(app, number, work) for number in range(count)]

    def _fork(self, app: Flask, number: int, work: Callable[[int, Tally], None]) -> int:
        child = os.fork()
        if child:
            return child
        tally = Tally()
        try:
            unprintable("温")  # the printer is warm, as in a server that has run for a while
            with app.app_context():
                work(number, tally)
                db.session.remove()
        except BaseException:  # noqa: BLE001 a writer that stumbles is counted, not lost
            tally.errors.append(traceback.format_exc()[-600:])
        Path(self._folder.name, str(number)).write_text(json.dumps(asdict(tally)))
        os._exit(0)

    def is_busy(self) -> bool:
        """Whether one at least is still at it."""
        return any(
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
            for child in self._children
        )

    def __enter__(self) -> Writers:
        return self

    def __exit__(self, *_raised: object) -> None:
        for child in self._children:
            os.waitpid(child, 0)
        for number in range(len(self._children)):
            self.tally.add(Tally(**json.loads(Path(self._folder.name, str(number)).read_text())))
        self._folder.cleanup()
