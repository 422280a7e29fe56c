"""A year of internships: 300 students, 60 companies, from lists that are locked to results that are out.

    python -m bench.bench_matching_round [students [companies]]

Companies, their memberships, students and the round come through the services; postings, interest, approvals and lists go straight
into the tables (1,500 pairs by the services would take minutes). Prints CPU time of putting the market together, of a
run (market, match, check, explanations, sealing), of choosing and of publishing, each as a multiple of reading the same rows
once. Best of five where it can be repeated.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.internships.models import Approval, Interest, InternshipPosting
from portal.internships.models import InternshipRound as Round
from portal.matching.models import CompanyRanking, MatchAttempt, PreferenceList
from portal.matching.queries.market_rows import market_rows
from portal.matching.services.attempts import start_attempt
from portal.matching.services.choosing import choose_attempt
from portal.matching.services.markets import market_of
from portal.matching.services.publishing import publish_results, tell_results
from portal.matching.services.running import run_attempt
from portal.wiring import create_app
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support import matching as told
from tests.support import renewals as members
from tests.support.academics import university
from tests.support.databases import open_database
from tests.support.people import actor_of
from tests.support.settings import settings_for

LISTED, TIMES = 5, 5


def main(arguments: list[str]) -> int:
    students, companies = (int(each) for each in (arguments + ["300", "60"][len(arguments) :])[:2])
    with tempfile.TemporaryDirectory() as name, open_database(Path(name), "") as database:
        app = create_app(settings_for(database.url))
        with app.app_context():
            with transaction():
                db.create_all()
            with clock.frozen(given.JUNE):
                members.house(places=companies + 40)
                office = given.officer()
                round_id = year(office, students, companies)
            with clock.frozen(runs.LOCKED):
                measure(office, round_id)
            rollback()
            db.session.remove()
            db.engine.dispose()
    return 0


def year(office: Person, students: int, companies: int) -> int:
    """Everybody, what they offer, and whom they want."""
    began, chance, place = time.perf_counter(), Random(1), university()  # noqa: S311 - invented data
    admins = [given.host() for _n in range(companies)]
    round_id = given.plan(office)
    who = [told.trained(place) for _n in range(students)]
    postings = [
        told.offer(admin, round_id, places=chance.randint(1, 3)) for admin in admins for _n in range(2)
    ]
    ids = [each.id for each in who]
    with transaction() as session:
        wishes = {each: chance.sample(postings, LISTED) for each in ids}
        hosts = {row.id: row.organisation_id for row in session.query(InternshipPosting)}
        for student, wanted in wishes.items():
            session.add_all(_interest(round_id, hosts[p], p, student) for p in wanted)
            session.add(_list(round_id, student, wanted))
        session.flush()
        for each in session.query(Interest).all():
            session.add(Approval(interest_id=each.id, state=ApprovalState.APPROVED, asked_at=clock.now()))
        for company in sorted(set(hosts.values())):
            applied = [s for s, wanted in wishes.items() if any(hosts[p] == company for p in wanted)]
            chance.shuffle(applied)
            tiers = [applied[n : n + 2] for n in range(0, len(applied), 2)]
            session.add(_ranking(round_id, company, tiers, office.id))
    print(
        f"{students} students, {companies} companies, {len(postings)} postings: {time.perf_counter() - began:.1f} s to make"
    )
    return round_id


def measure(office: Person, round_id: int) -> None:
    """Each step beside reading the rows once."""
    by, season = actor_of(office), lambda: db.session.get_one(Round, round_id)  # noqa: E731
    read = best(lambda: market_rows(round_id))
    row("read the rows once", read, read)
    row("market_of", best(lambda: market_of(season())), read)
    numbers = [_started(round_id, n, by) for n in range(TIMES)]
    row(
        "run: market, match, check, explain, seal",
        min(once(lambda n=n: run_attempt(n)) for n in numbers),
        read,
    )  # type: ignore[misc]
    row("choose", once(lambda: _chosen(numbers[0], by)), read)
    with clock.frozen(runs.OUT):
        row("publish: news to the other rooms", once(lambda: _published(round_id)), read)
        row("mails to everybody", once(lambda: tell_results(round_id)), read)
    rollback()
    done = db.session.get_one(MatchAttempt, numbers[0])
    print(
        f"    {done.figures['matched']} of {done.figures['students']} placed, {done.figures['blocking']} blocking pairs"
    )


def best(work: Callable[[], Any]) -> float:
    """CPU seconds, the best of five, each in a transaction of its own."""
    return min(once(work) for _n in range(TIMES))


def once(work: Callable[[], Any]) -> float:
    rollback()
    began = time.process_time()
    work()
    return time.process_time() - began


def row(what: str, seconds: float, read: float) -> None:
    print(f"    {what:<42} {1000 * seconds:9.1f} ms  {seconds / read:7.1f} ×")


def _started(round_id: int, n: int, by: Any) -> int:
    with transaction():
        return start_attempt(
            season=db.session.get_one(Round, round_id), name=f"{n}", once=f"bench{n}", by=by
        ).id


def _chosen(number: int, by: Any) -> None:
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=by)


def _published(round_id: int) -> None:
    with transaction():
        publish_results(round_id)


def _interest(round_id: int, company: int, posting: int, student: int) -> Interest:
    now = clock.now()
    return Interest(
        round_id=round_id, organisation_id=company, posting_id=posting, student_id=student, shown_at=now, moved_at=now
    )  # fmt: skip


def _list(round_id: int, student: int, wanted: list[int]) -> PreferenceList:
    return PreferenceList(round_id=round_id, student_id=student, postings=wanted, changed_at=clock.now())


def _ranking(round_id: int, company: int, tiers: list[list[int]], by: int) -> CompanyRanking:
    return CompanyRanking(
        round_id=round_id, organisation_id=company, tiers=tiers, unacceptable=[], changed_at=clock.now(), changed_by_id=by
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
