"""Read renewals: the company's own, who is due, what the office counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.accounts.models import Organisation
from portal.billing.enums import ReceivableState
from portal.billing.models import Invoice, Receivable
from portal.billing.queries.replacements import standing_id
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import any_of, ask, db
from portal.core.errors import NotFound
from portal.domain.renewal_flow import RenewalState
from portal.membership.enums import Shown
from portal.membership.models import (
    Application,
    ApplicationRevision,
    ContractTerm,
    Renewal,
    RenewalAcceptance,
    RenewalCampaign,
    RenewalNotice,
)
from portal.membership.policy import ACTING_ROLES, may_review
from portal.membership.renewing import NoticeState, shown_renewal

TERM_SOURCE = "term:"
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A renewal on the home page of a company. `last_day` to answer; it is past where nothing can be answered."""

    id: int
    organisation_id: int
    fiscal_year: int
    state: RenewalState
    is_agreed: bool
    last_day: date

    @property
    def is_open(self) -> bool:
        """Whether the company may renew or decline."""
        return not self.is_agreed and self.state in (RenewalState.OFFERED, RenewalState.GRACE)

    @property
    def shown_state(self) -> Shown:
        """For the badge."""
        return shown_renewal(self.state)


def asked_of(person: Actor, most: int = 20) -> list[Asked]:
    """Renewals of the companies for which the person acts, the newest year first; those not offered yet left out."""
    companies = person.organisations_with(*ACTING_ROLES)
    if not companies:
        return []
    found = []
    rows = ask(_ASKED, companies=companies, most=most)
    for number, body, year, state, is_agreed, deadline_on, grace_days in rows:
        grace = timedelta(days=grace_days if state is RenewalState.GRACE else 0)
        found.append(Asked(number, body, year, state, is_agreed, deadline_on + grace))
    return found


_renewals, _campaigns = Renewal.__table__.c, RenewalCampaign.__table__.c
_ASKED = (
    select(
        _renewals.id, _renewals.organisation_id, _renewals.fiscal_year, _renewals.state, _renewals.is_agreed,
        _renewals.deadline_on, _campaigns.grace_days,
    )
    .join(RenewalCampaign.__table__, _campaigns.id == _renewals.campaign_id)
    .where(_renewals.organisation_id.in_(any_of("companies")), _renewals.state != RenewalState.DUE)
    .order_by(_renewals.fiscal_year.desc(), _renewals.id.desc())
    .limit(bindparam("most", type_=Integer))
)  # fmt: skip


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


def campaigns() -> Sequence[RenewalCampaign]:
    """All campaigns, the newest year first."""
    return db.session.scalars(select(RenewalCampaign).order_by(RenewalCampaign.fiscal_year.desc())).all()


def campaign_numbered(person: Actor, campaign_id: int) -> RenewalCampaign:
    """One campaign for the office; raises NotFound."""
    found = db.session.get(RenewalCampaign, campaign_id) if may_review(person) else None
    if found is None:
        raise NotFound
    return found


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


def receivable_of(term_id: int) -> tuple[Invoice, Receivable] | None:
    """The invoice of a term and what is owed on it."""
    found = select(Invoice, Receivable).join(Receivable, Receivable.invoice_id == Invoice.id)
    row = db.session.execute(found.where(Invoice.id == standing_id(f"{TERM_SOURCE}{term_id}"))).one_or_none()
    return (row[0], row[1]) if row else None


def in_motion(today: date, most: int = 20_000) -> list[tuple[int, int]]:
    """(id, version) of renewals with which the calendar has something to do: a step or a reminder whose day has come."""
    reminded = (RenewalState.OFFERED, RenewalState.GRACE)
    due = exists().where(
        RenewalNotice.renewal_id == Renewal.id,
        RenewalNotice.state == NoticeState.PLANNED,
        RenewalNotice.due_on <= today,
    )
    rows = select(Renewal.id, Renewal.version).where(
        or_(Renewal.next_on <= today, Renewal.state.in_(reminded) & Renewal.is_agreed.is_(False) & due)
    )
    return [(row[0], row[1]) for row in db.session.execute(rows.order_by(Renewal.id).limit(most))]


def owed_by_lapsed(most: int = 50) -> list[Any]:
    """(renewal, invoice's id and number, company, yen still open) of lapsed renewals whose invoice was neither paid nor given
    back: the place where the secretariat sees what a credit note has to settle."""
    rows = (
        select(
            Renewal.id, Invoice.id, Invoice.number, Organisation.name_ja, Organisation.name_en, Receivable.outstanding_yen
        )
        .join(ContractTerm, ContractTerm.id == Renewal.term_id)
        .join(Invoice, Invoice.id == standing_id(func.concat(TERM_SOURCE, ContractTerm.id)))
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .join(Organisation, Organisation.id == Renewal.organisation_id)
        .where(
            Renewal.state == RenewalState.LAPSED,
            Receivable.state.in_((ReceivableState.UNPAID, ReceivableState.PARTLY_PAID)),
        )
        .order_by(Renewal.id)
        .limit(most)
    )  # fmt: skip
    return list(db.session.execute(rows))


def _is_member(year: int) -> tuple[ColumnElement[bool], ...]:
    return (
        ContractTerm.fiscal_year == year,
        ContractTerm.activated_on.is_not(None),
        ContractTerm.cancelled_on.is_(None),
    )


def _one(*conditions: ColumnElement[bool]) -> Renewal:
    found = db.session.scalars(select(Renewal).where(*conditions).options(*_LOADED)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found
