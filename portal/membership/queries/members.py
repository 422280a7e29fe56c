"""Contracts for the office's list of members. The state of a term is no column: it follows from its days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.billing.models import Invoice
from portal.billing.queries.replacements import standing_invoices
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import DEFAULT
from portal.core.pages import PAGE_SIZE, Listing, Slice
from portal.domain.terms import TermState
from portal.membership.models import Application, ContractTerm
from portal.membership.policy import may_review
from portal.membership.queries.queue import names_company


class MemberOrder(StrEnum):
    """By what the list is sorted."""

    COMPANY = "company"
    TIER = "tier"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """What the list shows; empty values do not filter."""

    fiscal_year: int
    tier_code: str = ""
    state: TermState | None = None
    text: str = ""
    order: MemberOrder = MemberOrder.COMPANY
    is_descending: bool = False
    ids: tuple[int, ...] = ()


def find_terms(
    person: Actor,
    wanted: MemberFilter,
    *,
    language: str = DEFAULT,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[Any]:
    """Contracts of a fiscal year: id, organisation's id, company, corporate number, tier, total fee, the days on which it
    starts, ends, was paid and was cancelled; one statement."""
    if not may_review(person):
        raise NotFound
    is_fleeting = wanted.state or wanted.text or wanted.ids  # by today's date, or hardly asked for twice
    listing = _listing(wanted, language) if is_fleeting else _kept_listing(wanted, language)
    return listing.slice(cursor, size)


def _listing(wanted: MemberFilter, language: str) -> Listing:
    terms, bodies = ContractTerm.__table__.c, Organisation.__table__.c
    # An outer join whose empty rows fall away again: companies are walked by name instead of all terms being sorted.
    by_company = wanted.order is MemberOrder.COMPANY
    its_terms = and_(terms.organisation_id == bodies.id, terms.fiscal_year == wanted.fiscal_year)
    tier = terms.tier_snapshot["name_en" if language == "en" else "name_ja"].as_string()
    statement = (
        select(
            terms.id, bodies.id, name_column(language), bodies.corporate_number, tier,
            terms.price["total_yen"].as_integer(), terms.starts_on, terms.ends_on, terms.activated_on, terms.cancelled_on,
        )
        .join_from(Organisation.__table__, ContractTerm.__table__, its_terms, isouter=by_company)
        .where(*_conditions(wanted))
    )  # fmt: skip
    return Listing(statement, *_order(wanted))


_kept_listing = lru_cache(maxsize=200)(_listing)


def in_state(state: TermState, on: date) -> ColumnElement[bool]:
    """`domain.terms.Term.state_on` as a condition; a test holds the two together."""
    cancelled = and_(ContractTerm.cancelled_on.is_not(None), ContractTerm.cancelled_on <= on)
    paid = and_(ContractTerm.activated_on.is_not(None), ContractTerm.activated_on <= on)
    unpaid = or_(ContractTerm.activated_on.is_(None), ContractTerm.activated_on > on)
    over = ContractTerm.ends_on < on
    standing = or_(ContractTerm.cancelled_on.is_(None), ContractTerm.cancelled_on > on)
    return {
        TermState.CANCELLED: cancelled,
        TermState.ENDED: and_(standing, over, paid),
        TermState.UNPAID_ENDED: and_(standing, over, unpaid),
        TermState.AWAITING_PAYMENT: and_(standing, not_(over), unpaid),
        TermState.ACTIVE: and_(standing, not_(over), paid, ContractTerm.starts_on <= on),
        TermState.UPCOMING: and_(standing, not_(over), paid, ContractTerm.starts_on > on),
    }[state]


def company_for_review(person: Actor, organisation_id: int) -> Organisation:
    """A company that applied or has a contract; raises NotFound for all others."""
    if not may_review(person):
        raise NotFound
    found = db.session.get(Organisation, organisation_id)
    if found is None or not _is_known(organisation_id):
        raise NotFound
    return found


def applications_of_company(organisation_id: int) -> Sequence[Application]:
    """Everything that the company sent in, the newest first."""
    mine = select(Application).where(Application.organisation_id == organisation_id, Application.revision > 0)
    return db.session.scalars(mine.order_by(Application.id.desc()).limit(50)).all()


def invoices_by_source(keys: Sequence[str]) -> dict[str, Invoice]:
    """Invoices that hold, by what asked for them; two statements."""
    return standing_invoices(keys) if keys else {}


def _is_known(organisation_id: int) -> bool:
    term = select(ContractTerm.id).where(ContractTerm.organisation_id == organisation_id)
    sent = select(Application.id).where(
        Application.organisation_id == organisation_id, Application.revision > 0
    )
    return db.session.scalar(term.union_all(sent).limit(1)) is not None


def _conditions(wanted: MemberFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [func.coalesce(ContractTerm.id, 0) > 0]
    if wanted.tier_code:
        found.append(ContractTerm.tier_code == wanted.tier_code)
    if wanted.state is not None:
        found.append(in_state(wanted.state, clock.today()))
    if wanted.text:
        found.append(names_company(wanted.text))
    if wanted.ids:
        found.append(ContractTerm.id.in_(wanted.ids))
    return found


def _order(wanted: MemberFilter) -> tuple[tuple[Any, bool], ...]:
    down = wanted.is_descending
    terms, bodies = ContractTerm.__table__.c, Organisation.__table__.c
    by_name = ((bodies.name_kana, down), (bodies.id, down), (terms.id, down))
    if wanted.order is MemberOrder.TIER:
        return ((terms.tier_code, down), *by_name)
    return by_name if wanted.order is MemberOrder.COMPANY else ((terms.id, down),)
