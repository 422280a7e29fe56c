"""To whom a renewal's invoice is made out: as last year's, to the person who looks after invoices today."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.accounts.queries import people_of
from portal.billing.queries.replacements import standing_invoice
from portal.core.db import db
from portal.domain.documents import PartySnapshot
from portal.membership.models import ContractTerm
from portal.membership.services.invoices import SOURCE


def renewal_buyer(organisation: Organisation, before: ContractTerm) -> tuple[PartySnapshot, str]:
    """The buyer in the language of the document, and that language.

    The address of last year's invoice is kept; its person too while that address still belongs to a billing contact.
    """
    last = standing_invoice(f"{SOURCE}{before.id}")
    contacts = people_of(organisation, Role.BILLING) or people_of(organisation, Role.COMPANY_ADMIN)
    language = last.language if last else (contacts[0].language if contacts else "ja")
    name = organisation.name(language)
    if last is None:
        buyer = PartySnapshot(name=name, postal_code=organisation.postal_code, address=organisation.address)
    else:
        buyer = replace(PartySnapshot(**last.buyer), name=name)
    if not contacts or buyer.email.casefold() in {person.email.casefold() for person in contacts}:
        return buyer, language
    person = contacts[0]
    department, title = _place_of(person, organisation)
    return replace(
        buyer,
        person=person.name,
        email=person.email,
        telephone=person.telephone,
        department=department,
        title=title,
    ), language


def _place_of(person: Person, organisation: Organisation) -> tuple[str, str]:
    """Department and title."""
    mine = select(Affiliation.department, Affiliation.title).where(
        Affiliation.person_id == person.id,
        Affiliation.organisation_id == organisation.id,
        Affiliation.ended_at.is_(None),
    )
    rows = db.session.execute(mine.order_by(Affiliation.id)).all()
    return next(((row[0], row[1]) for row in rows if row[0] or row[1]), ("", ""))
