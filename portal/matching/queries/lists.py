"""What is ranked, for its owner alone. Nobody else calls these: the office reads a list only with a reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.internships.timetable import READABLE
from portal.internships.models import InternshipRound
from portal.internships.policy import hosting_organisations
from portal.internships.queries.interests import Wanted, all_interests_of
from portal.internships.queries.rounds import newest_rounds
from portal.matching.models import CompanyRanking, Prearrangement, PreferenceList


def begun_rounds() -> Sequence[InternshipRound]:
    """Rounds that have begun and were not called off, the newest first."""
    return [each for each in newest_rounds() if each.stage in READABLE]


def round_to_rank(round_id: int) -> InternshipRound:
    """A round that has begun and was not called off; raises NotFound."""
    found = db.session.get(InternshipRound, round_id)
    if found is None or found.stage not in READABLE:
        raise NotFound
    return found


def own_list(person: Actor, round_id: int) -> PreferenceList | None:
    """The student's own."""
    mine = (PreferenceList.round_id == round_id, PreferenceList.student_id == person.id)
    return db.session.scalars(select(PreferenceList).where(*mine)).one_or_none()


def standing_order(kept: PreferenceList | None, wanted: Collection[int]) -> list[int]:
    """The postings of a list as its owner reads it and as it counts: best first, without those whose interest was taken back."""
    return [posting for posting in (kept.postings if kept else []) if posting in wanted]


def wanted_by(person: Actor, round_id: int) -> dict[int, Wanted]:
    """In what the student's interest stands in a round, by posting; also what is no longer offered."""
    return {each.posting_id: each for each in all_interests_of(person.id) if each.season.id == round_id}


def own_ranking(person: Actor, round_id: int, organisation_id: int) -> CompanyRanking | None:
    """The ranking of a company for which the person offers internships; raises NotFound for all others."""
    if organisation_id not in hosting_organisations(person):
        raise NotFound
    mine = (CompanyRanking.round_id == round_id, CompanyRanking.organisation_id == organisation_id)
    return db.session.scalars(select(CompanyRanking).where(*mine)).one_or_none()


def is_settled(round_id: int, student_id: int) -> bool:
    """Whether all four sides have agreed upon a place for the student already."""
    mine = select(Prearrangement).where(
        Prearrangement.round_id == round_id, Prearrangement.student_id == student_id
    )
    return any(each.is_fixed for each in db.session.scalars(mine))
