"""Fault drills on the real thing: gunicorn, worker, database and mail server as processes, while people use them.

    python -m bench.bench_drills [--mutants] [name…]

Before, during and after each fault two clerks record transfers, the provider delivers news, readers read in both languages. Whatever
was acknowledged (200 to 399) must be there, once; no page may show a trace or have no face; what a clerk typed stays on the page;
within 30 seconds of the end everything is as before, mails included. Disks that fill up are mounted in memory, which needs root.
Prints one line a drill and exits 1 when one does not hold; `--mutants` runs each drill again on the mutant that it must fail.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench import drill_weather as weather
from bench.drill_house import House, free_port
from bench.drill_visitors import Told, Visitors
from portal.billing.models import Payment, WebhookEvent
from portal.billing.queries.book_rules import book_problems
from portal.core.db import db
from portal.core.transaction import rollback
from portal.gateways.stripe_standin import StandIn
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.notifications.enums import MessageState
from portal.notifications.models import Message
from tests.support.smtp import MailServer, Weather

RECOVERS_WITHIN = 30.0
JOBS_AT_ONCE = 2  # so many mails may have been taken when the database went, and nobody could write that down


@dataclass(frozen=True)
class Drill:
    """`fault` gets the house and the server of PostgreSQL or Redis, if there is one; `small` are megabytes of the disk that fills up."""

    name: str
    fault: Callable[[House, Any], Any]
    mutant: str
    seconds: float = 6.0
    engine: str = "sqlite"
    small: int = 0
    small_temporary: bool = False


DRILLS = (
    Drill("database folder full", lambda house, _pg: weather.full(house.folder), "acknowledges_anyway", small=24),
    Drill("temporary folder full", lambda house, _pg: weather.full(house.temporary), "calls_a_full_disk_a_fault", small_temporary=True),
    Drill("database file locked", lambda house, _pg: weather.locked(house), "shows_the_trace", seconds=20),
    Drill("database stopped in its tracks", lambda _house, pg: pg.killed(), "shows_the_trace", engine="postgresql"),
    Drill("database answers nothing", lambda _house, pg: pg.frozen(), "acknowledges_anyway", seconds=8, engine="postgresql"),
    Drill("database's disk full", lambda _house, pg: pg.full(), "acknowledges_anyway", engine="postgresql", small=200),
    Drill("mail server away", lambda house, _pg: weather.no_mail_server(house), "gives_up_soon", seconds=45),
    Drill("mail server silent", lambda house, _pg: weather.mail(house, Weather.SILENT), "sent_before_sending", seconds=15),
    Drill("mail server goes in DATA", lambda house, _pg: weather.mail(house, Weather.GONE_IN_DATA), "sent_before_sending"),
    Drill("mail server says later", lambda house, _pg: weather.mail(house, Weather.LATER), "sent_before_sending"),
    Drill("clock two hours off", lambda house, _pg: weather.jumping_clock(house, 12), "believes_the_clock", seconds=0.5),
    Drill("Redis killed", lambda _house, redis: redis.killed(), "sweeps_once_a_minute", seconds=12, engine="redis"),
)  # fmt: skip


@dataclass
class Found:
    """What came of a drill: everything from `lost` on must be nothing. `again`: mails that went out under the same Message-ID."""

    answers: int = 0
    again: int = 0
    refused: int = 0
    recovered: float = 0.0
    lost: int = 0
    doubled: int = 0
    traces: int = 0
    faceless: int = 0
    forgetful: int = 0
    problems: int = 0
    died: int = 0

    @property
    def holds(self) -> bool:
        bad = (
            self.lost
            + self.doubled
            + self.traces
            + self.faceless
            + self.forgetful
            + self.problems
            + self.died
        )
        return not bad and self.recovered <= RECOVERS_WITHIN


def run(drill: Drill, *, mutant: str = "", patience: float = 90.0) -> Found:
    """One drill on an empty house; raises PermissionError where a small disk cannot be mounted."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="renkei-drill-", dir="/tmp")))
        folder.chmod(0o755)
        for name in ("data", "temporary"):
            (folder / name).mkdir()
        if drill.small:
            stack.enter_context(weather.small_disk(folder / "data", drill.small))
        if drill.small_temporary:
            stack.enter_context(weather.small_disk(folder / "temporary", 12))
        server = _server(drill.engine, folder / "data")
        if server is not None:
            stack.callback(server.stop, weather.signal.SIGINT)
        is_postgres = drill.engine == "postgresql"
        house = stack.enter_context(
            House(
                folder=folder if is_postgres else folder / "data",
                temporary=folder / "temporary",
                database_url=server.url if is_postgres else f"sqlite:///{folder / 'data' / 'portal.db'}",
                mail=stack.enter_context(MailServer()),
                provider=stack.enter_context(StandIn()),
                mutant=mutant,
                redis_url=server.url if drill.engine == "redis" else "",
            )
        )
        with Visitors(house, uploads=drill.small_temporary) as visitors:
            time.sleep(3)
            with drill.fault(house, server):
                time.sleep(drill.seconds)
            ended = time.monotonic()
            recovered = _served_again(visitors, ended, patience)
        with house.app.app_context():
            recovered = max(recovered, _all_done(house, ended, patience))
            return _count(house, visitors.told, recovered)


def _server(engine: str, place: Path) -> Any:
    return {"postgresql": lambda: weather.Postgres(place), "redis": lambda: weather.Redis(free_port())}.get(
        engine, lambda: None
    )()


def _served_again(visitors: Visitors, since: float, patience: float) -> float:
    """Seconds until every visitor was served well again."""
    while time.monotonic() - since < patience:
        if all(visitors.told.good_at.get(name, 0) > since for name in visitors.names):
            return time.monotonic() - since
        time.sleep(0.1)
    return patience


def _all_done(house: House, since: float, patience: float) -> float:
    """Seconds until no job waits that is due or failed before, and no mail either."""
    waiting = select(func.count()).where(
        Job.state != JobState.DONE, (Job.run_after <= func.now()) | Job.last_error.is_not(None)
    )
    unsent = select(func.count()).where(Message.state != MessageState.SENT)
    while time.monotonic() - since < patience:
        rollback()
        if not db.session.scalar(waiting) and not db.session.scalar(unsent):
            return time.monotonic() - since
        time.sleep(0.2)
    if "-v" in sys.argv:
        for job in db.session.scalars(select(Job).where(Job.state != JobState.DONE)):
            print(
                "  waits:", job.name, job.state, job.attempts, job.run_after, job.leased_until, job.last_error
            )
    return patience


def _count(house: House, told: Told, recovered: float) -> Found:
    rollback()
    amounts = list(db.session.scalars(select(Payment.amount_yen)))
    events = list(db.session.scalars(select(WebhookEvent.event_id)))
    sent = [f"<renkei-{n}@127.0.0.1>" for n in db.session.scalars(select(Message.id).where(Message.state == MessageState.SENT))]  # fmt: skip
    lost = (
        set(told.payments) - set(amounts),
        set(told.events) - set(events),
        set(sent) - set(house.mail.taken),
    )
    if "-v" in sys.argv:
        print(
            told.statuses,
            [sorted(each, key=str)[:3] for each in lost],
            house.mail.taken[:3],
            told.traces[:1],
            told.faceless[:1],
        )
    again = len(house.mail.taken) - len(set(house.mail.taken))
    return Found(
        answers=sum(told.statuses.values()),
        refused=sum(n for status, n in told.statuses.items() if status >= 500),
        recovered=recovered,
        lost=sum(map(len, lost)),
        doubled=sum(len(each) - len(set(each)) for each in (amounts, events)) + max(0, again - JOBS_AT_ONCE),
        again=again,
        traces=len(told.traces),
        faceless=len(told.faceless),
        forgetful=told.forgetful,
        problems=len(book_problems()),
        died=len(house.died()),
    )


HEAD = f"{'drill':32} {'answers':>8} {'5xx':>5} {'back s':>7} {'lost':>5} {'twice':>6} {'mail again':>10} {'traces':>7} {'no face':>8} {'no text':>8} {'books':>6} {'died':>5}"  # fmt: skip


def show(name: str, found: Found) -> str:
    numbers = f"{found.answers:8} {found.refused:5} {found.recovered:7.1f} {found.lost:5} {found.doubled:6} {found.again:10} {found.traces:7} {found.faceless:8} {found.forgetful:8} {found.problems:6} {found.died:5}"  # fmt: skip
    return f"{name:32} {numbers}"


def main(arguments: list[str]) -> int:
    with_mutants, names = "--mutants" in arguments, [a for a in arguments if not a.startswith("-")]
    failed: list[str] = []
    print(HEAD, flush=True)
    for drill in DRILLS:
        if names and not any(name in drill.name for name in names):
            continue
        try:
            found = run(drill)
        except PermissionError as error:
            print(f"{drill.name:32} skipped: {error}", flush=True)
            continue
        print(show(drill.name, found), flush=True)
        failed += [] if found.holds else [drill.name]
        if with_mutants:
            caught = run(drill, mutant=drill.mutant, patience=45.0)
            print(
                show(f"  mutant {drill.mutant}"[:32], caught)
                + ("  caught" if not caught.holds else "  NOT CAUGHT"),
                flush=True,
            )
            failed += [f"mutant {drill.mutant}"] if caught.holds else []
    print("every drill holds" if not failed else f"does not hold: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
