"""What waits for the office, and what it needs to see beside an application."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Slice, keyset
from portal.domain.application_flow import ApplicationState, Change, changed_fields
from portal.membership.enums import OPEN_STATES
from portal.membership.models import Application, ApplicationRevision, ContractTerm
from portal.membership.policy import may_review


def review_queue(
    person: Actor,
    *,
    states: Sequence[ApplicationState] = OPEN_STATES,
    fiscal_year: int | None = None,
    cursor: str | None = None,
) -> Slice[Application]:
    """Applications in these states, those of last year's members first, then the longest waiting."""
    if not may_review(person):
        raise NotFound
    statement = select(Application).where(Application.state.in_(states), Application.revision > 0)
    if fiscal_year is not None:
        statement = statement.where(Application.fiscal_year == fiscal_year)
    loaded = statement.options(joinedload(Application.organisation), joinedload(Application.tier))
    order = ((Application.is_priority, True), (Application.moved_at, False), (Application.id, False))
    return keyset(loaded, *order, cursor=cursor, scalars=True)


def counts_by_state(fiscal_year: int | None = None) -> dict[ApplicationState, int]:
    """How many applications stand where (drafts that were never sent in are nobody's business)."""
    statement = (
        select(Application.state, func.count()).where(Application.revision > 0).group_by(Application.state)
    )
    if fiscal_year is not None:
        statement = statement.where(Application.fiscal_year == fiscal_year)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def changes_since(application: Application, earlier: int, later: int | None = None) -> tuple[Change, ...]:
    """What differs between two revisions (later: the latest). Paths are `page.field`; attachments are `files`."""
    wanted = (earlier, later or application.revision)
    found = select(ApplicationRevision).where(
        ApplicationRevision.application_id == application.id, ApplicationRevision.number.in_(wanted)
    )
    by_number = {revision.number: _whole(revision) for revision in db.session.scalars(found)}
    if any(number not in by_number for number in wanted):
        raise NotFound
    return changed_fields(by_number[wanted[0]], by_number[wanted[1]])


def terms_in(
    person: Actor, *, fiscal_year: int, tier_code: str | None = None, cursor: str | None = None
) -> Slice[ContractTerm]:
    """Contracts of a fiscal year, the newest first, for the list of members."""
    if not may_review(person):
        raise NotFound
    statement = select(ContractTerm).where(ContractTerm.fiscal_year == fiscal_year)
    if tier_code:
        statement = statement.where(ContractTerm.tier_code == tier_code)
    loaded = statement.options(joinedload(ContractTerm.organisation))
    return keyset(loaded, (ContractTerm.id, True), cursor=cursor, scalars=True)


def members_by_tier(fiscal_year: int) -> list[tuple[str, int, int]]:
    """(tier code, contracts that were not cancelled, of these paid), by tier."""
    rows = select(ContractTerm.tier_code, func.count(), func.count(ContractTerm.activated_on)).where(
        ContractTerm.fiscal_year == fiscal_year, ContractTerm.cancelled_on.is_(None)
    )
    return [
        (r[0], r[1], r[2])
        for r in db.session.execute(rows.group_by(ContractTerm.tier_code).order_by(ContractTerm.tier_code))
    ]


def _whole(revision: ApplicationRevision) -> dict[str, Any]:
    return {**revision.content, "files": [file["name"] for file in revision.files]}
