"""A round whose lists are locked, and runs over it; everything invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from portal.accounts.models import Person
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.internships.models import InternshipRound
from portal.jobs.services import run_due_jobs
from portal.matching.models import MatchAttempt
from portal.matching.services.attempts import start_attempt
from tests.support import internships as given
from tests.support import matching as told
from tests.support.academics import university
from tests.support.people import actor_of

LOCKED = given.TIMES.locks_at + timedelta(hours=1)
OUT = given.TIMES.publishes_at + timedelta(minutes=1)
_serial = iter(range(1, 1_000_000))


@dataclass
class Scene:
    """Two companies with one place each, P first with everybody: s[0] gets p[0], s[1] gets p[1], s[2] nothing."""

    office: Person
    by: Actor  # the office
    admins: list[Person]
    round_id: int
    postings: list[int]
    students: list[Person] = field(default_factory=list)

    @property
    def season(self) -> InternshipRound:
        """As it stands, inside a transaction of the caller."""
        return db.session.get_one(InternshipRound, self.round_id, populate_existing=True)


def locked_round(*, tied: bool = False, students: int = 3, places: int = 1) -> Scene:
    """Lists are locked where the clock stands at `LOCKED`. `tied`: company P tells nobody apart. `places`: of each posting."""
    office, admins = given.officer(), [given.host(), given.host()]
    round_id = given.plan(office)
    postings = [told.offer(admin, round_id, places=places) for admin in admins]
    scene, place = Scene(office, actor_of(office), admins, round_id, postings), university()
    for n in range(students):
        who = told.trained(place, name=f"学生 {n + 1}号")
        for posting in postings:
            told.apply(who, posting)
        told.lists(who, round_id, *postings)
        scene.students.append(who)
    ranked = [scene.students] if tied else [[who] for who in scene.students]
    for admin in admins:
        told.ranks(admin, round_id, *ranked)
    return scene


def start(scene: Scene, name: str = "最初の計算", once: str = "") -> int:
    """A run that waits; its number."""
    with transaction():
        return start_attempt(
            season=scene.season, name=name, once=once or f"run{next(_serial)}", by=scene.by
        ).id


def run(scene: Scene, **values: Any) -> int:
    """A run that is done; its number."""
    number = start(scene, **values)
    jobs()
    return number


def jobs() -> None:
    """What is due."""
    rollback()
    run_due_jobs()


def attempt(number: int) -> MatchAttempt:
    """As it stands."""
    rollback()
    return db.session.get_one(MatchAttempt, number, populate_existing=True)


def round_of(number: int) -> InternshipRound:
    """As it stands."""
    rollback()
    return db.session.get_one(InternshipRound, number, populate_existing=True)


def person_of(who: Person) -> str:
    """In the market."""
    return f"s{who.id}"


def at_lock() -> Any:
    """The clock after the lists have locked."""
    return clock.frozen(LOCKED)
