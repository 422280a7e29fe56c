"""What the rounds of a chain have used up already: who is placed, and which places are left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, cast, literal, null, select, union

from portal.careers.models import StudentProfile
from portal.core import clock
from portal.core.db import db
from portal.domain.internships.periods import Stay
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import Interest, InternshipHost, InternshipPosting, InternshipRound
from portal.matching.enums import OfferState
from portal.matching.models import (
    FollowUp,
    MatchCap,
    MatchOutcome,
    MatchPlace,
    Prearrangement,
    RollingOffer,
)


def first_of(round_id: int) -> int:
    """The first round of a chain: all that follow it are of one chain with it; one statement."""
    return _first(round_id, _links())


def follower_of(round_id: int) -> int | None:
    """The round that follows this one; one that was called off does not."""
    after = select(FollowUp.round_id).join(InternshipRound, InternshipRound.id == FollowUp.round_id)
    return db.session.scalar(
        after.where(FollowUp.follows_id == round_id, InternshipRound.cancelled_at.is_(None))
    )


def placed_over(round_id: int) -> frozenset[int]:
    """Who has a place in any round of the chain, also by a result that is chosen and not out yet; called off before the start, it is
    none. Two statements."""
    return _placed(MatchPlace.chain_id == first_of(round_id))


@dataclass(frozen=True)
class Beside:
    """What students with interest or an agreed place in a round have by others: `placed` has a place in its chain, `stays` are those
    in other chains."""

    placed: frozenset[int]
    stays: Mapping[int, Sequence[Stay]]


def places_beside(round_id: int) -> Beside:
    """One statement: the links of all chains, and the places."""
    places, postings = MatchPlace.__table__.c, InternshipPosting.__table__.c
    here = union(
        select(Interest.student_id).where(Interest.round_id == round_id),
        select(Prearrangement.student_id).where(Prearrangement.round_id == round_id),
    )
    none = (cast(null(), Date), cast(null(), Date), cast(null(), Integer))
    links = select(literal(True).label("is_link"), FollowUp.round_id, FollowUp.follows_id, *none)
    given = (
        select(literal(False), places.student_id, places.chain_id, postings.starts_from, postings.ends_by, postings.weeks)
        .join_from(MatchPlace.__table__, InternshipPosting.__table__, postings.id == places.posting_id)
        .where(places.freed_at.is_(None), places.round_id != round_id, places.student_id.in_(here))
    )  # fmt: skip
    rows: Sequence[Any] = db.session.execute(links.union_all(given)).all()
    chain = _first(round_id, {row[1]: row[2] for row in rows if row[0]})
    found: dict[int, list[Stay]] = {}
    for _is_link, student, _other, *days in (row for row in rows if not row[0] and row[2] != chain):
        found.setdefault(student, []).append(Stay(*days))
    return Beside(frozenset(row[1] for row in rows if not row[0] and row[2] == chain), found)


def days_of(student_id: int, round_id: int) -> tuple[list[Stay], tuple[date | None, date | None]]:
    """A student's places by other rounds, as far as these are out, and the days on which they can come by their profile; one statement."""
    places, postings, said = MatchPlace.__table__.c, InternshipPosting.__table__.c, StudentProfile.__table__.c
    out = select(InternshipRound.id).where(InternshipRound.told_at.is_not(None))
    mine = (
        places.student_id == student_id,
        places.freed_at.is_(None),
        places.round_id != round_id,
        places.round_id.in_(out),
    )
    own = select(literal(True).label("is_own"), said.free_from, said.free_until, cast(null(), Integer))
    stays = select(literal(False), postings.starts_from, postings.ends_by, postings.weeks).join_from(
        MatchPlace.__table__, InternshipPosting.__table__, postings.id == places.posting_id
    )
    rows = db.session.execute(own.where(said.person_id == student_id).union_all(stays.where(*mine))).all()
    free = next(((row[1], row[2]) for row in rows if row[0]), (None, None))
    return [Stay(*row[1:]) for row in rows if not row[0]], free


def later_in_chain(round_id: int) -> list[int]:
    """Rounds of the chain but the first."""
    links = _links()
    first = _first(round_id, links)
    return sorted(number for number in links if _first(number, links) == first)


def places_in(round_id: int) -> list[tuple[int, int]]:
    """Students and their postings in this round."""
    here = select(MatchPlace.student_id, MatchPlace.posting_id).where(
        MatchPlace.round_id == round_id, MatchPlace.freed_at.is_(None)
    )
    return [(row[0], row[1]) for row in db.session.execute(here.order_by(MatchPlace.id))]


def given_back_in(round_id: int) -> frozenset[tuple[int, int]]:
    """Students and postings whose internship was called off before its start."""
    here = select(MatchPlace.student_id, MatchPlace.posting_id).where(
        MatchPlace.round_id == round_id, MatchPlace.freed_at.is_not(None)
    )
    return frozenset((row[0], row[1]) for row in db.session.execute(here))


def took_part_in(round_id: int) -> frozenset[int]:
    """Students whom the match of this round has judged."""
    outcomes = MatchOutcome.__table__.c
    return frozenset(db.session.scalars(select(outcomes.student_id).where(outcomes.round_id == round_id)))


def unmatched_in(round_id: int) -> frozenset[int]:
    """Students who took part in the match, and have no place in any round of the chain."""
    return took_part_in(round_id) - placed_over(round_id)


@dataclass(frozen=True)
class Used:
    """Places that are given, or held by an offer that stands: by posting, and by company whatever has become of its postings."""

    by_posting: Counter[int]
    by_company: Counter[int]


def used_in(round_id: int) -> Used:
    """Three statements."""
    offers, postings = RollingOffer.__table__.c, InternshipPosting.__table__.c
    held = select(offers.posting_id).where(
        offers.round_id == round_id, offers.state == OfferState.OPEN, offers.expires_at > clock.now()
    )
    used = Counter([*(posting for _student, posting in places_in(round_id)), *db.session.scalars(held)])
    companies: Counter[int] = Counter()
    owners = select(postings.id, postings.organisation_id).where(postings.round_id == round_id)
    for number, company in db.session.execute(owners):
        companies[company] += used[number]
    return Used(used, companies)


def places_left(round_id: int, used: Used) -> dict[int, int]:
    """Open places by posting that students see, within what each company takes in all; an offer that stands holds its place."""
    postings, left = InternshipPosting.__table__.c, companies_left(round_id, used)
    rows = db.session.execute(
        select(postings.id, postings.organisation_id, postings.places)
        .where(postings.round_id == round_id, postings.state == PostingState.PUBLISHED)
        .order_by(postings.id)
    ).all()
    return {
        number: max(0, min(places - used.by_posting[number], left.get(company, 10**6)))
        for number, company, places in rows
    }


def companies_left(round_id: int, used: Used) -> dict[int, int]:
    """How many more students companies take that said how many in all, by number; never below 0."""
    hosts = InternshipHost.__table__.c
    said = select(hosts.organisation_id, hosts.places).where(hosts.round_id == round_id)
    return {row[0]: max(0, row[1] - used.by_company[row[0]]) for row in db.session.execute(said)}


def limits_left(round_id: int, used: Used) -> dict[int, int]:
    """How many more students may come to each company that stands under a limit, by its number; never below 0."""
    caps = select(MatchCap.places, MatchCap.targets).where(MatchCap.round_id == round_id)
    return {
        int(company): max(0, places - sum(used.by_company[int(each)] for each in targets))
        for places, targets in db.session.execute(caps)
        for company in targets
    }


def _links() -> dict[int, int]:
    """Each follow-up round, and which one it follows."""
    return {row[0]: row[1] for row in db.session.execute(select(FollowUp.round_id, FollowUp.follows_id))}


def _first(round_id: int, links: Mapping[int, int]) -> int:
    while round_id in links:
        round_id = links[round_id]
    return round_id


def _placed(*where: ColumnElement[bool]) -> frozenset[int]:
    standing = select(MatchPlace.student_id).where(MatchPlace.freed_at.is_(None), *where)
    return frozenset(db.session.scalars(standing))
