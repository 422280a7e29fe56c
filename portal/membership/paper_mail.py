"""Who reads of papers that a change of the contract has made: one mail each, with the papers for those who pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.queries import people_of, recipient_for
from portal.accounts.queries.people import person_by_email
from portal.billing.mail import billing_contact
from portal.billing.models import Invoice
from portal.billing.policy import PAYING_ROLES
from portal.core.db import db
from portal.files.models import StoredFile
from portal.membership.policy import ACTING_ROLES
from portal.notifications.services import Recipient


class Paper(Protocol):
    """An issued document."""

    @property
    def file_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class PaperReader:
    """Somebody who is told; `is_stranger`: the address on the invoice, with no account here."""

    to: Recipient
    gets_papers: bool
    is_stranger: bool


def readers_of(organisation: Organisation, invoice: Invoice) -> list[PaperReader]:
    """Those who act and pay for the company, and the address on the invoice."""
    payers = {person.id for person in people_of(organisation, *PAYING_ROLES)}
    named = billing_contact(invoice)
    told = people_of(organisation, *ACTING_ROLES, Role.BILLING)
    found = [
        PaperReader(
            recipient_for(person, organisation),
            person.id in payers or (named is not None and person.email == named.email),
            is_stranger=False,
        )
        for person in told
    ]
    if named is not None and named.email not in {person.email for person in told}:
        is_stranger = named.person_id is None and person_by_email(named.email) is None
        found.append(PaperReader(named, gets_papers=True, is_stranger=is_stranger))
    return found


def files_of(*papers: Paper | None) -> Sequence[StoredFile]:
    """To be attached."""
    return [db.session.get_one(StoredFile, paper.file_id) for paper in papers if paper]
