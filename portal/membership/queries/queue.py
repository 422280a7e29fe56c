"""Applications for the office's list: filtered, sorted, cut by key, never counted."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Organisation
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import PAGE_SIZE, Slice, keyset
from portal.domain.application_flow import ApplicationState
from portal.domain.names import normalise_kana
from portal.membership.enums import OPEN_STATES
from portal.membership.models import Application, ApplicationWindow
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
    person: Actor, wanted: QueueFilter, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Slice[Application]:
    """Applications that were sent in, with company and tier; one statement."""
    if not may_review(person):
        raise NotFound
    statement = (
        select(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.revision > 0, *_conditions(wanted))
        .options(contains_eager(Application.organisation), joinedload(Application.tier))
    )
    return keyset(statement, *_order(wanted), cursor=cursor, size=size, scalars=True)


def years_of_applications() -> list[int]:
    """Fiscal years that have a window, newest first."""
    return list(
        db.session.scalars(
            select(ApplicationWindow.fiscal_year).order_by(ApplicationWindow.fiscal_year.desc())
        )
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


def _conditions(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Application.state.in_(wanted.states)]
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
    columns: dict[QueueOrder, Any] = {
        QueueOrder.WAITING: Application.moved_at,
        QueueOrder.COMPANY: Organisation.name_kana,
        QueueOrder.SENT: Application.submitted_at,
    }
    return ((columns[wanted.order], down), (Application.id, down))
