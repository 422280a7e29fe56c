"""Terms of an organisation, and what it is on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from portal.core import clock
from portal.core.db import any_of, db
from portal.domain.entitlements import Entitlements, entitlements_on
from portal.domain.terms import Standing, Term, membership_standing
from portal.membership.models import Application, ContractTerm, MonitorUse


def terms_of(organisation_id: int) -> Sequence[ContractTerm]:
    """All terms, the newest fiscal year first."""
    mine = select(ContractTerm).where(ContractTerm.organisation_id == organisation_id)
    return db.session.scalars(mine.order_by(ContractTerm.fiscal_year.desc(), ContractTerm.id.desc())).all()


def terms_of_all(organisation_ids: Sequence[int]) -> Sequence[ContractTerm]:
    """Terms of several companies with their names, the newest fiscal year first."""
    if not organisation_ids:
        return []
    mine = select(ContractTerm).where(ContractTerm.organisation_id.in_(organisation_ids))
    ordered = mine.order_by(ContractTerm.fiscal_year.desc(), ContractTerm.id.desc()).limit(50)
    return db.session.scalars(ordered.options(joinedload(ContractTerm.organisation))).all()


def was_member(organisation_id: int, fiscal_year: int) -> bool:
    """Whether a contract of that year was paid and stands."""
    stands = (ContractTerm.activated_on.is_not(None), ContractTerm.cancelled_on.is_(None))
    mine = select(ContractTerm.id).where(
        ContractTerm.organisation_id == organisation_id, ContractTerm.fiscal_year == fiscal_year, *stands
    )
    return db.session.scalar(mine.limit(1)) is not None


def term_of(application: Application) -> ContractTerm | None:
    """The contract that came of an application."""
    return db.session.scalars(
        select(ContractTerm).where(ContractTerm.application_id == application.id)
    ).one_or_none()


def standing_of(organisation_id: int, on: date | None = None) -> Standing:
    """Whether the organisation is a member on a day (today), from its terms alone."""
    return membership_standing([term.as_term() for term in terms_of(organisation_id)], on or clock.today())


def members_among(organisation_ids: Collection[int], on: date | None = None) -> frozenset[int]:
    """Those of the companies that are members on a day (today); one statement."""
    its = ContractTerm.organisation_id.in_(any_of("organisations"))
    given = {"organisations": list(organisation_ids)}
    terms: defaultdict[int, list[Term]] = defaultdict(list)
    for term in db.session.scalars(select(ContractTerm).where(its), given):
        terms[term.organisation_id].append(term.as_term())
    day = on or clock.today()
    return frozenset(n for n, found in terms.items() if membership_standing(found, day).is_member)


def entitlements_of(organisation_id: int, on: date | None = None) -> Entitlements | None:
    """What is open to the organisation on a day; None when it never had a term."""
    terms = terms_of(organisation_id)
    standing = membership_standing([term.as_term() for term in terms], on or clock.today())
    deciding = next((t for t in terms if standing.term and t.id == standing.term.reference), None)
    return entitlements_on(standing, deciding.snapshot) if deciding else None


def was_member_before(organisation_id: int, fiscal_year: int) -> bool:
    """Whether it has a paid, uncancelled term of the fiscal year before: such a company goes first."""
    before = (
        ContractTerm.organisation_id == organisation_id,
        ContractTerm.fiscal_year == fiscal_year - 1,
        ContractTerm.activated_on.is_not(None),
        ContractTerm.cancelled_on.is_(None),
    )
    return bool(db.session.scalar(select(exists().where(*before))))


def had_monitor_year(corporate_number: str | None) -> bool:
    """Whether the monitor price was given to this corporate number."""
    if not corporate_number:
        return False
    return bool(db.session.scalar(select(exists().where(MonitorUse.corporate_number == corporate_number))))
