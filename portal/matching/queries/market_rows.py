"""Everything that a round's match depends on, read in as many statements however many take part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, select, union

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Person
from portal.careers.models import StudentProfile
from portal.core.db import ask, written
from portal.domain.internships.interest_flow import InterestState
from portal.internships.models import (
    Interest,
    InternshipHost,
    InternshipPosting,
)
from portal.matching.models import (
    CompanyRanking,
    Exclusion,
    HostHold,
    MatchCap,
    Prearrangement,
    PreferenceList,
)

_postings, _lists, _rankings = (m.__table__.c for m in (InternshipPosting, PreferenceList, CompanyRanking))
_hosts, _interests = (m.__table__.c for m in (InternshipHost, Interest))
_pairs, _excluded, _caps, _holds = (m.__table__.c for m in (Prearrangement, Exclusion, MatchCap, HostHold))
_people, _roles, _said = (m.__table__.c for m in (Person, Affiliation, StudentProfile))
_HERE: Any = bindparam("round")

_FIXED = (
    _pairs.round_id == _HERE, _pairs.ended_at.is_(None), _pairs.student_at.is_not(None),
    _pairs.company_at.is_not(None), _pairs.supervisor_at.is_not(None), _pairs.office_at.is_not(None),
)  # fmt: skip
_TAKING_PART = union(
    select(_lists.student_id).where(_lists.round_id == _HERE), select(_pairs.student_id).where(*_FIXED)
)
_IS_STUDENT = exists().where(
    _roles.person_id == _people.id, _roles.role.in_(written(Role.STUDENT)), _roles.ended_at.is_(None)
)
POSTINGS = select(
    _postings.id, _postings.organisation_id, _postings.places, _postings.least_places, _postings.starts_from,
    _postings.ends_by, _postings.weeks, _postings.state, _postings.data_agreements,
).where(_postings.round_id == _HERE)  # fmt: skip
LISTS = select(_lists.student_id, _lists.postings).where(_lists.round_id == _HERE)
RANKINGS = select(_rankings.organisation_id, _rankings.tiers).where(_rankings.round_id == _HERE)
HOSTS = select(_hosts.organisation_id, _hosts.places).where(_hosts.round_id == _HERE)
INTERESTS = select(_interests.student_id, _interests.posting_id).where(
    _interests.round_id == _HERE, _interests.state.in_(written(InterestState.SHOWN))
)
FIXED = select(_pairs.student_id, _pairs.posting_id).where(*_FIXED).order_by(_pairs.id)
EXCLUDED = select(_excluded.student_id, _excluded.organisation_id).where(
    _excluded.lifted_at.is_(None), _excluded.student_id.in_(_TAKING_PART)
)
CAPS = select(_caps.kind, _caps.name, _caps.places, _caps.targets).where(_caps.round_id == _HERE)
HOLDS = select(_holds.organisation_id).where(_holds.round_id == _HERE, _holds.lifted_at.is_(None))
STUDENTS = (
    select(_people.id, ~_people.is_disabled & _IS_STUDENT, _said.free_from, _said.free_until)
    .join_from(Person.__table__, StudentProfile.__table__, _said.person_id == _people.id, isouter=True)
    .where(_people.id.in_(_TAKING_PART))
)


@dataclass(frozen=True, slots=True)
class MarketRows:
    """The rows, as the statements above give them."""

    postings: Sequence[Any]
    lists: Sequence[Any]
    rankings: Sequence[Any]
    hosts: Sequence[Any]
    interests: Sequence[Any]
    fixed: Sequence[Any]
    excluded: Sequence[Any]
    caps: Sequence[Any]
    holds: Sequence[Any]
    students: Sequence[Any]


def market_rows(round_id: int) -> MarketRows:
    """Ten statements."""
    statements = (POSTINGS, LISTS, RANKINGS, HOSTS, INTERESTS, FIXED, EXCLUDED, CAPS, HOLDS, STUDENTS)
    return MarketRows(*(ask(statement, round=round_id) for statement in statements))
