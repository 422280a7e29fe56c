"""Figures of a round for its pictures: counts alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.core.db import db
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipPosting
from portal.internships.queries.flow import flow_of
from portal.matching.enums import OfferState, StudyKind
from portal.matching.models import MatchAttempt, MatchOutcome, MatchStudy, RollingOffer


@dataclass(frozen=True, slots=True)
class Fill:
    """Places on offer, and how many of them are filled."""

    places: int = 0
    filled: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """Pairs of student and posting: interest, an interview, a place. `met` had an interview; `*_placed` came to a place."""

    interests: int
    met: int
    met_placed: int
    others_placed: int


def chosen_attempt(round_id: int) -> MatchAttempt | None:
    """The run whose result counts."""
    which = (MatchAttempt.round_id == round_id, MatchAttempt.chosen_at.is_not(None))
    return db.session.scalars(select(MatchAttempt).where(*which)).one_or_none()


def chances_of(attempt: MatchAttempt) -> MatchStudy | None:
    """What 1,000 lotteries gave, once worked out."""
    mine = (MatchStudy.attempt_id == attempt.id, MatchStudy.kind == StudyKind.CHANCES)
    return db.session.scalars(
        select(MatchStudy).where(*mine, MatchStudy.finished_at.is_not(None))
    ).one_or_none()


def fill_by_area(round_id: int) -> dict[str, Fill]:
    """By the code of the priority area."""
    return _sums(round_id, InternshipPosting.__table__.c.area)


def fill_by_company(round_id: int, language: str) -> dict[str, Fill]:
    """By the company's name, for the office: it knows who goes where."""
    return _sums(round_id, name_column(language))


def flow_in(round_id: int) -> Flow:
    """From interest over interviews to places."""
    steps, placed = flow_of(round_id)["pairs"], _placed(round_id)
    interests, met = steps["interests"], steps["agreed"]
    return Flow(len(interests), len(met), len(met & placed), len((interests - met) & placed))


def _sums(round_id: int, key: object) -> dict[str, Fill]:
    postings, bodies = InternshipPosting.__table__.c, Organisation.__table__.c
    rows = db.session.execute(
        select(postings.id, postings.places, key)  # type: ignore[call-overload]
        .join_from(InternshipPosting.__table__, Organisation.__table__, bodies.id == postings.organisation_id)
        .where(postings.round_id == round_id, postings.state == PostingState.PUBLISHED)
    ).all()
    filled = Counter(posting for _student, posting in _placed(round_id))
    found: dict[str, Fill] = {}
    for number, places, name in rows:
        old = found.get(name, Fill())
        found[name] = Fill(old.places + places, old.filled + filled[number])
    return dict(sorted(found.items()))


def _placed(round_id: int) -> frozenset[tuple[int, int]]:
    outcomes, offers = MatchOutcome.__table__.c, RollingOffer.__table__.c
    matched = select(outcomes.student_id, outcomes.posting_id).where(
        outcomes.round_id == round_id, outcomes.posting_id.is_not(None)
    )
    taken = select(offers.student_id, offers.posting_id).where(
        offers.round_id == round_id, offers.state == OfferState.TAKEN
    )
    return frozenset((row[0], row[1]) for row in db.session.execute(matched.union(taken)))
