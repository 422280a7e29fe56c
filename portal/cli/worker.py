"""The job worker: takes job numbers from the queue and does the work of their rows."""

from __future__ import annotations

import logging
import threading

import click
import structlog
from flask import Flask

from portal.cli.schema import keep_private
from portal.core.context import gateway
from portal.gateways.queue import HueyQueue
from portal.jobs import services
from portal.wiring import create_app

LOOK_SECONDS = 5
log = structlog.get_logger()


@click.command("worker")
@click.option("--threads", default=2, show_default=True, help="How many jobs run side by side.")
def work(threads: int) -> None:
    """Do jobs until told to stop; a job under way is finished first."""
    keep_private()
    run_worker(create_app(), threads)


def run_worker(app: Flask, threads: int) -> None:
    """Serve the queue until SIGINT or SIGTERM."""
    with app.app_context():
        queue: HueyQueue = gateway("queue")

    def do(job_id: int) -> None:
        with app.app_context():
            services.run_job(job_id)

    def sweep() -> None:
        with app.app_context():
            services.sweep()

    queue.bind(run=do, sweep=sweep)
    logging.getLogger("huey").setLevel(logging.WARNING)
    threading.Thread(target=look_around, args=(app, queue), name="look", daemon=True).start()
    queue.huey.create_consumer(
        workers=threads, periodic=True, initial_delay=0.05, max_delay=0.5, backoff=1.1
    ).run()


def look_around(app: Flask, queue: HueyQueue, stop: threading.Event | None = None) -> None:
    """Sweep at the start and whenever the queue is empty, every five seconds: what an outage left is taken up at once.

    While the queue is full the workers have enough to do; it is swept once a minute as a job of its own.
    """
    stop = stop or threading.Event()
    while True:
        try:
            if queue.is_empty():
                with app.app_context():
                    services.sweep()
        except Exception as error:  # the outage goes on: the next look comes
            log.warning("sweep_failed", reason=f"{type(error).__name__}: {error}"[:200])
        if stop.wait(LOOK_SECONDS):
            return
