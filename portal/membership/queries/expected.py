"""Money that renewals are expected to bring: offers and members that have not answered yet."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.billing.queries.books.parts import year_and_month
from portal.core.db import db
from portal.domain.deferral import Month
from portal.domain.renewal_flow import RenewalState
from portal.domain.terms import FiscalYear
from portal.membership.models import ContractTerm, Renewal

UNANSWERED = (RenewalState.DUE, RenewalState.OFFERED, RenewalState.GRACE)


def expected_by_month(year: FiscalYear) -> dict[Month, int]:
    """Yen with tax by the month in which an answer is due: what is offered, else the fee of this year's contract."""
    before = aliased(ContractTerm)
    price = func.coalesce(Renewal.price["total_yen"].as_integer(), before.price["total_yen"].as_integer())
    each = (
        select(
            *(part.label(name) for part, name in zip(year_and_month(Renewal.deadline_on), "ym", strict=True)),
            price.label("yen"),
        )
        .join(before, before.id == Renewal.from_term_id)
        .where(
            Renewal.state.in_(UNANSWERED),
            Renewal.is_agreed.is_(False),
            Renewal.deadline_on >= year.starts_on,
            Renewal.deadline_on <= year.ends_on,
        )
        .subquery()
    )
    rows = select(each.c.y, each.c.m, func.sum(each.c.yen)).group_by(each.c.y, each.c.m)
    return {Month(y, m): int(yen or 0) for y, m, yen in db.session.execute(rows)}
