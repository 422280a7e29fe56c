"""Reads of runs, for the office. What they say of lists stays sealed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import String, func, select, type_coerce

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import name_column
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.internships.models import InternshipPosting
from portal.internships.policy import may_run_rounds
from portal.internships.queries.postings import title_column
from portal.matching.models import MatchAttempt, MatchStudy, MatchWaiver


def attempt_for_office(person: Actor, attempt_id: int) -> MatchAttempt:
    """One run; raises NotFound for whoever does not run the match."""
    found = db.session.get(MatchAttempt, attempt_id) if may_run_rounds(person) else None
    if found is None:
        raise NotFound
    return found


def attempts_in(round_id: int) -> Sequence[Any]:
    """A round's runs, the earliest first: id, name, state, base, whether it holds a waiver, begun, figures, chosen,
    what it changes."""
    runs, waivers = MatchAttempt.__table__.c, MatchWaiver.__table__.c
    is_waiver = select(waivers.id).where(waivers.attempt_id == runs.id).exists()
    wanted = select(
        runs.id, runs.name, type_coerce(runs.state, String), runs.base_id, is_waiver, runs.created_at, runs.figures,
        runs.chosen_at, runs.overrides,
    )  # fmt: skip
    return db.session.execute(wanted.where(runs.round_id == round_id).order_by(runs.id)).all()


def count_attempts(round_ids: Sequence[int]) -> dict[int, int]:
    """How many runs rounds have."""
    runs = MatchAttempt.__table__.c
    counted = select(runs.round_id, func.count()).where(runs.round_id.in_(round_ids)).group_by(runs.round_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def waivers_behind(attempt: MatchAttempt) -> list[MatchWaiver]:
    """The waivers that the attempt stands on, the earliest first: its own, and those of the bases below that hold one."""
    found: list[MatchWaiver] = []
    here: MatchAttempt | None = attempt
    while here is not None:
        own = db.session.scalars(select(MatchWaiver).where(MatchWaiver.attempt_id == here.id)).one_or_none()
        if own is None:
            break
        found.append(own)
        here = db.session.get(MatchAttempt, here.base_id) if here.base_id else None
    return found[::-1]


def studies_of(attempt_id: int) -> dict[str, MatchStudy]:
    """By kind."""
    found = db.session.scalars(select(MatchStudy).where(MatchStudy.attempt_id == attempt_id))
    return {study.kind.value: study for study in found}


def names_in_market(ids: Iterable[str], language: str) -> dict[str, str]:
    """Names of students, postings and companies by their ids in a market ("s12", "p3", "c7"); three statements at most."""
    wanted: dict[str, set[int]] = {"s": set(), "p": set(), "c": set()}
    for each in ids:
        wanted[each[:1]].add(int(each[1:]))
    bodies, postings = Organisation.__table__.c, InternshipPosting.__table__.c
    people = Person.__table__.c
    title = title_column(language)
    rows = {
        "s": select(people.id, people.name).where(people.id.in_(wanted["s"])),
        "c": select(bodies.id, name_column(language)).where(bodies.id.in_(wanted["c"])),
        "p": select(postings.id, title, name_column(language))
        .join_from(InternshipPosting.__table__, Organisation.__table__, bodies.id == postings.organisation_id)
        .where(postings.id.in_(wanted["p"])),
    }
    return {
        f"{letter}{row[0]}": " – ".join(str(part) for part in row[1:])
        for letter, statement in rows.items()
        if wanted[letter]
        for row in db.session.execute(statement)
    }
