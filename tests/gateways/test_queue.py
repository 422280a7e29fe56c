"""The queue carries job numbers alike on a SQLite file and on Redis, also between two processes' views of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.gateways.queue import HueyQueue

Opener = Callable[[], HueyQueue]


@pytest.fixture(params=["sqlite", "redis"])
def open_queue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same empty queue as often as asked, as each process of the portal does."""
    url = os.environ.get("TEST_REDIS_URL", "") if request.param == "redis" else ""
    if request.param == "redis" and not url:
        pytest.skip("TEST_REDIS_URL is not set; `make test` starts a Redis")
    opened: list[HueyQueue] = []

    def open_one() -> HueyQueue:
        opened.append(HueyQueue(redis_url=url, path=str(tmp_path / "queue.db")))
        return opened[-1]

    open_one().huey.flush()
    yield open_one
    for queue in opened:
        queue.huey.storage.close()


def work_off(queue: HueyQueue) -> list[int]:
    """What a worker does with everything that is due now; gives the job numbers in their order."""
    done: list[int] = []
    queue.bind(run=done.append, sweep=list)
    while task := queue.huey.dequeue():
        if queue.huey.ready_to_run(task):
            queue.huey.execute(task)
        else:
            queue.huey.add_schedule(task)
    return done


def test_jobs_come_out_in_the_order_they_went_in(open_queue: Opener) -> None:
    sender, worker = open_queue(), open_queue()
    for job_id in (3, 1, 2):
        sender.send(job_id, 0)
    assert work_off(worker) == [3, 1, 2]


def test_one_job_goes_to_one_of_two_workers(open_queue: Opener) -> None:
    open_queue().send(7, 0)
    assert work_off(open_queue()) + work_off(open_queue()) == [7]


def test_a_job_for_later_is_kept_and_not_done_now(open_queue: Opener) -> None:
    open_queue().send(9, 3600)
    worker = open_queue()
    assert work_off(worker) == []
    assert worker.huey.scheduled_count() == 1


def test_a_process_that_is_no_worker_does_nothing(open_queue: Opener) -> None:
    queue = open_queue()
    queue.send(5, 0)
    task = queue.huey.dequeue()
    with pytest.raises(RuntimeError, match="no worker"):
        task.execute()
