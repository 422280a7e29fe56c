"""The job queue: Huey on SQLite or Redis carries job numbers to the workers; the work itself stands in our table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from huey import Huey, RedisHuey, SqliteHuey, crontab
from redis import ConnectionPool


class QueueGateway(Protocol):
    """Tells the workers that a job is there; losing the message is allowed, the sweep finds the row."""

    def send(self, job_id: int, delay_seconds: float) -> None: ...


class HueyQueue:
    """Huey; Redis where several hosts share the work, otherwise a SQLite file of its own."""

    def __init__(self, *, redis_url: str, path: str) -> None:
        self.huey: Huey = (
            RedisHuey("renkei", connection_pool=_pool(redis_url), results=False)
            if redis_url
            else SqliteHuey("renkei", filename=path, results=False, journal_mode="truncate")
        )
        self._run: Callable[[int], object] = _unbound
        self._sweep: Callable[[], object] = _unbound
        self._task = self.huey.task()(self._perform)
        self.huey.periodic_task(crontab(minute="*"))(self._tidy)

    def bind(self, *, run: Callable[[int], object], sweep: Callable[[], object]) -> None:
        """What a worker does with a job number, and once a minute."""
        self._run, self._sweep = run, sweep

    def send(self, job_id: int, delay_seconds: float) -> None:
        self._task.schedule(args=(job_id,), delay=delay_seconds) if delay_seconds > 0 else self._task(job_id)

    def is_empty(self) -> bool:
        """Whether no message waits to be taken."""
        return int(self.huey.pending_count()) == 0

    def _perform(self, job_id: int) -> None:
        self._run(job_id)

    def _tidy(self) -> None:
        self._sweep()


def _pool(url: str) -> ConnectionPool:
    """Connections that give up soon when Redis is away: a request waits for nobody, the row stands."""
    return ConnectionPool.from_url(
        url, **({} if url.startswith("unix:") else {"socket_connect_timeout": 2}), socket_timeout=5
    )


def _unbound(*args: object) -> None:
    raise RuntimeError("this process is no worker")


class KeptQueue:
    """Nothing is carried: tests run the due rows themselves."""

    def __init__(self) -> None:
        self.sent: list[int] = []

    def send(self, job_id: int, delay_seconds: float) -> None:
        self.sent.append(job_id)
