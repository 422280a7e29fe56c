"""One renewal for whom it concerns, and what hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.renewal_flow import RenewalState
from portal.membership.models import (
    Application,
    ApplicationRevision,
    Renewal,
    RenewalAcceptance,
    RenewalNotice,
)
from portal.membership.policy import ACTING_ROLES, may_review

_LOADED = (
    joinedload(Renewal.organisation),
    joinedload(Renewal.campaign),
    joinedload(Renewal.tier),
    joinedload(Renewal.from_term),
    joinedload(Renewal.term),
)


def renewal_for(person: Actor, renewal_id: int) -> Renewal:
    """A renewal of a company for which the person acts, once it is offered; raises NotFound for all others."""
    mine = Renewal.organisation_id.in_(person.organisations_with(*ACTING_ROLES))
    return _one(Renewal.id == renewal_id, mine, Renewal.state != RenewalState.DUE)


def renewal_for_review(person: Actor, renewal_id: int) -> Renewal:
    """A renewal for the office's eyes; raises NotFound."""
    if not may_review(person):
        raise NotFound
    return _one(Renewal.id == renewal_id)


def renewal_of_link(renewal_id: int) -> Renewal:
    """The renewal that a link in a mail is for; whoever holds the link may see it."""
    return _one(Renewal.id == renewal_id)


def renewals_of_company(organisation_id: int) -> Sequence[Renewal]:
    """Every renewal of a company, the newest year first."""
    mine = select(Renewal).where(Renewal.organisation_id == organisation_id)
    return db.session.scalars(mine.order_by(Renewal.fiscal_year.desc()).limit(20)).all()


def renewal_for_term(term_id: int) -> Renewal | None:
    """The renewal that made a contract, if one did."""
    return db.session.scalars(select(Renewal).where(Renewal.term_id == term_id)).one_or_none()


def renewal_in(organisation_id: int, fiscal_year: int) -> Renewal | None:
    """The renewal of a company for a year."""
    mine = select(Renewal).where(
        Renewal.organisation_id == organisation_id, Renewal.fiscal_year == fiscal_year
    )
    return db.session.scalars(mine).one_or_none()


def notices_of(renewal: Renewal) -> Sequence[RenewalNotice]:
    """The reminder ladder, for every deadline that the renewal has had."""
    mine = select(RenewalNotice).where(RenewalNotice.renewal_id == renewal.id)
    return db.session.scalars(mine.order_by(RenewalNotice.due_on, RenewalNotice.id)).all()


def acceptances_of_renewal(renewal: Renewal) -> Sequence[RenewalAcceptance]:
    """Who accepted which wording with it."""
    mine = select(RenewalAcceptance).where(RenewalAcceptance.renewal_id == renewal.id)
    return db.session.scalars(
        mine.options(joinedload(RenewalAcceptance.rules_version)).order_by(RenewalAcceptance.id)
    ).all()


def facts_told_on(organisation_id: int) -> date | None:
    """When the company last said something of its size: with an application, or with a renewal."""
    sent = (
        select(func.max(ApplicationRevision.submitted_at))
        .join(Application, Application.id == ApplicationRevision.application_id)
        .where(Application.organisation_id == organisation_id)
    )
    told = select(func.max(Renewal.facts_told_on)).where(Renewal.organisation_id == organisation_id)
    moment, day = db.session.scalar(sent), db.session.scalar(told)
    days = [d for d in (moment and clock.day_of(moment), day) if d]
    return max(days) if days else None


def _one(*conditions: ColumnElement[bool]) -> Renewal:
    found = db.session.scalars(select(Renewal).where(*conditions).options(*_LOADED)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found
