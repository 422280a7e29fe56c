"""The portal's demonstration in the process of the test, so that months can pass: the clock stands where the story puts it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from portal.cli.demo import load
from portal.core import clock
from portal.core.clock import OFFICE_ZONE
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.gateways.queue import KeptQueue
from portal.jobs.services import run_due_jobs, sweep
from portal.settings import Mode, Settings
from portal.wiring import create_app
from tests.support.demo import NOW


class _Quiet(WSGIRequestHandler):
    """The log of faults is enough."""

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing."""


class MovingHouse:
    """Addresses as `House` has them. `at` moves the clock, only forward; `work` does what is due at that moment."""

    def __init__(self, folder: Path) -> None:
        self._stops = ExitStack()
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", 0, _answer_nothing, threaded=True, request_handler=_Quiet
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.app = create_app(_settings(folder, self.url), doors={"queue": KeptQueue()})
        self._server.app = self.app
        self._thread = threading.Thread(target=self._server.serve_forever, name="house")

    def start(self) -> None:
        """Load the demonstration at its moment, then answer."""
        self._stops.enter_context(clock.frozen(NOW))
        with self.app.app_context():
            with transaction():
                db.create_all()
            assert load()
            rollback()
            db.session.remove()
        self._thread.start()

    def at(self, moment: str) -> datetime:
        """It is this moment in Japan, like `2026-12-04 17:00`; the jobs that became due are done."""
        then = datetime.fromisoformat(moment).replace(tzinfo=OFFICE_ZONE)
        assert then > clock.now(), f"the clock stands at {clock.now()}, and goes forward alone"
        # on top of where it stood: nobody sees the real hour in between
        self._stops.enter_context(clock.frozen(then))
        self.work()
        return then

    def work(self) -> int:
        """What the worker would do now; gives how many jobs were done."""
        with self.app.app_context():
            sweep()
            done = run_due_jobs()
            rollback()
            db.session.remove()
        return done

    def stop(self) -> None:
        """Answer nothing any more, and give the clock back."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        with self.app.app_context():
            db.engine.dispose()
        self._stops.close()


@contextmanager
def moving_house(folder: Path) -> Iterator[MovingHouse]:
    """Opened, and closed whatever happens inside."""
    house = MovingHouse(folder)
    try:
        house.start()
        yield house
    finally:
        house.stop()


def _answer_nothing(environ: object, start: object) -> list[bytes]:
    raise AssertionError("the house is not open yet")


def _settings(folder: Path, url: str) -> Settings:
    return Settings(
        mode=Mode.DEMO, database_url=f"sqlite:///{folder / 'portal.db'}", queue_path=str(folder / "queue.db"), public_url=url,
        secret_key="a journey signs nothing of value, but it is long enough", mail_from="事務局 <office@renkei.example>",
        contact_address="office@renkei.example", consortium_name_ja="医療データ科学コンソーシアム",
        consortium_name_en="Medical Data Science Consortium", log_level="ERROR",
    )  # fmt: skip
