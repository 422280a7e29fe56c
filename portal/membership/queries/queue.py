"""Applications for the office's list: filtered, sorted, cut by key, never counted."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, or_, select, type_coerce

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.core.access import Actor
from portal.core.db import ask, written
from portal.core.errors import NotFound
from portal.core.i18n import DEFAULT
from portal.core.pages import PAGE_SIZE, Listing, Slice
from portal.domain.application_flow import ApplicationState
from portal.domain.names import normalise_kana
from portal.membership.enums import OPEN_STATES
from portal.membership.models import Application, ApplicationWindow, Tier
from portal.membership.policy import may_review


class QueueOrder(StrEnum):
    """By what the list is sorted; ascending unless said otherwise."""

    WAITING = "waiting"  # since when it stands where it stands: ascending is the longest first
    COMPANY = "company"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the list shows. Empty values do not filter; `ids` picks rows among those that fit."""

    states: tuple[ApplicationState, ...] = OPEN_STATES
    fiscal_year: int | None = None
    is_priority: bool = False
    is_by_arrangement: bool = False
    text: str = ""
    order: QueueOrder = QueueOrder.WAITING
    is_descending: bool = False
    ids: tuple[int, ...] = ()


def find_applications(
    person: Actor,
    wanted: QueueFilter,
    *,
    language: str = DEFAULT,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[Any]:
    """What was sent in: id, company, receipt number, fiscal year, tier, state (its value), moments moved and sent,
    whether it has priority, whether seats are by arrangement; one statement."""
    if not may_review(person):
        raise NotFound
    is_narrow = wanted.text or wanted.ids  # made anew: hardly anybody asks for the same again
    listing = _listing(wanted, language) if is_narrow else _kept_listing(wanted, language)
    return listing.slice(cursor, size)


def _listing(wanted: QueueFilter, language: str) -> Listing:
    sent, tiers = Application.__table__.c, Tier.__table__.c
    statement = (
        select(
            sent.id, name_column(language), sent.receipt_number, sent.fiscal_year,
            tiers.name_en if language == "en" else tiers.name_ja, type_coerce(sent.state, String),
            sent.moved_at, sent.submitted_at, sent.is_priority, sent.is_by_arrangement,
        )
        .join_from(Application.__table__, Organisation.__table__, Organisation.id == sent.organisation_id)
        .outerjoin(Tier.__table__, tiers.id == sent.tier_id)
        .where(sent.revision > 0, *_conditions(wanted))
    )  # fmt: skip
    return Listing(statement, *_order(wanted))


_kept_listing = lru_cache(maxsize=200)(_listing)


def years_of_applications() -> list[int]:
    """Fiscal years that have a window, newest first."""
    return [year for (year,) in ask(_YEARS)]


_YEARS = select(ApplicationWindow.__table__.c.fiscal_year).order_by(
    ApplicationWindow.__table__.c.fiscal_year.desc()
)


def names_company(text: str) -> ColumnElement[bool]:
    """Whether the company's names or corporate number hold what was typed, in any width, in hiragana or katakana."""
    typed = unicodedata.normalize("NFKC", text).strip()
    return or_(
        Organisation.name_ja.icontains(typed, autoescape=True),
        Organisation.name_kana.icontains(normalise_kana(typed), autoescape=True),
        Organisation.name_en.icontains(typed, autoescape=True),
        Organisation.corporate_number.startswith(typed.replace("-", ""), autoescape=True),
    )


def is_open() -> ColumnElement[bool]:
    """Sent in and undecided, in the words of `ix_applications_open`: then rows come in its order, the oldest first."""
    others = (state for state in ApplicationState if state not in OPEN_STATES)
    return type_coerce(Application.__table__.c.state, String).not_in(written(*others))


def _conditions(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    every_open = wanted.states == OPEN_STATES
    found: list[ColumnElement[bool]] = [is_open() if every_open else Application.state.in_(wanted.states)]
    if wanted.fiscal_year is not None:
        found.append(Application.fiscal_year == wanted.fiscal_year)
    if wanted.is_priority:
        found.append(Application.is_priority.is_(True))
    if wanted.is_by_arrangement:
        found.append(Application.is_by_arrangement.is_(True))
    if wanted.text:
        typed = unicodedata.normalize("NFKC", wanted.text).strip()
        found.append(or_(names_company(typed), Application.receipt_number.icontains(typed, autoescape=True)))
    if wanted.ids:
        found.append(Application.id.in_(wanted.ids))
    return found


def _order(wanted: QueueFilter) -> tuple[tuple[Any, bool], ...]:
    down = wanted.is_descending
    sent = Application.__table__.c
    columns: dict[QueueOrder, Any] = {
        QueueOrder.WAITING: sent.moved_at,
        QueueOrder.COMPANY: Organisation.__table__.c.name_kana,
        QueueOrder.SENT: sent.submitted_at,
    }
    return ((columns[wanted.order], down), (sent.id, down))
