"""What a member's home shows. Every statement is narrowed to what the person who asks may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, bindparam, func, or_, select, type_coerce

from portal.accounts.enums import COMPANY_ROLES, InvitationState, Role
from portal.accounts.models import Affiliation, Invitation, Person
from portal.billing.enums import OWED, ReceivableState
from portal.billing.models import Invoice, Quote, Receipt, ReceiptVoid, Receivable
from portal.billing.policy import paying_organisations
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import any_of, ask, db, written
from portal.membership.models import ContractTerm

MOST_PAPERS = 20
MOST_PEOPLE = 60
_people, _held, _asked = (model.__table__.c for model in (Person, Affiliation, Invitation))
_bills, _owed, _receipts, _quotes = (model.__table__.c for model in (Invoice, Receivable, Receipt, Quote))


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
    for term in db.session.scalars(_TERMS, {"organisations": ids}):
        found[term.organisation_id].append(term)
    return found


_TERMS = (
    select(ContractTerm)
    .where(ContractTerm.organisation_id.in_(any_of("organisations")))
    .order_by(ContractTerm.fiscal_year.desc(), ContractTerm.id.desc())
)


def papers_of(person: Actor) -> list[Paper]:
    """Invoices of the organisations for which the person pays: all that is owed, then the newest."""
    ids = paying_organisations(person)
    return [Paper(*row) for row in ask(_PAPERS, organisations=ids)] if ids else []


_stands = ~select(ReceiptVoid.id).where(ReceiptVoid.receipt_id == _receipts.id).exists()
_PAPERS = (
    select(
        _bills.id, _bills.organisation_id, _bills.number, _bills.subject_ja, _bills.subject_en,
        _bills.issued_on, _bills.due_on, _bills.total_yen, _owed.outstanding_yen, _owed.state,
        _receipts.id, _receipts.number,
    )
    .join_from(Invoice.__table__, Receivable.__table__, _owed.invoice_id == _bills.id)
    .outerjoin(
        Receipt.__table__, (_receipts.invoice_id == _bills.id) & (_receipts.issue == 0) & _stands
    )
    .where(_bills.organisation_id.in_(any_of("organisations")))
    .order_by(_owed.state.in_(OWED).desc(), _bills.id.desc())
    .limit(MOST_PAPERS)
)  # fmt: skip


def offers_of(person: Actor) -> list[Offer]:
    """Quotes that hold today: the person's own, and those of organisations for which the person pays."""
    mine = {"person": person.id, "organisations": paying_organisations(person)}
    return [Offer(*row) for row in ask(_OFFERS, **mine, today=clock.today())]


_OFFERS = (
    select(
        _quotes.id, _quotes.organisation_id, _quotes.number, _quotes.fiscal_year, _quotes.valid_until, _quotes.total_yen,
    )
    .where(
        or_(_quotes.issued_by_id == bindparam("person"), _quotes.organisation_id.in_(any_of("organisations"))),
        _quotes.valid_until >= bindparam("today"),
    )
    .order_by(_quotes.id.desc())
    .limit(MOST_PAPERS)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """An organisation's people, the longest-standing first; how many invitations wait and when the first runs out."""

    colleagues: list[Colleague]
    invitations: tuple[int, date] | None


def people_in(organisation_id: int) -> People:
    """People of an organisation with their roles, and the invitations that wait for an answer; one statement."""
    found: dict[int, Colleague] = {}
    invitations = None
    rows = ask(_PEOPLE, organisation=organisation_id, now=clock.now())
    for number, name, title, role, waiting, until in rows:
        known = found.get(number)
        roles = (*known.roles, role) if known else (role,)
        found[number] = Colleague(number, name, (known.title if known else "") or title, roles)
        invitations = (waiting, clock.day_of(until)) if waiting else None
    return People(list(found.values()), invitations)


_waiting = (
    _asked.organisation_id == bindparam("organisation"),
    type_coerce(_asked.state, String) == written(InvitationState.PENDING)[0],
    _asked.expires_at > bindparam("now"),
)
_PEOPLE = (
    select(
        _people.id,
        _people.name,
        _held.title,
        _held.role,
        select(func.count()).where(*_waiting).scalar_subquery(),
        select(func.min(_asked.expires_at)).where(*_waiting).scalar_subquery(),
    )
    .join_from(Affiliation.__table__, Person.__table__, _people.id == _held.person_id)
    .where(
        _held.organisation_id == bindparam("organisation"),
        _held.ended_at.is_(None),
        _people.is_disabled.is_(False),
    )
    .order_by(_held.id)
    .limit(MOST_PEOPLE)
)
