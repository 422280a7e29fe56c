"""Who may be placed after the match: the gate of the match, asked anew whenever a place is offered or taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select

from portal.core.db import db
from portal.domain.internships.timetable import Stage
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.queries.interests import applicants_of
from portal.matching.models import MatchPlace, PreferenceList
from portal.matching.queries.places import (
    Used,
    given_back_in,
    later_in_chain,
    limits_left,
    placed_over,
    took_part_in,
    used_in,
)
from portal.matching.services.gates import Gate, gate_of


def openings_in(season: InternshipRound) -> Openings:
    """As the tables stand; as many statements however many take part."""
    taken, used = placed_over(season.id), used_in(season.id)
    return Openings(
        gate_of(season), taken, took_part_in(season.id) - taken, given_back_in(season.id), used, limits_left(season.id, used)
    )  # fmt: skip


@dataclass(frozen=True)
class Openings:
    """`placed`: who has a place in the chain. `unmatched`: who took part and has none. `given_back`: pairs whose internship was
    called off before its start. `limits`: how many more may come to a company under a limit."""

    gate: Gate
    placed: frozenset[int]
    unmatched: frozenset[int]
    given_back: frozenset[tuple[int, int]]
    used: Used
    limits: Mapping[int, int]

    def may(self, student: int, posting: int) -> bool:
        """Whether the student could come to this posting, were there a place."""
        is_free = student in self.unmatched and (student, posting) not in self.given_back
        return is_free and self.gate.may_be(student, posting)

    def has_room(self, company: int) -> bool:
        """Whether the limit under which the company stands, if any, lets one more come."""
        return self.limits.get(company, 1) > 0


def free_applicants(
    openings: Openings, round_id: int, organisation_id: int, postings: Sequence[InternshipPosting]
) -> dict[int, str]:  # fmt: skip
    """Names of the company's applicants who may be offered a place of one of these postings; as many statements for all."""
    if not openings.has_room(organisation_id):
        return {}
    return {
        each.student_id: each.name
        for each in applicants_of(organisation_id, round_id)
        if any(openings.may(each.student_id, posting.id) for posting in postings)
    }


def waits_for_results(round_id: int, student_id: int) -> bool:
    """Whether the student takes part in a later round of the chain whose lists are locked and whose results are not out."""
    mine = or_(
        exists().where(
            PreferenceList.round_id == InternshipRound.id, PreferenceList.student_id == student_id
        ),
        exists().where(MatchPlace.round_id == InternshipRound.id, MatchPlace.student_id == student_id),
    )
    found = db.session.scalars(
        select(InternshipRound).where(InternshipRound.id.in_(later_in_chain(round_id)), mine)
    )
    return any(season.stage is Stage.LOCKED for season in found)
