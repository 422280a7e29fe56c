"""Who has a list, for the office (never what stands on it), and who read one, for its owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, or_, select, type_coerce

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import name_column
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.internships.models import InternshipRound
from portal.internships.policy import hosting_organisations
from portal.matching.models import CompanyRanking, ListReading, PreferenceList

MOST = 200  # readings on one page


def students_with_lists(round_id: int) -> Sequence[Any]:
    """Number and name, in order of names."""
    lists, people = PreferenceList.__table__.c, Person.__table__.c
    wanted = select(people.id, people.name).join_from(
        PreferenceList.__table__, Person.__table__, people.id == lists.student_id
    )
    return db.session.execute(wanted.where(lists.round_id == round_id).order_by(people.name, people.id)).all()


def companies_with_rankings(round_id: int, language: str) -> Sequence[Any]:
    """Number and name, in order of names."""
    lists, bodies = CompanyRanking.__table__.c, Organisation.__table__.c
    name = name_column(language)
    wanted = select(bodies.id, name).join_from(
        CompanyRanking.__table__, Organisation.__table__, bodies.id == lists.organisation_id
    )
    return db.session.execute(wanted.where(lists.round_id == round_id).order_by(name, bodies.id)).all()


def owner_name(round_id: int, language: str, *, student_id: int = 0, organisation_id: int = 0) -> str:
    """Whose list it is; raises NotFound where there is none in the round."""
    rows = students_with_lists(round_id) if student_id else companies_with_rankings(round_id, language)
    found = {row[0]: row[1] for row in rows}.get(student_id or organisation_id)
    if found is None:
        raise NotFound
    return str(found)


def readings_of(person: Actor, language: str) -> Sequence[Any]:
    """Who has read the person's lists, and those of their companies, the latest first: when, round, whose, kind, reader, reason."""
    reads, people, bodies = ListReading.__table__.c, Person.__table__.c, Organisation.__table__.c
    rounds = InternshipRound.__table__.c
    wanted = (
        select(
            reads.read_at, rounds.name_en if language == "en" else rounds.name_ja, name_column(language),
            type_coerce(reads.kind, String), people.name, reads.reason,
        )
        .join_from(ListReading.__table__, Person.__table__, people.id == reads.reader_id)
        .join(InternshipRound.__table__, rounds.id == reads.round_id)
        .join(Organisation.__table__, bodies.id == reads.organisation_id, isouter=True)
        .where(or_(reads.student_id == person.id, reads.organisation_id.in_(hosting_organisations(person))))
    )  # fmt: skip
    return db.session.execute(wanted.order_by(reads.id.desc()).limit(MOST)).all()
