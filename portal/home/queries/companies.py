"""What a member's home shows. Every statement is narrowed to what the person who asks may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, bindparam, func, or_, select, type_coerce

from portal.accounts.enums import COMPANY_ROLES, InvitationState, Role
from portal.accounts.models import Affiliation, Invitation, Person
from portal.billing.enums import OWED, ReceivableState
from portal.billing.models import Invoice, Quote, QuoteStanding, Receipt, ReceiptVoid, Receivable
from portal.billing.policy import paying_organisations
from portal.billing.queries.shown import claimed_state
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import any_of, ask, db, written
from portal.domain.quote_flow import QuoteState
from portal.domain.seats import SeatState
from portal.domain.tier_change_flow import OPEN, ChangeState
from portal.membership.models import ContractTerm, SeatArrangement, Tier, TierChange

MOST_PAPERS = 20
MOST_PEOPLE = 60
_people, _held, _asked = (model.__table__.c for model in (Person, Affiliation, Invitation))
_bills, _owed, _receipts = (model.__table__.c for model in (Invoice, Receivable, Receipt))
_quotes, _standings, _seats = (model.__table__.c for model in (Quote, QuoteStanding, SeatArrangement))
_wishes, _tiers = (model.__table__.c for model in (TierChange, Tier))


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
        return self.outstanding_yen > 0

    def subject(self, language: str) -> str:
        return self.subject_en if language == "en" else self.subject_ja


@dataclass(frozen=True, slots=True)
class Offer:
    """A quote that still holds; `is_sent`: the office has sent it, and the company may order by it."""

    id: int
    organisation_id: int | None
    number: str
    fiscal_year: int
    valid_until: date
    total_yen: int
    is_sent: bool


@dataclass(frozen=True, slots=True)
class ProposedSeats:
    """An offer of extra seats that waits for the company."""

    id: int
    seats: int
    answer_by: date


@dataclass(frozen=True, slots=True)
class TierWish:
    """Another tier that was asked for: the office looks at it, or it comes with the next fiscal year."""

    id: int
    state: ChangeState
    name_ja: str
    name_en: str

    def tier(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_ja


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


@dataclass(frozen=True, slots=True)
class Contracts:
    """Contracts by organisation, the newest fiscal year first, offers of seats by organisation, open wishes for a tier by contract."""

    terms: dict[int, list[ContractTerm]]
    proposed: dict[int, list[ProposedSeats]]
    wishes: dict[int, TierWish]


def contracts_of(person: Actor) -> Contracts:
    """What the person's organisations have agreed on, and what waits on it."""
    ids = [*companies_of(person)]
    found = Contracts({i: [] for i in ids}, {}, {})
    for term, *more in db.session.execute(_TERMS, {"organisations": ids}) if ids else ():
        offer, wish = more[:3], more[3:]
        found.terms[term.organisation_id].append(term)
        if offer[0] is not None:
            found.proposed.setdefault(term.organisation_id, []).append(ProposedSeats(*offer))
        if wish[0] is not None:
            found.wishes[term.id] = TierWish(*wish)
    return found


_is_proposed = type_coerce(_seats.state, String) == written(SeatState.PROPOSED)[0]
_is_wished = type_coerce(_wishes.state, String).in_(written(*OPEN))
_TERMS = (
    select(
        ContractTerm,
        _seats.id,
        _seats.seats,
        _seats.answer_by,
        _wishes.id,
        _wishes.state,
        _tiers.name_ja,
        _tiers.name_en,
    )
    .select_from(ContractTerm)
    .outerjoin(SeatArrangement.__table__, (_seats.term_id == ContractTerm.id) & _is_proposed)
    .outerjoin(TierChange.__table__, (_wishes.term_id == ContractTerm.id) & _is_wished)
    .outerjoin(Tier.__table__, _tiers.id == _wishes.tier_id)
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
        _bills.issued_on, _owed.due_on, _bills.total_yen, _owed.outstanding_yen, claimed_state(),
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
    """Quotes that hold today and wait for the company: the person's own, and those of organisations for which they pay."""
    mine = {"person": person.id, "organisations": paying_organisations(person)}
    return [Offer(*row) for row in ask(_OFFERS, **mine, today=clock.today())]


_OFFERS = (
    select(
        _quotes.id, _quotes.organisation_id, _quotes.number, _quotes.fiscal_year, _quotes.valid_until, _quotes.total_yen,
        _standings.quote_id.is_not(None),
    )
    .outerjoin_from(Quote.__table__, QuoteStanding.__table__, _standings.quote_id == _quotes.id)
    .where(
        or_(_quotes.issued_by_id == bindparam("person"), _quotes.organisation_id.in_(any_of("organisations"))),
        _quotes.valid_until >= bindparam("today"),
        or_(_standings.quote_id.is_(None), _standings.state == QuoteState.SENT),
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
