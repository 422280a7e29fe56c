"""Campaigns, who is due in them, and with whom the calendar has something to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.renewal_flow import RenewalState
from portal.membership.models import (
    ContractTerm,
    Renewal,
    RenewalCampaign,
    RenewalNotice,
)
from portal.membership.policy import may_review
from portal.membership.renewing import NoticeState

# nobody has answered for good, and the calendar goes on with it
OPEN = (RenewalState.DUE, RenewalState.OFFERED, RenewalState.GRACE, RenewalState.SUSPENDED)


def campaigns() -> Sequence[RenewalCampaign]:
    """All campaigns, the newest year first."""
    return db.session.scalars(select(RenewalCampaign).order_by(RenewalCampaign.fiscal_year.desc())).all()


def campaign_numbered(person: Actor, campaign_id: int) -> RenewalCampaign:
    """One campaign for the office; raises NotFound."""
    found = db.session.get(RenewalCampaign, campaign_id) if may_review(person) else None
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class DueMember:
    """A member of this year that has no contract for the next."""

    organisation_id: int
    term_id: int


def members_due(fiscal_year: int) -> list[DueMember]:
    """Who renews for `fiscal_year`: a paid, uncancelled contract of the year before, and none for this year yet."""
    following = aliased(ContractTerm)
    has_next = exists().where(
        following.organisation_id == ContractTerm.organisation_id,
        following.fiscal_year == fiscal_year,
        following.cancelled_on.is_(None),
    )
    rows = (
        select(ContractTerm.organisation_id, ContractTerm.id)
        .where(*_is_member(fiscal_year - 1), ~has_next)
        .order_by(ContractTerm.organisation_id)
    )
    return [DueMember(*row) for row in db.session.execute(rows)]


def members_not_enrolled(campaign: RenewalCampaign) -> list[DueMember]:
    """Those who are due and have no renewal in the campaign yet."""
    known = set(
        db.session.scalars(select(Renewal.organisation_id).where(Renewal.fiscal_year == campaign.fiscal_year))
    )
    return [member for member in members_due(campaign.fiscal_year) if member.organisation_id not in known]


def members_again(campaign: RenewalCampaign) -> list[tuple[int, int]]:
    """(renewal, contract) of those who are due and whose renewal was closed with a contract of theirs that was cancelled.

    That contract may stand again. By its own days a renewal lapses after its deadline alone, so one before that was closed.
    """
    lapsed = (
        select(
            Renewal.organisation_id,
            Renewal.id,
            ContractTerm.cancelled_on,
            Renewal.moved_at,
            Renewal.deadline_on,
        )
        .join(ContractTerm, ContractTerm.id == Renewal.from_term_id)
        .where(Renewal.campaign_id == campaign.id, Renewal.state == RenewalState.LAPSED)
    )
    known = {
        organisation_id: number
        for organisation_id, number, ended_on, moved_at, deadline_on in db.session.execute(lapsed)
        if ended_on is not None or clock.day_of(moved_at) <= deadline_on
    }
    due = members_due(campaign.fiscal_year) if known else ()
    return [
        (known[member.organisation_id], member.term_id) for member in due if member.organisation_id in known
    ]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Contracts of this year that are not asked: nothing paid yet, or joined for the next year already."""

    unpaid: int
    joined: int


def left_out(fiscal_year: int) -> LeftOut:
    """How many companies with a contract of the year before are not due, and why."""
    year, following = fiscal_year - 1, aliased(ContractTerm)
    standing = (ContractTerm.fiscal_year == year, ContractTerm.cancelled_on.is_(None))
    unpaid = select(func.count()).where(*standing, ContractTerm.activated_on.is_(None))
    has_next = exists().where(
        following.organisation_id == ContractTerm.organisation_id,
        following.fiscal_year == fiscal_year,
        following.cancelled_on.is_(None),
    )
    joined = select(func.count()).where(*_is_member(year), has_next)
    row = db.session.execute(select(unpaid.scalar_subquery(), joined.scalar_subquery())).one()
    return LeftOut(row[0], row[1])


def in_motion(today: date, most: int = 20_000) -> list[tuple[int, int]]:
    """(id, version) of renewals with which the calendar has something to do: a step or a reminder whose day has come, or an end
    that nobody told."""
    reminded = (RenewalState.OFFERED, RenewalState.GRACE)
    due = exists().where(
        RenewalNotice.renewal_id == Renewal.id,
        RenewalNotice.state == NoticeState.PLANNED,
        RenewalNotice.due_on <= today,
    )
    rows = select(Renewal.id, Renewal.version).where(
        or_(
            Renewal.next_on <= today,
            Renewal.state.in_(reminded) & Renewal.is_agreed.is_(False) & due,
            Renewal.id.in_(outlasting()),
        )
    )
    return [(row[0], row[1]) for row in db.session.execute(rows.order_by(Renewal.id).limit(most))]


def outlasting() -> Select[int]:
    """Numbers of renewals that are open though the contract that they follow was cancelled."""
    return (
        select(Renewal.id)
        .join(ContractTerm, ContractTerm.id == Renewal.from_term_id)
        .where(
            Renewal.state.in_(OPEN), Renewal.is_agreed.is_(False), ContractTerm.cancelled_on.is_not(None)
        )
    )  # fmt: skip


def _is_member(year: int) -> tuple[ColumnElement[bool], ...]:
    return (
        ContractTerm.fiscal_year == year,
        ContractTerm.activated_on.is_not(None),
        ContractTerm.cancelled_on.is_(None),
    )
