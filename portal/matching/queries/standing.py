"""Who has saved something in a round; never what, but for the counts of the diagnosis."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, exists, func, select

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import name_column
from portal.core import clock
from portal.core.db import any_of, ask, db, written
from portal.domain.internships.interest_flow import InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import Interest, InternshipPosting, InternshipRound
from portal.internships.queries.postings import title_column
from portal.matching.models import CompanyRanking, DemandSignal, PreferenceList

_interests, _postings = Interest.__table__.c, InternshipPosting.__table__.c
_lists, _rankings = PreferenceList.__table__.c, CompanyRanking.__table__.c
_STANDING = (
    _interests.round_id == bindparam("round", type_=_interests.round_id.type),
    _interests.state.in_(written(InterestState.SHOWN)), _postings.state.in_(written(PostingState.PUBLISHED)),
)  # fmt: skip
_INTERESTS = Interest.__table__.join(InternshipPosting.__table__, _postings.id == _interests.posting_id)
_LISTLESS = (
    select(_interests.student_id)
    .select_from(_INTERESTS)
    .where(
        *_STANDING,
        ~exists().where(_lists.round_id == _interests.round_id, _lists.student_id == _interests.student_id),
    )
    .distinct()
    .order_by(_interests.student_id)
)
_RANKLESS = (
    select(_interests.organisation_id)
    .select_from(_INTERESTS)
    .where(
        *_STANDING,
        ~exists().where(
            _rankings.round_id == _interests.round_id, _rankings.organisation_id == _interests.organisation_id
        ),
    )
    .distinct()
    .order_by(_interests.organisation_id)
)
_REFUSED = select(_rankings.organisation_id, _rankings.unacceptable).where(
    _rankings.round_id == bindparam("round")
)


def students_without_list(round_id: int) -> Sequence[int]:
    """Who shows interest in an open posting and has saved nothing."""
    return [row[0] for row in ask(_LISTLESS, round=round_id)]


def companies_without_ranking(round_id: int) -> Sequence[int]:
    """Which companies have applicants and have saved nothing."""
    return [row[0] for row in ask(_RANKLESS, round=round_id)]


def refused_of(round_id: int) -> dict[int, frozenset[int]]:
    """Whom companies called not acceptable; for counting."""
    return {row[0]: frozenset(row[1]) for row in ask(_REFUSED, round=round_id)}


def applicants_in(round_id: int) -> dict[int, int]:
    """How many students show interest, by posting: its company knows them by name."""
    shown = (Interest.round_id == round_id, Interest.state == InterestState.SHOWN)
    counted = select(Interest.posting_id, func.count()).where(*shown).group_by(Interest.posting_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def demand_in(round_id: int) -> DemandSignal | None:
    """The signal of a round, shown or hidden."""
    return db.session.scalars(select(DemandSignal).filter_by(round_id=round_id)).one_or_none()


def told_in(round_ids: Collection[int]) -> set[int]:
    """Those of the rounds whose demand may be read."""
    told = DemandSignal.__table__.c
    rows = ask(
        select(told.round_id).where(told.round_id.in_(any_of("n")), told.hidden_at.is_(None)),
        n=list(round_ids),
    )
    return {row[0] for row in rows}


def named_people(numbers: Collection[int]) -> dict[int, str]:
    """Names by number."""
    people = Person.__table__.c
    return dict(ask(select(people.id, people.name).where(people.id.in_(any_of("n"))), n=list(numbers)))


def named_companies(numbers: Collection[int], language: str) -> dict[int, str]:
    """Names by number, for a reader of `ja` or `en`."""
    bodies = Organisation.__table__.c
    return dict(
        ask(select(bodies.id, name_column(language)).where(bodies.id.in_(any_of("n"))), n=list(numbers))
    )


def titled_postings(numbers: Collection[int], language: str) -> dict[int, tuple[str, int]]:
    """Title and company by number."""
    wanted = select(_postings.id, title_column(language), _postings.organisation_id)
    rows = ask(wanted.where(_postings.id.in_(any_of("n"))), n=list(numbers))
    return {row[0]: (row[1], row[2]) for row in rows}


def rounds_to_rank(
    *, student_id: int | None = None, organisation_id: int | None = None
) -> Sequence[InternshipRound]:
    """Rounds in which ranking is open and somebody with interests, or a company with applicants, has saved nothing; one statement."""
    now, rounds = clock.now(), InternshipRound
    owner = (
        Interest.student_id == student_id
        if organisation_id is None
        else Interest.organisation_id == organisation_id
    )
    wanted = (
        exists()
        .where(Interest.round_id == rounds.id, owner, Interest.state == InterestState.SHOWN)
        .where(InternshipPosting.id == Interest.posting_id, InternshipPosting.state == PostingState.PUBLISHED)
    )
    saved = (
        exists().where(PreferenceList.round_id == rounds.id, PreferenceList.student_id == student_id)
        if organisation_id is None
        else exists().where(
            CompanyRanking.round_id == rounds.id, CompanyRanking.organisation_id == organisation_id
        )
    )
    open_now = (rounds.ranking_at <= now, rounds.locks_at > now, rounds.cancelled_at.is_(None))
    return db.session.scalars(select(rounds).where(*open_now, wanted, ~saved).order_by(rounds.id)).all()
