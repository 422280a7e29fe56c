"""A whole year of internships, every step through the services of whoever takes it: from postings to certificates.

Invented, drawn from a seed: the same numbers give the same year. The clock is set by each chapter.
"""

from __future__ import annotations

import time as timer
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.careers.services.supervision import choose_supervisor
from portal.careers.services.training import grant_training
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.internships.ranking import Ranking
from portal.domain.placements.criteria import Criterion, HostCriterion
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.internships.models import Approval, Interest, InternshipPosting, InternshipRound
from portal.internships.queries.approvals import asked_of
from portal.internships.services.approvals import approve_pair, veto_pair
from portal.jobs.services import run_due_jobs
from portal.matching.models import MatchAttempt
from portal.matching.services.attempts import start_attempt
from portal.matching.services.choosing import choose_attempt
from portal.matching.services.lists import save_list
from portal.matching.services.rankings import save_ranking
from portal.placements.models import Placement
from portal.placements.queries.checklist import items_of
from portal.placements.queries.hours import week_at
from portal.placements.queries.placements import any_placement
from portal.placements.queries.windows import window_of
from portal.placements.services import calendar, certificates, checklist, checks, dates, evaluations, hours
from tests.support import interests as scenes
from tests.support import internships as given
from tests.support import interviews as talks
from tests.support import renewals as members
from tests.support.academics import supervisor, university
from tests.support.people import person

WISHES, GUIDED, MET = (
    5,
    6,
    2,
)  # postings a student wants; students of a supervisor; applicants of a posting who are met
WEEK, DAY_OF_WORK = timedelta(days=7), 480
TIMES = given.TIMES


@dataclass
class Year:
    """Who takes part, and what came of it. `acts` counts commits by chapter, `seconds` their time."""

    students: int
    companies: int
    seed: int = 1
    acts: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    round_id: int = 0
    office: Person | None = None
    hosts: list[Person] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    guides: list[Person] = field(default_factory=list)
    postings: dict[int, Person] = field(default_factory=dict)  # number: its company's administrator

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - invented data
        self.chapter = ""

    def play(self) -> None:
        """All of it. `members.house()` has to stand."""
        for chapter in (
            self.gather, self.offer, self.want, self.decide, self.meet, self.rank, self.match, self.publish, self.prepare,
            self.work, self.end, self.certify,
        ):  # fmt: skip
            self.chapter, began = chapter.__name__, timer.perf_counter()
            chapter()
            rollback()
            self.seconds[self.chapter] = timer.perf_counter() - began

    @contextmanager
    def acting(self, who: Person) -> Iterator[Actor]:
        """Somebody's act in a transaction of its own."""
        self.acts[self.chapter] += 1
        with given.acting(who) as by:
            yield by

    # Before the round opens

    def gather(self) -> None:
        """Members, students who have completed the training, supervisors, the round."""
        with clock.frozen(given.JUNE - timedelta(hours=1)):
            self.office = given.officer()
            self.hosts = [given.host() for _n in range(self.companies)]
            place = university()
            self.guides = [supervisor(place) for _n in range(-(-self.students // GUIDED))]
            self.people = [person(at=place, roles=(Role.STUDENT,)) for _n in range(self.students)]
            for place_of, who in enumerate(self.people):
                guide = self.guides[place_of // GUIDED]
                with self.acting(who) as by:
                    choose_supervisor(name=guide.name, email=guide.email, seen=None, by=by)
            with self.acting(self.officer) as by:
                numbers = [who.id for who in self.people]
                grant_training(student_ids=numbers, earned_on=date(2026, 3, 1), by=by)
            self.round_id = given.plan(self.officer)

    @property
    def officer(self) -> Person:
        assert self.office is not None
        return self.office

    # While it is open

    def offer(self) -> None:
        """Each company writes two postings; the office opens them."""
        with clock.frozen(scenes.OPEN):
            for n, admin in enumerate(self.hosts):
                for place in range(2):
                    said = {
                        "title": f"募集{n}-{place}",
                        "title_en": f"Posting {n}-{place}",
                        "mentor": f"担当{n}-{place}",
                    }
                    number = scenes.opened(
                        self.officer, admin, self.round_id, places=self.chance.randint(1, 3), **said
                    )
                    self.postings[number] = admin
                    self.acts[self.chapter] += 4

    def want(self) -> None:
        """Each student shows interest in a few postings."""
        with clock.frozen(scenes.OPEN + timedelta(days=2)):
            for who in self.people:
                for number in self.chance.sample(sorted(self.postings), min(WISHES, len(self.postings))):
                    scenes.show(who, number)
                    self.acts[self.chapter] += 1

    def decide(self) -> None:
        """Supervisors approve; one pair in twenty is declined."""
        with clock.frozen(scenes.OPEN + timedelta(days=5)):
            for guide in self.guides:
                with self.acting(guide) as by:
                    for asked in asked_of(by):
                        version = asked.approval.version
                        if self.chance.random() < 0.05:
                            veto_pair(
                                asked=asked, reason="学位審査の時期と重なるため", version=version, by=guide.id
                            )
                        else:
                            approve_pair(
                                asked=asked, from_on=None, until_on=None, version=version, by=guide.id
                            )

    def meet(self) -> None:
        """Companies invite the first applicants of each posting, who agree on a time; the talks are held."""
        held = []
        with clock.frozen(talks.NOW):
            people = {who.id: who for who in self.people}
            for place, (number, admin) in enumerate(self.postings.items()):
                here = scenes.Scene(self.officer, admin, self.round_id, (number,))
                wanted = (
                    select(Interest.student_id).where(Interest.posting_id == number).order_by(Interest.id)
                )
                first = db.session.scalars(wanted.limit(MET)).all()
                rollback()
                start = talks.NOW + (48 + place % 4) * talks.HALF_HOUR + timedelta(days=place % 5)
                slots = (
                    talks.offer(here, start, count=len(first), interviewer=f"面談者{number}") if first else []
                )
                self.acts[self.chapter] += 1 + 2 * len(first)
                for student, slot in zip(first, slots, strict=True):
                    invited = talks.invite(here, people[student])
                    if self._takes(people[student], invited, slot):
                        held.append((here, invited))
        with clock.frozen(TIMES.ranking_at - timedelta(hours=2)):
            for here, invited in held:
                talks.note(here, invited, is_held=True)
                self.acts[self.chapter] += 1

    def _takes(self, who: Person, invited: int, slot: int) -> bool:
        """The student agrees on the time, unless there is something else at that hour already."""
        try:
            talks.agree(who, invited, slot)
        except Refused:
            rollback()
            return False
        return True

    def rank(self) -> None:
        """Students list what they may go to, companies rank in tiers of two."""
        with clock.frozen(TIMES.ranking_at + timedelta(hours=1)):
            pairs = self._approved()
            for who in self.people:
                wanted = [posting for student, posting in pairs if student == who.id]
                self.chance.shuffle(wanted)
                with self.acting(who) as by:
                    save_list(season=self.season, postings=wanted, version=0, by=by)
            for admin in self.hosts:
                own = {number for number, host in self.postings.items() if host is admin}
                applied = sorted({student for student, posting in pairs if posting in own})
                self.chance.shuffle(applied)
                if not applied:
                    continue
                tiers = [applied[n : n + 2] for n in range(0, len(applied), 2)]
                company = given.company_of(admin)
                with self.acting(admin) as by:
                    save_ranking(
                        season=self.season,
                        organisation_id=company,
                        ranking=Ranking.of(tiers, ()),
                        version=0,
                        by=by,
                    )

    def _approved(self) -> list[tuple[int, int]]:
        stands = select(Interest.student_id, Interest.posting_id).join(
            Approval, Approval.interest_id == Interest.id
        )
        here = (Interest.round_id == self.round_id, Approval.state == ApprovalState.APPROVED)
        found = [(row[0], row[1]) for row in db.session.execute(stands.where(*here).order_by(Interest.id))]
        rollback()
        return found

    @property
    def season(self) -> InternshipRound:
        return db.session.get_one(InternshipRound, self.round_id, populate_existing=True)

    # After the lock

    def match(self) -> None:
        """The office runs the match and chooses its result."""
        with clock.frozen(TIMES.locks_at + timedelta(hours=1)):
            with self.acting(self.officer) as by:
                number = start_attempt(season=self.season, name="本番", once="year", by=by).id
            _run_jobs()
            with self.acting(self.officer) as by:
                choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=by)

    def publish(self) -> None:
        """The minute has come: everybody learns the result, placements begin."""
        with clock.frozen(TIMES.publishes_at + timedelta(minutes=1)):
            _run_jobs()

    # The stay

    def prepare(self) -> None:
        """Company and student agree on the days; the checklist is done."""
        with clock.frozen(TIMES.publishes_at + timedelta(days=7)):
            for number in self.numbers():
                first, last = self._days(number)
                self._by(
                    number,
                    Side.COMPANY,
                    dates.propose_dates,
                    starts_on=first,
                    ends_on=last,
                    version=self._version(number),
                )
                self._by(number, Side.STUDENT, dates.agree_dates, version=self._version(number))
                with self.acting(self.officer) as by:
                    placement = any_placement(number)
                    for item in items_of(number):
                        if item.is_open:
                            checklist.do_item(placement=placement, item=item, side=Side.OFFICE, by=by)

    def work(self) -> None:
        """The first day, half-time with its checks, and every week's hours."""
        first, last = self._span()
        with _on(first):
            self._look()
        with _on(first + (last - first) / 2):
            said = {"progress": 4, "support": 4, "words": "順調です。", "has_concern": False, "concern": ""}
            for number in self.numbers(PlacementState.RUNNING):
                self._by(number, Side.STUDENT, checks.answer_check, **said)
                self._by(number, Side.COMPANY, checks.answer_check, **said)
        with _on(last):
            for number in self.numbers(PlacementState.RUNNING):
                starts, ends = self._days(number)
                monday = starts - timedelta(days=starts.weekday())
                while monday <= ends:
                    self._week(number, monday, starts, ends)
                    monday += WEEK

    def _week(self, number: int, monday: date, starts: date, ends: date) -> None:
        days = [monday + timedelta(days=n) for n in range(5)]
        minutes = {day: DAY_OF_WORK for day in days if starts <= day <= ends}
        if not minutes:
            return
        self._by(
            number, Side.STUDENT, hours.save_week, monday=monday, minutes=minutes, day_words={}, words="解析", version=0, reason=""
        )  # fmt: skip
        host = self._person(number, Side.COMPANY)
        with self.acting(host) as by:
            placement = any_placement(number)
            week = week_at(placement, monday).row
            assert week is not None
            hours.confirm_week(placement=placement, week=week, version=week.version, by=by)

    def end(self) -> None:
        """The last day is over; both sides evaluate."""
        with _on(self._span()[1] + timedelta(days=2)):
            self._look()
            for number in self.numbers(PlacementState.ENDED):
                voice = {
                    "marks": {each.value: 4 for each in HostCriterion},
                    "overall": 4,
                    "words": "多くを学びました。",
                }
                self._by(number, Side.STUDENT, evaluations.send_evaluation, values=voice, version=0)
                marks = {each.value: self.chance.randint(3, 5) for each in Criterion}
                said = {
                    "marks": marks, "overall": 4, "words": "自ら課題を調べ、着実に解析を進めました。",
                    "interviewed_on": clock.today(), "interviewer": "研究開発部 見本 一郎", "interviewer_en": "Ichiro Mihon",
                }  # fmt: skip
                self._by(number, Side.COMPANY, evaluations.send_evaluation, values=said, version=0)

    def certify(self) -> None:
        """The office issues sheet and certificate; the mails go out."""
        with _on(self._span()[1] + timedelta(days=5)):
            for number in self.numbers(PlacementState.EVALUATED):
                with self.acting(self.officer) as by:
                    certificates.issue_papers(
                        placement=any_placement(number),
                        by=by,
                        despite_open_weeks=True,
                        holder_en="Gaku Insei",
                    )
            _run_jobs()

    # Shared

    def numbers(self, *states: PlacementState) -> list[int]:
        """Of the round's placements."""
        mine = select(Placement.id, Placement.state).where(Placement.round_id == self.round_id)
        found = [
            row[0]
            for row in db.session.execute(mine.order_by(Placement.id))
            if not states or row[1] in states
        ]
        rollback()
        return found

    def _by(self, number: int, side: Side, verb: Callable[..., object], **said: object) -> None:
        with self.acting(self._person(number, side)) as by:
            verb(placement=any_placement(number), by=by, **said)

    def _person(self, number: int, side: Side) -> Person:
        placement = db.session.get_one(Placement, number)
        student, posting = placement.student_id, placement.posting_id
        rollback()
        return (
            self.postings[posting]
            if side is Side.COMPANY
            else next(p for p in self.people if p.id == student)
        )

    def _version(self, number: int) -> int:
        found = any_placement(number).version
        rollback()
        return found

    def _days(self, number: int) -> tuple[date, date]:
        """As long as the posting says, from the first day on which it may begin."""
        placement = any_placement(number)
        first = placement.starts_on or window_of(placement).first
        weeks = db.session.get_one(InternshipPosting, placement.posting_id).weeks
        rollback()
        assert first is not None
        assert weeks is not None
        return first, first + weeks * WEEK - timedelta(days=1)

    def _span(self) -> tuple[date, date]:
        spans = [self._days(number) for number in self.numbers()]
        return min(first for first, _last in spans), max(last for _first, last in spans)

    def _look(self) -> None:
        """The worker has looked at the calendar."""
        with transaction():
            calendar.keep_calendar()
        _run_jobs()


def _run_jobs() -> None:
    """All that wait, mails too: a worker takes so many at a time."""
    while run_due_jobs():
        rollback()
    rollback()


@contextmanager
def _on(day: date) -> Iterator[None]:
    with clock.frozen(datetime.combine(day, time(10), clock.OFFICE_ZONE)):
        yield


def house(companies: int) -> None:
    """Tiers, an issuer, places enough."""
    with clock.frozen(given.JUNE - timedelta(hours=1)):
        members.house(places=companies + 40)
