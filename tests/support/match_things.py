"""A round whose lists are locked, with a run that is done, as addresses name them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.internships.timetable import STEPS, Timetable
from portal.internships.models import InternshipRound
from portal.matching.models import (
    CompanyRanking,
    MatchAttempt,
    MatchOutcome,
    MatchPlace,
    RollingOffer,
)
from portal.matching.services.attempts import start_attempt
from portal.matching.services.running import run_attempt
from tests.support import internships as given
from tests.support import matching as told
from tests.support.academics import university
from tests.support.marks import YEAR, Side, Thing
from tests.support.people import actor_of

DAY = timedelta(days=1)
LOCKED = ("list_attempts", "start_attempt", "take_back_choice", "list_lists", "read_list", "read_ranking")
OUT = (
    "matching.show_result", "matching.show_interns", "matching.list_company_offers", "matching.add_offer",
    "matching_staff.add_follow_up", "matching_staff.list_offers", "matching.show_pictures",
    "matching_staff.show_pictures",
)  # fmt: skip


def match_things(sides: Sequence[Side], officer: Person) -> dict[str, Thing]:
    """The office's things: a locked round and a run over it."""
    round_id = _round(officer, (-60, -40, -20, -1, 5, 60))
    who = told.trained(university(), name="学術 trained")
    told.lists(who, round_id, *(_lists(side, who, round_id) for side in sides))
    by = actor_of(officer)
    with transaction():
        season = db.session.get_one(InternshipRound, round_id)
        attempt_id = start_attempt(season=season, name="世界の計算", once="world", by=by).id
    run_attempt(attempt_id)
    out = _published(sides, officer)
    found: dict[str, Thing] = {"attempt_id": attempt_id, "matching_staff.read_list:student_id": who.id}
    found |= {f"matching_staff.{each}:round_id": round_id for each in LOCKED}
    return found | {f"{each}:round_id": out for each in OUT}


def _published(sides: Sequence[Side], officer: Person) -> int:
    """A round with results: the visiting student comes to the first company, another to the second."""
    round_id, now = _round(officer, (-90, -80, -70, -60, -3, 60)), clock.now()
    visitor = db.session.scalars(select(Person).where(Person.name == "学術 student")).one()
    students = (visitor.id, told.trained(university(), name="学術 placed").id)
    with transaction() as session:
        attempt = MatchAttempt(
            round_id=round_id, once_key="world out", name="公表の計算", created_at=now, created_by_id=officer.id, chosen_at=now,
            overrides=[],
        )  # fmt: skip
        session.add(attempt)
        season = session.get_one(InternshipRound, round_id)
        season.chosen_at = season.told_at = now
        session.flush()
        number = attempt.id
    for side, student in zip(sides, students, strict=True):
        posting = told.offer(side.people["company_admin"], round_id, title=f"{side.mark.word}での実習")
        with transaction() as session:
            why = [{"posting": posting, "reason": "matched"}]
            row = MatchOutcome(
                round_id=round_id, attempt_id=number, student_id=student, posting_id=posting, explanation=why
            )
            session.add(row)
            session.add(
                MatchPlace(
                    chain_id=round_id, round_id=round_id, posting_id=posting, student_id=student, made_at=now
                )
            )
            session.flush()
            offered = RollingOffer(
                round_id=round_id, chain_id=round_id, organisation_id=side.organisation_id, posting_id=posting, student_id=student,
                once_key=f"world {side.mark.latin}", made_at=now, made_by_id=side.people["company_admin"].id, expires_at=now + 3 * DAY,
            )  # fmt: skip
            session.add(offered)
        side.things["offer_id"] = offered.id
    return round_id


def _round(officer: Person, days: Sequence[int]) -> int:
    """A round of which some moments have passed: planned, then moved back."""
    ahead = Timetable(*(clock.now() + n * DAY for n in (1, 20, 40, 50, 57, 90)))
    round_id = given.plan(officer, times=ahead, fiscal_year=YEAR)
    with transaction():
        season = db.session.get_one(InternshipRound, round_id)
        for step, n in zip(STEPS, days, strict=True):
            setattr(season, step, clock.now() + n * DAY)
    return round_id


def _lists(side: Side, who: Person, round_id: int) -> int:
    """A posting of one place, which the student shows interest in, and which the company would give to them."""
    admin = side.people["company_admin"]
    posting = told.offer(
        admin,
        round_id,
        places=1,
        title=f"{side.mark.word}での研究",
        title_en=f"Research at {side.mark.latin}",
    )
    told.apply(who, posting)
    with transaction() as session:
        session.add(
            CompanyRanking(
                round_id=round_id, organisation_id=side.organisation_id, tiers=[[who.id]], unacceptable=[],
                changed_at=clock.now(), changed_by_id=admin.id,
            )
        )  # fmt: skip
    return posting
