"""A whole year of internships, every step through the services: 300 students, 60 companies, from postings to certificates.

    python -m bench.bench_internship_year [students [companies]]        (DATABASE of its own; TEST_DATABASE_URL for PostgreSQL)

Prints each chapter with its acts (one transaction each), seconds, milliseconds an act, and the ratio to an empty writing
transaction of the same run; then what came of the year, and whether the kept run holds against a replay. Exit code 1 where anybody was lost.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select, text

from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.matching import parse_market
from portal.domain.matching.verifying import verify
from portal.domain.placements.placement_flow import PlacementState
from portal.internships.models import Interest, Interview
from portal.matching.models import MatchAttempt, MatchOutcome
from portal.notifications.models import Message
from portal.placements.models import PlacementCertificate, PlacementWeek
from portal.placements.queries.certificates import certificate_problems
from portal.wiring import create_app
from tests.support.databases import open_database
from tests.support.internship_year import Year, house
from tests.support.settings import settings_for

EMPTY = 200  # empty writing transactions, for the ratio


def main(arguments: list[str]) -> int:
    students, companies = (int(each) for each in (arguments + ["300", "60"][len(arguments) :])[:2])
    url = os.environ.get("TEST_DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as name, open_database(Path(name), url) as database:
        app = create_app(settings_for(database.url))
        with app.app_context():
            with transaction():
                db.create_all()
            house(companies)
            year, began = Year(students, companies), time.perf_counter()
            year.play()
            told = report(year, time.perf_counter() - began, empty_transaction())
            rollback()
            db.session.remove()
            db.engine.dispose()
    return told


def empty_transaction() -> float:
    """Seconds of one that writes nothing: begun, one statement, committed."""
    began = time.perf_counter()
    for _n in range(EMPTY):
        with transaction() as session:
            session.execute(text("SELECT 1"))
    return (time.perf_counter() - began) / EMPTY


def report(year: Year, seconds: float, empty: float) -> int:
    """What was done in which time, and what came of it; 1 where anything does not hold."""
    print(
        f"{year.students} students, {year.companies} companies, {len(year.postings)} postings: {seconds:.0f} s"
    )
    print(f"    an empty transaction {1000 * empty:.2f} ms")
    for chapter, took in year.seconds.items():
        acts = year.acts[chapter]
        each = f"{1000 * took / acts:7.1f} ms an act  {took / acts / empty:6.1f} ×" if acts else ""
        print(f"    {chapter:<10} {acts or '':>6} acts {took:8.1f} s  {each}")
    counts = {
        model.__tablename__: _count(model)
        for model in (Interest, Interview, MatchOutcome, PlacementWeek, PlacementCertificate, Message)
    }
    print("    " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    run = db.session.scalars(select(MatchAttempt)).one()
    holds = verify(parse_market((run.market or "").encode()), (run.result or "").encode()).holds
    placed = len(json.loads(run.result or "{}")["matching"])
    evaluated, problems = len(year.numbers(PlacementState.EVALUATED)), certificate_problems()
    print(
        f"    {placed} placed, {evaluated} evaluated; the run holds: {holds}; papers: {len(problems)} problems"
    )
    return (
        0
        if holds and placed == evaluated and counts["placement_certificates"] == 2 * placed and not problems
        else 1
    )


def _count(model: type) -> int:
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
