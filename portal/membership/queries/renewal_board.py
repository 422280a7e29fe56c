"""A campaign as the office counts and lists it: by state, as a funnel, as rows that are cut by key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, func, select, type_coerce

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import DEFAULT
from portal.core.pages import PAGE_SIZE, Listing, Slice
from portal.domain.renewal_flow import RenewalState
from portal.membership.models import ContractTerm, Renewal
from portal.membership.policy import may_review
from portal.membership.queries.queue import names_company
from portal.membership.queries.renewal_money import money_of
from portal.membership.renewing import DeclineReason


class BoardOrder(StrEnum):
    """By what the list is sorted."""

    COMPANY = "company"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the list shows; empty values do not filter. `changed`: only those that chose another tier."""

    campaign_id: int
    state: RenewalState | None = None
    changed: bool = False
    text: str = ""
    order: BoardOrder = BoardOrder.COMPANY
    is_descending: bool = False
    ids: tuple[int, ...] = ()


def find_renewals(
    person: Actor,
    wanted: BoardFilter,
    *,
    language: str = DEFAULT,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[Any]:
    """Renewals of a campaign: id, company, corporate number, state (its value), tier of this year, tier agreed for the
    next, total of the offer or the agreement, deadline, day of the next step, way and reason of the answer; one statement."""
    if not may_review(person):
        raise NotFound
    listing = _listing(wanted, language) if wanted.text or wanted.ids else _kept_listing(wanted, language)
    return listing.slice(cursor, size)


def _listing(wanted: BoardFilter, language: str) -> Listing:
    rows, bodies = Renewal.__table__.c, Organisation.__table__.c
    before, after = _terms()
    name = "name_en" if language == "en" else "name_ja"
    total = func.coalesce(after.c.price["total_yen"].as_integer(), rows.price["total_yen"].as_integer())
    statement = (
        select(
            rows.id, name_column(language), bodies.corporate_number, type_coerce(rows.state, String),
            before.c.tier_snapshot[name].as_string(), after.c.tier_snapshot[name].as_string(), total, rows.deadline_on,
            rows.next_on, type_coerce(rows.answer_way, String), type_coerce(rows.decline_reason, String),
        )
        .join_from(Renewal.__table__, Organisation.__table__, bodies.id == rows.organisation_id)
        .join(before, before.c.id == rows.from_term_id)
        .outerjoin(after, after.c.id == rows.term_id)
        .where(*_conditions(wanted, before, after))
    )  # fmt: skip
    return Listing(statement, *_order(wanted))


_kept_listing = lru_cache(maxsize=200)(_listing)


def _terms() -> tuple[Any, Any]:
    """This year's contract and the next one's."""
    return ContractTerm.__table__.alias("before"), ContractTerm.__table__.alias("after")


def _conditions(wanted: BoardFilter, before: Any, after: Any) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Renewal.campaign_id == wanted.campaign_id]
    if wanted.state is not None:
        found.append(Renewal.state == wanted.state)
    if wanted.changed:
        found.append(after.c.tier_code != before.c.tier_code)
    if wanted.text:
        found.append(names_company(wanted.text))
    if wanted.ids:
        found.append(Renewal.id.in_(wanted.ids))
    return found


def _order(wanted: BoardFilter) -> tuple[tuple[Any, bool], ...]:
    rows, down = Renewal.__table__.c, wanted.is_descending
    by_name = ((Organisation.__table__.c.name_kana, down), (rows.id, down))
    return ((rows.deadline_on, down), *by_name) if wanted.order is BoardOrder.DEADLINE else by_name


@dataclass(frozen=True, slots=True)
class Tally:
    """How many renewals stand where, and why those that were declined were. `renewed` have, or had, a contract."""

    counts: dict[RenewalState, int]
    reasons: dict[DeclineReason, int]
    renewed: int


def tally_of(campaign_id: int) -> Tally:
    """Counted in one statement."""
    rows = (
        select(Renewal.state, Renewal.decline_reason, func.count(), func.count(Renewal.term_id))
        .where(Renewal.campaign_id == campaign_id)
        .group_by(Renewal.state, Renewal.decline_reason)
    )
    counts: dict[RenewalState, int] = {}
    reasons: dict[DeclineReason, int] = {}
    renewed = 0
    for state, reason, number, agreed in db.session.execute(rows):
        renewed += agreed
        counts[state] = counts.get(state, 0) + number
        if state is RenewalState.DECLINED and reason is not None:
            reasons[reason] = number
    return Tally(counts, reasons, renewed)


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far the members of a campaign have come, each stage counted with those beyond it.

    `due` everybody; `offered` of them; `answered` renewed or declined; `renewed` have (or had) a contract, of these
    `changed_tier` at another tier; `paid`. Beside it what fell out: `declined` (with `reasons`), `unanswered` in grace or
    suspended, `lapsed`. `agreed_yen` is billed less what was given back, `paid_yen` what has arrived of it; both include tax.
    """

    due: int
    offered: int
    answered: int
    renewed: int
    changed_tier: int
    paid: int
    declined: int
    unanswered: int
    lapsed: int
    agreed_yen: int
    paid_yen: int
    reasons: dict[DeclineReason, int]

    @property
    def stages(self) -> tuple[tuple[str, int], ...]:
        """The narrowing stages, widest first."""
        return (
            ("due", self.due), ("offered", self.offered), ("answered", self.answered), ("renewed", self.renewed),
            ("paid", self.paid),
        )  # fmt: skip


def funnel_of(campaign_id: int, tally: Tally | None = None) -> Funnel:
    """The funnel of a campaign; three statements, two where it has been tallied already."""
    before, after = _terms()
    state, agreed = Renewal.state, Renewal.term_id.is_not(None)
    answered = agreed | (state == RenewalState.DECLINED)
    silent = state.in_((RenewalState.GRACE, RenewalState.SUSPENDED)) & Renewal.term_id.is_(None)
    paid = state == RenewalState.PAID
    row = db.session.execute(
        select(
            func.count(), _number(state != RenewalState.DUE), _number(answered), _number(agreed),
            _number(and_(agreed, after.c.tier_code != before.c.tier_code)), _number(paid),
            _number(state == RenewalState.DECLINED), _number(silent), _number(state == RenewalState.LAPSED),
        )
        .select_from(Renewal)
        .join(before, before.c.id == Renewal.from_term_id)
        .outerjoin(after, after.c.id == Renewal.term_id)
        .where(Renewal.campaign_id == campaign_id)
    ).one()  # fmt: skip
    values: list[Any] = [
        *(int(number) for number in row),
        *money_of(campaign_id),
        (tally or tally_of(campaign_id)).reasons,
    ]
    return Funnel(*values)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A member in the preview of a campaign."""

    organisation_id: int
    term_id: int
    company: str
    tier: str
    tier_code: str


def due_rows(fiscal_year: int, ids: list[int], language: str = DEFAULT) -> list[DueRow]:
    """The contracts `ids` with their companies, by name."""
    terms, bodies = ContractTerm.__table__.c, Organisation.__table__.c
    name = "name_en" if language == "en" else "name_ja"
    rows = (
        select(
            bodies.id, terms.id, name_column(language), terms.tier_snapshot[name].as_string(), terms.tier_code
        )
        .join_from(ContractTerm.__table__, Organisation.__table__, bodies.id == terms.organisation_id)
        .where(terms.id.in_(ids), terms.fiscal_year == fiscal_year - 1)
        .order_by(bodies.name_kana, bodies.id)
    )
    return [DueRow(*row) for row in db.session.execute(rows)]
