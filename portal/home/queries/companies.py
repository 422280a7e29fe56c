"""What a member's home shows. Every statement is narrowed to what the person who asks may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from portal.accounts.enums import COMPANY_ROLES, InvitationState, Role
from portal.accounts.models import Affiliation, Invitation, Person
from portal.billing.enums import OWED, ReceivableState
from portal.billing.models import Invoice, Quote, Receipt, ReceiptVoid, Receivable
from portal.billing.policy import paying_organisations
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.membership.models import ContractTerm

MOST_PAPERS = 20
MOST_PEOPLE = 60


@dataclass(frozen=True, slots=True)
class Paper:
    """An invoice with what is owed on it, and its receipt's number once it is paid."""

    id: int
    organisation_id: int
    number: str
    subject_ja: str
    subject_en: str
    issued_on: date
    due_on: date
    total_yen: int
    outstanding_yen: int
    state: ReceivableState
    receipt_id: int | None
    receipt_number: str | None

    @property
    def is_owed(self) -> bool:
        return self.state.is_owed

    def subject(self, language: str) -> str:
        return self.subject_en if language == "en" else self.subject_ja


@dataclass(frozen=True, slots=True)
class Offer:
    """A quote that still holds."""

    id: int
    organisation_id: int | None
    number: str
    fiscal_year: int
    valid_until: date
    total_yen: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of the organisation with all roles held there."""

    id: int
    name: str
    title: str
    roles: tuple[Role, ...]


def companies_of(person: Actor) -> dict[int, str]:
    """Names of the organisations that the person belongs to, the office left out."""
    return {m.organisation_id: m.organisation_name for m in person.mandates if m.role in COMPANY_ROLES}


def terms_by_organisation(person: Actor) -> dict[int, list[ContractTerm]]:
    """Contracts of the person's organisations, the newest fiscal year first."""
    ids = [*companies_of(person)]
    found: dict[int, list[ContractTerm]] = {i: [] for i in ids}
    if not ids:
        return found
    mine = select(ContractTerm).where(ContractTerm.organisation_id.in_(ids))
    for term in db.session.scalars(mine.order_by(ContractTerm.fiscal_year.desc(), ContractTerm.id.desc())):
        found[term.organisation_id].append(term)
    return found


def papers_of(person: Actor) -> list[Paper]:
    """Invoices of the organisations for which the person pays: all that is owed, then the newest."""
    ids = paying_organisations(person)
    if not ids:
        return []
    stands = ~select(ReceiptVoid.id).where(ReceiptVoid.receipt_id == Receipt.id).exists()
    statement = (
        select(
            Invoice.id, Invoice.organisation_id, Invoice.number, Invoice.subject_ja, Invoice.subject_en,
            Invoice.issued_on, Invoice.due_on, Invoice.total_yen, Receivable.outstanding_yen, Receivable.state,
            Receipt.id, Receipt.number,
        )
        .join(Receivable, Receivable.invoice_id == Invoice.id)
        .outerjoin(Receipt, (Receipt.invoice_id == Invoice.id) & (Receipt.issue == 0) & stands)
        .where(Invoice.organisation_id.in_(ids))
        .order_by(Receivable.state.in_(OWED).desc(), Invoice.id.desc())
        .limit(MOST_PAPERS)
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = [tuple(row) for row in db.session.execute(statement)]
    return [Paper(*row) for row in rows]


def offers_of(person: Actor) -> list[Offer]:
    """Quotes that hold today: the person's own, and those of organisations for which the person pays."""
    mine = or_(Quote.issued_by_id == person.id, Quote.organisation_id.in_(paying_organisations(person)))
    statement = select(
        Quote.id, Quote.organisation_id, Quote.number, Quote.fiscal_year, Quote.valid_until, Quote.total_yen
    ).where(mine, Quote.valid_until >= clock.today())
    return [Offer(*row) for row in db.session.execute(statement.order_by(Quote.id.desc()).limit(MOST_PAPERS))]


def colleagues_in(organisation_id: int) -> list[Colleague]:
    """People of an organisation with their roles, the longest-standing first."""
    statement = (
        select(Person.id, Person.name, Affiliation.title, Affiliation.role)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(
            Affiliation.organisation_id == organisation_id,
            Affiliation.ended_at.is_(None),
            Person.is_disabled.is_(False),
        )
        .order_by(Affiliation.id)
        .limit(MOST_PEOPLE)
    )
    found: dict[int, Colleague] = {}
    for number, name, title, role in db.session.execute(statement):
        known = found.get(number)
        roles = (*known.roles, role) if known else (role,)
        found[number] = Colleague(number, name, (known.title if known else "") or title, roles)
    return list(found.values())


def open_invitations(person: Actor) -> dict[int, tuple[int, date]]:
    """By organisation that the person manages: how many invitations wait for an answer, and when the first runs out."""
    ids = person.organisations_with(Role.COMPANY_ADMIN)
    if not ids:
        return {}
    waiting = (
        select(Invitation.organisation_id, func.count(), func.min(Invitation.expires_at))
        .where(
            Invitation.organisation_id.in_(ids),
            Invitation.state == InvitationState.PENDING,
            Invitation.expires_at > clock.now(),
        )
        .group_by(Invitation.organisation_id)
    )
    return {
        row[0]: (row[1], row[2].astimezone(clock.OFFICE_ZONE).date()) for row in db.session.execute(waiting)
    }
