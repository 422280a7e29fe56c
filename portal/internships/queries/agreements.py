"""Read agreements with host companies. Documents and notes are for the office and, but for the notes, the company's administrators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, String, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import any_of, ask, db, written
from portal.core.errors import NotFound
from portal.core.pages import Listing, Slice
from portal.core.sql import place_in
from portal.domain.internships.agreements import AgreementKind, AgreementState, Holding, holds_over
from portal.internships.models import InternshipAgreement
from portal.internships.policy import administered_companies, may_run_rounds

_mine = InternshipAgreement.__table__.c
_HELD = select(
    _mine.organisation_id, _mine.kind, _mine.from_on, _mine.until_on, _mine.ended_on
).where(_mine.organisation_id.in_(any_of("organisations")))  # fmt: skip
_TODAY: Any = bindparam("today", type_=Date)
MOST_SHOWN = 200  # of one company


def holdings_of(organisation_ids: Collection[int]) -> dict[int, list[Holding]]:
    """The days of all agreements by company; one statement."""
    found: defaultdict[int, list[Holding]] = defaultdict(list)
    for organisation_id, *days in ask(_HELD, organisations=list(organisation_ids)):
        found[organisation_id].append(Holding(*days))
    return dict(found)


def agreement_for_office(person: Actor, agreement_id: int) -> InternshipAgreement:
    """One agreement with its company and document; raises NotFound for everybody but the office."""
    return _one(InternshipAgreement.id == agreement_id, may_run_rounds(person))


def agreement_for_company(person: Actor, agreement_id: int) -> InternshipAgreement:
    """One of a company that the person administers; raises NotFound."""
    ours = InternshipAgreement.organisation_id.in_(administered_companies(person))
    return _one((InternshipAgreement.id == agreement_id) & ours, True)


def agreements_of(person: Actor, organisation_id: int) -> Sequence[InternshipAgreement]:
    """All of a company that the person administers, the newest first; raises NotFound for all others."""
    if organisation_id not in administered_companies(person):
        raise NotFound
    theirs = select(InternshipAgreement).where(InternshipAgreement.organisation_id == organisation_id)
    newest = theirs.options(joinedload(InternshipAgreement.file)).order_by(InternshipAgreement.id.desc())
    return db.session.scalars(newest.limit(MOST_SHOWN)).all()


def agreements_over(
    organisation_id: int, kind: AgreementKind, first: date, last: date
) -> Sequence[InternshipAgreement]:
    """Those of a kind that together hold on every day from `first` to `last`, the earliest first; none where they do not."""
    its = (InternshipAgreement.organisation_id == organisation_id, InternshipAgreement.kind == kind)
    kept = db.session.scalars(select(InternshipAgreement).where(*its).order_by(InternshipAgreement.from_on))
    here = [each for each in kept if each.from_on <= last and each.holding.last_on >= first]
    return here if holds_over([each.holding for each in here], kind, first, last) else []


def list_agreements(
    person: Actor, *, words: str, kind: AgreementKind | None, state: AgreementState | None, language: str, cursor: str | None
) -> Slice[Any]:  # fmt: skip
    """The register for the office, the newest first: number, company, kind, signed, from, until, ended; `words`: of the company's
    name, or its whole corporate number."""
    if not may_run_rounds(person):
        raise NotFound
    given: dict[str, Any] = {"today": clock.today()} if state else {}
    if words:
        given |= {"words": words.casefold(), "number": words}
    return _listing(bool(words), kind, state, language).slice(cursor, **given)


@cache
def _listing(
    is_named: bool, kind: AgreementKind | None, state: AgreementState | None, language: str
) -> Listing:
    bodies = Organisation.__table__.c
    statement = select(
        _mine.id, name_column(language), type_coerce(_mine.kind, String), _mine.signed_on, _mine.from_on, _mine.until_on,
        _mine.ended_on,
    ).join_from(InternshipAgreement.__table__, Organisation.__table__, bodies.id == _mine.organisation_id)  # fmt: skip
    if is_named:
        names = (bodies.name_ja, bodies.name_en, bodies.name_kana)
        said = [place_in(func.lower(name), bindparam("words")) > 0 for name in names]
        statement = statement.where(or_(*said, bodies.corporate_number == bindparam("number")))
    if kind is not None:
        statement = statement.where(_mine.kind.in_(written(kind)))
    if state is not None:
        statement = statement.where(_in_state(state))
    return Listing(statement, (_mine.id, True))


def _in_state(state: AgreementState) -> ColumnElement[bool]:
    """`Holding.state_on` today, as a condition."""
    ended = func.coalesce((_mine.ended_on <= _TODAY) | (_mine.ended_on <= _mine.from_on), False)
    begun, over = _mine.from_on <= _TODAY, func.coalesce(_mine.until_on < _TODAY, False)
    conditions: dict[AgreementState, ColumnElement[bool]] = {
        AgreementState.ENDED: ended,
        AgreementState.UPCOMING: ~ended & ~begun,
        AgreementState.IN_FORCE: ~ended & begun & ~over,
        AgreementState.EXPIRED: ~ended & begun & over,
    }
    return conditions[state]


def _one(condition: ColumnElement[bool], may_read: bool) -> InternshipAgreement:
    loaded = (joinedload(InternshipAgreement.organisation), joinedload(InternshipAgreement.file))
    wanted = select(InternshipAgreement).where(condition).options(*loaded)
    found = db.session.scalars(wanted).one_or_none() if may_read else None
    if found is None:
        raise NotFound
    return found
