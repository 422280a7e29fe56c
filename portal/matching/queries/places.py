"""What the rounds of a chain have used up already: who is placed, and which places are left."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import or_, select

from portal.core import clock
from portal.core.db import db
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipHost, InternshipPosting
from portal.matching.enums import OfferState
from portal.matching.models import FollowUp, MatchOutcome, RollingOffer


def chain_before(round_id: int) -> list[int]:
    """The rounds that this one follows, the first one first; one statement."""
    links = {row[0]: row[1] for row in db.session.execute(select(FollowUp.round_id, FollowUp.follows_id))}
    found: list[int] = []
    here = links.get(round_id)
    while here is not None:
        found.insert(0, here)
        here = links.get(here)
    return found


def follower_of(round_id: int) -> int | None:
    """The round that follows this one."""
    return db.session.scalar(select(FollowUp.round_id).where(FollowUp.follows_id == round_id))


def placed_in(round_ids: list[int]) -> frozenset[int]:
    """Students whom the match, or an offer that they took, has placed in one of these rounds."""
    if not round_ids:
        return frozenset()
    outcomes, offers = MatchOutcome.__table__.c, RollingOffer.__table__.c
    matched = select(outcomes.student_id).where(
        outcomes.round_id.in_(round_ids), outcomes.posting_id.is_not(None)
    )
    taken = select(offers.student_id).where(offers.round_id.in_(round_ids), offers.state == OfferState.TAKEN)
    return frozenset(db.session.scalars(matched.union(taken)))


def unmatched_in(round_id: int) -> frozenset[int]:
    """Students who took part in the match, and have no place yet."""
    outcomes = MatchOutcome.__table__.c
    took_part = select(outcomes.student_id).where(outcomes.round_id == round_id)
    return frozenset(db.session.scalars(took_part)) - placed_in([round_id])


def places_left(round_id: int) -> dict[int, int]:
    """Open places by posting that students see, within what each company takes in all; an offer that stands holds its place."""
    postings, hosts = InternshipPosting.__table__.c, InternshipHost.__table__.c
    used = _used(round_id)
    rows = db.session.execute(
        select(postings.id, postings.organisation_id, postings.places)
        .where(postings.round_id == round_id, postings.state == PostingState.PUBLISHED)
        .order_by(postings.id)
    ).all()
    said = select(hosts.organisation_id, hosts.places).where(hosts.round_id == round_id)
    totals = {row[0]: row[1] for row in db.session.execute(said)}
    in_company: Counter[int] = Counter()
    for number, company, _places in rows:
        in_company[company] += used[number]
    return {
        number: max(0, min(places - used[number], totals.get(company, 10**6) - in_company[company]))
        for number, company, places in rows
    }


def _used(round_id: int) -> Counter[int]:
    outcomes, offers = MatchOutcome.__table__.c, RollingOffer.__table__.c
    matched = select(outcomes.posting_id).where(
        outcomes.round_id == round_id, outcomes.posting_id.is_not(None)
    )
    standing = or_(
        offers.state == OfferState.TAKEN,
        (offers.state == OfferState.OPEN) & (offers.expires_at > clock.now()),
    )
    held = select(offers.posting_id).where(offers.round_id == round_id, standing)
    return Counter([*db.session.scalars(matched), *db.session.scalars(held)])
