"""Canaries of secrecy: a student's list and a company's ranking whose order is like no other order of the same things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.accounts.enums import CredentialKind
from portal.accounts.models import Credential, Person
from portal.accounts.queries import has_credential
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.ranking import Ranking
from portal.domain.internships.timetable import Stage
from portal.internships.models import Approval, Interest, InternshipPosting, InternshipRound
from portal.jobs.services import run_due_jobs
from portal.matching.models import MatchAttempt, PreferenceList
from portal.matching.services.attempts import start_attempt
from portal.matching.services.choosing import choose_attempt
from portal.matching.services.lists import save_list
from portal.matching.services.publishing import publish_due
from portal.matching.services.rankings import save_ranking
from tests.support import internships as given
from tests.support.academics import student
from tests.support.people import actor_of
from tests.support.world import NOW, World

TITLES = ("白鷺の解析", "黒鳥の解析", "朱鷺の解析", "翡翠の解析", "山雀の解析", "岩燕の解析")
NAMES = ("朝凪 一", "夕凪 二", "浅瀬 三", "深瀬 四", "早瀬 五", "遠瀬 六")
ORDER = (3, 0, 5, 1, 4, 2)  # like no order by number, by name, or backwards
DRAFT = "鸚鵡返しの下書き"
HOUR = timedelta(hours=1)
TITLES_RANKED = [TITLES[n] for n in ORDER]
NAMES_RANKED = [NAMES[n] for n in ORDER]


@dataclass(frozen=True)
class Canaries:
    """Numbers of postings and students in the order in which they are ranked."""

    postings: tuple[int, ...]
    people: tuple[int, ...]
    draft: int


def in_order(words: str, things: Sequence[str]) -> bool:
    """Whether at least four of the things stand there, in this order or backwards."""
    places = [words.find(thing) for thing in things]
    seen = [place for place in places if place >= 0]
    return len(seen) >= 4 and (seen == sorted(seen) or seen == sorted(seen, reverse=True))


def numbered(numbers: Sequence[int]) -> re.Pattern[str]:
    """Three of the numbers that follow one another closely, as in a list of numbers or names made of them."""
    between = r"[^0-9]{1,12}"
    triples = [numbers[n : n + 3] for n in range(len(numbers) - 2)]
    return re.compile("|".join(rf"(?<!\d){between.join(map(str, three))}(?!\d)" for three in triples))


def plant(world: World) -> Canaries:
    """The world's round takes lists; the visiting student and company A have theirs."""
    round_id = int(world.shared["round_id"])
    with transaction() as session:
        season = session.get_one(InternshipRound, round_id)
        season.interviews_at, season.ranking_at, season.locks_at = NOW - 2 * HOUR, NOW - HOUR, NOW + 48 * HOUR
        season.publishes_at, season.ends_at = NOW + 96 * HOUR, NOW + 900 * HOUR
        first, draft = _postings(world, round_id)
        people = _people(round_id, first)
        visitor = session.get_one(Person, world.visitors["student"].person_id)
        for posting in first:
            _interest(round_id, posting, visitor.id)
        _trained(visitor.id)
    postings = [first[n].id for n in ORDER]
    made = Canaries(tuple(postings), tuple(people[n] for n in ORDER), draft.id)
    _rank(world, round_id, visitor, made)
    return made


def _postings(world: World, round_id: int) -> tuple[list[InternshipPosting], InternshipPosting]:
    def posting(title: str, owner: int, state: PostingState) -> InternshipPosting:
        said = given.SAID | {"title": title, "title_en": title, "places": 1, "starts_from": NOW.date() + timedelta(days=90),
                             "ends_by": NOW.date() + timedelta(days=200)}  # fmt: skip
        admin = (world.a, world.b)[owner].people["company_admin"].id
        return InternshipPosting(
            round_id=round_id, organisation_id=(world.a, world.b)[owner].organisation_id, state=state, once_key=f"canary {title}",
            created_by_id=admin, created_at=clock.now(), moved_at=clock.now(), **said,
        )  # fmt: skip

    first = [posting(title, n % 2, PostingState.PUBLISHED) for n, title in enumerate(TITLES)]
    draft = posting(DRAFT, 1, PostingState.DRAFT)
    db.session.add_all([*first, draft])
    db.session.flush()
    return first, draft


def _people(round_id: int, postings: Sequence[InternshipPosting]) -> list[int]:
    """Applicants of company A, who list one posting each."""
    found = []
    for name in NAMES:
        who = student(name=name)
        found.append(who.id)
        _interest(round_id, postings[0], who.id)
        _trained(who.id)
        db.session.add(
            PreferenceList(round_id=round_id, student_id=who.id, postings=[postings[0].id], changed_at=clock.now())
        )  # fmt: skip
    return found


def _interest(round_id: int, posting: InternshipPosting, who: int) -> None:
    made = Interest(
        round_id=round_id, organisation_id=posting.organisation_id, posting_id=posting.id, student_id=who, shown_at=clock.now(),
        moved_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add(Approval(interest_id=made.id, state=ApprovalState.APPROVED, asked_at=clock.now()))


def _trained(who: int) -> None:
    if has_credential(who, CredentialKind.TRAINING):
        return
    db.session.add(
        Credential(
            person_id=who, kind=CredentialKind.TRAINING, earned_on=clock.today(), granted_by_id=who, granted_at=clock.now()
        )
    )  # fmt: skip


def _rank(world: World, round_id: int, visitor: Person, made: Canaries) -> None:
    with given.acting(visitor) as by:
        save_list(
            season=db.session.get_one(InternshipRound, round_id), postings=made.postings, version=0, by=by
        )
    with given.acting(world.a.people["company_admin"]) as by:
        save_ranking(
            season=db.session.get_one(InternshipRound, round_id), organisation_id=world.a.organisation_id,
            ranking=Ranking.of([[who] for who in made.people], []), version=0, by=by,
        )  # fmt: skip
    with transaction():  # past all rules: the draft of another company leads the list
        kept = db.session.query(PreferenceList).filter_by(student_id=visitor.id).one()
        kept.postings = [made.draft, *made.postings]


def publish(world: World) -> None:
    """The lists lock, a run is made, chosen and published; all mails are written."""
    round_id = int(world.shared["round_id"])
    career = actor_of(db.session.get_one(Person, world.visitors["career"].person_id))
    _move(round_id, locks_at=NOW - HOUR / 2)
    with transaction() as session:
        season = session.get_one(InternshipRound, round_id)
        number = start_attempt(season=season, name="本番", once="canary", by=career).id
    run_due_jobs()
    with transaction() as session:
        choose_attempt(attempt=session.get_one(MatchAttempt, number), by=career)
    _move(round_id, publishes_at=NOW - HOUR / 4)
    publish_due()
    run_due_jobs()
    rollback()
    assert db.session.get_one(InternshipRound, round_id).stage is Stage.PUBLISHED


def _move(round_id: int, **moments: datetime) -> None:
    with transaction() as session:
        for step, at in moments.items():
            setattr(session.get_one(InternshipRound, round_id), step, at)
