"""What students, their supervisor and companies want in a round, and how the first round came out."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts.models import Person
from portal.accounts.queries import person_by_email
from portal.careers.services.supervision import choose_supervisor
from portal.careers.services.training import grant_training
from portal.cli.demo.deeds import Cast, acting
from portal.cli.demo.firms import GLOBAL, MEDICAL_IT, PHARMA, Firm
from portal.cli.demo.internships import offers as o
from portal.cli.demo.internships.postings import number_of
from portal.cli.demo.internships.seasons import LOCKED, OVER, RANKING, Season, officer, round_of
from portal.cli.demo.people import STUDENTS, SUPERVISOR, UNIVERSITY_DOMAIN
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.internships.ranking import Ranking
from portal.internships.models import InternshipPosting
from portal.internships.queries.approvals import Asked, asked_of
from portal.internships.services.approvals import approve_pair, veto_pair
from portal.internships.services.asking import ask_supervisors
from portal.internships.services.interests import show_interest
from portal.matching.queries.attempts import attempt_for_office, attempts_in
from portal.matching.services.attempts import start_attempt
from portal.matching.services.choosing import choose_attempt
from portal.matching.services.lists import save_list
from portal.matching.services.rankings import save_ranking
from portal.matching.services.what_ifs import Change, try_change

WORDS = "貴社の研究課題に関心があります。研究で身につけた解析の手法を生かしたいと考えています。"
VETO = "データ収集の時期と重なるため、今回は研究を優先してください。"


@dataclass(frozen=True, slots=True)
class Wishes:
    """By the boxes of students: whom they are interested in, best first; who has saved a list; which pairs the supervisor left
    open or declined; how firms rank, in tiers."""

    season: Season
    interests: dict[str, tuple[o.Offer, ...]]
    listing: tuple[str, ...]
    rankings: tuple[tuple[Firm, tuple[tuple[str, ...], ...]], ...]
    left_open: tuple[tuple[str, o.Offer], ...] = ()
    declined: tuple[tuple[str, o.Offer], ...] = ()


FIRST = Wishes(
    OVER,
    {
        "mari": (o.STANDARD, o.REPORTS), "ken": (o.STANDARD, o.REPORTS), "yu": (o.SAFETY, o.REPORTS),
        "alex": (o.REPORTS, o.SAFETY), "robin": (o.SAFETY, o.STANDARD),
    },
    ("mari", "ken", "yu", "alex", "robin"),
    (
        (PHARMA, (("mari",), ("ken", "robin"))), (MEDICAL_IT, (("ken", "alex"), ("mari",), ("yu",))),
        (GLOBAL, (("yu",), ("robin",), ("alex",))),
    ),
)  # fmt: skip
SECOND = Wishes(
    RANKING,
    {
        "manabu": (o.MODELS, o.SEGMENTS, o.COHORT, o.SENSORS), "robin": (o.COHORT, o.MODELS, o.SEGMENTS),
        "aoi": (o.MODELS, o.DESIGN, o.SENSORS), "ren": (o.SEGMENTS, o.MODELS),
    },
    ("robin", "aoi"), ((MEDICAL_IT, (("ren",), ("manabu", "robin"))),),
    left_open=(("manabu", o.COHORT), ("ren", o.MODELS)), declined=(("manabu", o.SENSORS),),
)  # fmt: skip
BETWEEN = Wishes(
    LOCKED,
    {
        "manabu": (o.PATHWAYS, o.DOSAGE, o.REGISTRY), "robin": (o.PATHWAYS, o.VIDEOS), "mari": (o.DOSAGE, o.PATHWAYS),
        "ken": (o.VIDEOS, o.PATHWAYS), "yu": (o.REGISTRY, o.DOSAGE), "aoi": (o.DOSAGE, o.REGISTRY, o.PATHWAYS),
        "ren": (o.PATHWAYS, o.REGISTRY),
    },
    ("manabu", "robin", "mari", "ken", "yu", "aoi", "ren"),
    (
        (PHARMA, (("manabu", "robin", "ren"), ("mari", "aoi"))), (MEDICAL_IT, (("ken",), ("robin",))),
        (GLOBAL, (("yu", "aoi"), ("manabu", "ren"))),
    ),
)  # fmt: skip
ALL = (FIRST, BETWEEN, SECOND)


def name_supervisors(cast: Cast) -> None:
    """Every student names the same supervisor; all have completed the training."""
    for human in STUDENTS:
        address = SUPERVISOR.address(UNIVERSITY_DOMAIN)
        choose_supervisor(name=SUPERVISOR.name, email=address, seen=None, by=student(human.box))
    numbers = [student(human.box).id for human in STUDENTS]
    grant_training(student_ids=numbers, earned_on=clock.today(), by=officer(cast))


def show(cast: Cast, wishes: Wishes) -> None:
    """Students show interest."""
    for box, wanted in wishes.interests.items():
        for offer in wanted:
            if number := number_of(offer):
                posting = db.session.get_one(InternshipPosting, number)
                show_interest(posting=posting, words=WORDS, by=student(box))


def ask(cast: Cast) -> None:
    """The supervisor is mailed the links, as every morning."""
    ask_supervisors()


def approve(cast: Cast, wishes: Wishes) -> None:
    """The supervisor decides."""
    supervisor = acting(_person(SUPERVISOR.box))
    for asked in asked_of(supervisor):
        if asked.season.once_key != round_of(wishes.season).once_key or _is_among(asked, wishes.left_open):
            continue
        if _is_among(asked, wishes.declined):
            veto_pair(asked=asked, reason=VETO, version=asked.approval.version, by=supervisor.id)
        else:
            version = asked.approval.version
            approve_pair(asked=asked, from_on=None, until_on=None, version=version, by=supervisor.id)


def rank(cast: Cast, wishes: Wishes) -> None:
    """Students and companies rank, as far as they have."""
    season = round_of(wishes.season)
    for box in wishes.listing:
        numbers = [number for offer in wishes.interests[box] if (number := number_of(offer))]
        save_list(season=season, postings=numbers, version=0, by=student(box))
    for firm, tiers in wishes.rankings:
        if not any(number_of(offer) for offer in wishes.season.offers if offer.firm is firm):
            continue
        found = person_by_email(firm.address(0))
        assert found is not None
        by = acting(found)
        ranking = Ranking.of([[student(box).id for box in tier] for tier in tiers], ())
        save_ranking(season=season, organisation_id=by.organisation_ids[0], ranking=ranking, version=0, by=by)


def run(cast: Cast) -> None:
    """The office runs the match of the first round."""
    start_attempt(season=round_of(OVER), name="本番", once="demo-attempt", by=officer(cast))


def try_out(cast: Cast) -> None:
    """The additional round is matched, and a second place of its first posting is tried."""
    season, by = round_of(LOCKED), officer(cast)
    start_attempt(season=season, name="1回目の計算", once="demo-attempt-locked", by=by)


def ask_what_if(cast: Cast) -> None:
    """What a second place would change."""
    number = number_of(o.PATHWAYS)
    found = attempts_in(round_of(LOCKED).id)
    if number is None or not found:
        return
    by = officer(cast)
    try_change(
        base=attempt_for_office(by, found[0][0]), change=Change.POSTING, values={"posting": f"p{number}", "places": 2},
        name="受入人数を2名にした場合", once="demo-what-if", by=by,
    )  # fmt: skip


def choose(cast: Cast) -> None:
    """Its result is to be published."""
    by = officer(cast)
    number = attempts_in(round_of(OVER).id)[0][0]
    choose_attempt(attempt=attempt_for_office(by, number), by=by)


def _is_among(asked: Asked, pairs: tuple[tuple[str, o.Offer], ...]) -> bool:
    pair = (asked.interest.student_id, asked.posting.id)
    return pair in {(student(box).id, number_of(offer)) for box, offer in pairs}


def student(box: str) -> Actor:
    """Somebody of the university, by the box of their address."""
    return acting(_person(box))


def _person(box: str) -> Person:
    found = person_by_email(f"{box}@{UNIVERSITY_DOMAIN}")
    assert found is not None
    return found
