"""What a change would touch, and who and what stands in the trail."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, or_, select

from portal.accounts.models import Organisation, Person
from portal.core.db import db
from portal.domain.application_flow import ApplicationState
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.membership.enums import OPEN_STATES, RulesKind
from portal.membership.models import Acceptance, Application, ContractTerm, RulesVersion, Tier

MOST_NAMED = 500
EDITABLE = (ApplicationState.DRAFT, ApplicationState.RETURNED)


def tier_uses(tier: Tier) -> tuple[int, int, int]:
    """(contracts, undecided applications, drafts) that name this tier in its years."""
    terms = select(func.count(ContractTerm.id)).where(ContractTerm.tier_id == tier.id)
    waiting = select(func.count(Application.id)).where(
        Application.tier_id == tier.id, Application.state.in_(OPEN_STATES)
    )
    chosen = Application.draft["tier"]["tier"].as_string() == tier.code
    drafts = select(func.count(Application.id)).where(
        Application.state == ApplicationState.DRAFT, chosen, Application.fiscal_year >= tier.valid_from
    )
    row = db.session.execute(select(*(part.scalar_subquery() for part in (terms, waiting, drafts)))).one()
    return row[0], row[1], row[2]


def applications_in(fiscal_year: int) -> tuple[int, int, int]:
    """(contracts, undecided applications, drafts) of a fiscal year."""
    terms = select(func.count(ContractTerm.id)).where(
        ContractTerm.fiscal_year == fiscal_year, ContractTerm.cancelled_on.is_(None)
    )
    same_year = Application.fiscal_year == fiscal_year
    waiting = select(func.count(Application.id)).where(same_year, Application.state.in_(OPEN_STATES))
    drafts = select(func.count(Application.id)).where(same_year, Application.state == ApplicationState.DRAFT)
    row = db.session.execute(select(*(part.scalar_subquery() for part in (terms, waiting, drafts)))).one()
    return row[0], row[1], row[2]


def rules_uses(kind: RulesKind) -> tuple[int, int]:
    """(acceptances of earlier wordings, applications that still have to accept)."""
    accepted = (
        select(func.count(Acceptance.id))
        .join(RulesVersion, RulesVersion.id == Acceptance.rules_version_id)
        .where(RulesVersion.kind == kind)
    )
    to_come = select(func.count(Application.id)).where(Application.state.in_(EDITABLE))
    row = db.session.execute(select(accepted.scalar_subquery(), to_come.scalar_subquery())).one()
    return row[0], row[1]


def all_rules() -> list[tuple[RulesVersion, int]]:
    """Every wording, the newest of each kind first, with how often it was accepted."""
    accepted = select(func.count(Acceptance.id)).where(Acceptance.rules_version_id == RulesVersion.id)
    rows = select(RulesVersion, accepted.correlate(RulesVersion).scalar_subquery())
    ordered = rows.order_by(RulesVersion.kind, RulesVersion.effective_on.desc(), RulesVersion.id.desc())
    return [(row[0], row[1]) for row in db.session.execute(ordered)]


def failure_count() -> int:
    """Jobs that gave up."""
    return int(db.session.scalar(select(func.count(Job.id)).where(Job.state == JobState.FAILED)) or 0)


def people_by_id(ids: Iterable[int]) -> dict[int, Person]:
    """People by number; one statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(wanted)))}


def organisations_by_id(ids: Iterable[int]) -> dict[int, Organisation]:
    """Organisations by number; one statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = select(Organisation).where(Organisation.id.in_(wanted))
    return {organisation.id: organisation for organisation in db.session.scalars(found)}


def people_named(text: str) -> tuple[int, ...]:
    """Numbers of people whose name, reading or address contains `text`."""
    fits = (
        column.icontains(text, autoescape=True) for column in (Person.name, Person.name_kana, Person.email)
    )
    return tuple(
        db.session.scalars(select(Person.id).where(or_(*fits)).order_by(Person.id).limit(MOST_NAMED))
    )


def organisations_named(text: str) -> tuple[int, ...]:
    """Numbers of organisations whose name, reading or corporate number contains `text`."""
    columns = (
        Organisation.name_ja, Organisation.name_kana, Organisation.name_en, Organisation.corporate_number,
    )  # fmt: skip
    fits = (column.icontains(text, autoescape=True) for column in columns)
    found = select(Organisation.id).where(or_(*fits)).order_by(Organisation.id).limit(MOST_NAMED)
    return tuple(db.session.scalars(found))
