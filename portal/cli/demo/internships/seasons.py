"""Four rounds, so that each stage can be looked at: one is over, one is matched, in one lists are made, one takes postings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from portal.cli.demo.deeds import Cast, acting
from portal.cli.demo.internships import offers as o
from portal.cli.demo.people import CAREER
from portal.core.access import Actor
from portal.core.clock import OFFICE_ZONE
from portal.core.db import db
from portal.domain.internships.agreements import AgreementKind
from portal.domain.internships.timetable import Timetable
from portal.internships.models import InternshipRound
from portal.internships.services.rounds import plan_round


@dataclass(frozen=True, slots=True)
class Season:
    """A round of the demo; `steps` are days from today and hours in the office's zone."""

    key: str
    name_ja: str
    name_en: str
    steps: tuple[tuple[int, int], ...]
    offers: tuple[o.Offer, ...]
    needed: tuple[AgreementKind, ...] = ()  # of every company

    def day(self, step: int) -> int:
        """Days from today."""
        return self.steps[step][0]


OVER = Season(
    "over", "第1回募集", "First round", ((-145, 9), (-125, 9), (-110, 9), (-100, 17), (-96, 10), (60, 17)),
    (o.STANDARD, o.REPORTS, o.SAFETY),
)  # fmt: skip
RANKING = Season(
    "ranking", "第2回募集", "Second round", ((-70, 9), (-40, 9), (-6, 9), (8, 17), (12, 10), (100, 17)),
    (o.MODELS, o.DESIGN, o.SEGMENTS, o.COHORT, o.SENSORS), (AgreementKind.BASIC,),
)  # fmt: skip
LOCKED = Season(
    "locked", "追加募集", "Additional round", ((-80, 9), (-50, 9), (-12, 9), (-2, 17), (6, 10), (110, 17)),
    (o.PATHWAYS, o.DOSAGE, o.VIDEOS, o.REGISTRY), (AgreementKind.BASIC,),
)  # fmt: skip
WRITING = Season(
    "writing", "第3回募集", "Third round", ((-20, 9), (30, 9), (60, 9), (75, 17), (82, 10), (150, 17)), o.DRAFTED,
    (AgreementKind.BASIC, AgreementKind.NDA),
)  # fmt: skip


def plan(cast: Cast, season: Season, year: int, today: date) -> None:
    """The career-support office plans it."""
    moments = (
        datetime.combine(today + timedelta(days=n), time(hour), OFFICE_ZONE) for n, hour in season.steps
    )
    plan_round(
        fiscal_year=year, name_ja=season.name_ja, name_en=season.name_en, longest_list=10, timetable=Timetable(*moments),
        once=f"demo-round-{season.key}", by=officer(cast), needed_agreements=season.needed,
    )  # fmt: skip


def officer(cast: Cast) -> Actor:
    """Career support."""
    return acting(cast.office[CAREER.box])


def round_of(season: Season) -> InternshipRound:
    """As it stands."""
    return db.session.scalars(
        select(InternshipRound).where(InternshipRound.once_key == f"demo-round-{season.key}")
    ).one()
