"""Mails of tier changes: to those who act and pay for the company, and to the office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.queries import people_of, recipient_for, staff_with
from portal.accounts.queries.people import person_by_email
from portal.billing.mail import billing_contact
from portal.billing.models import CreditNote, Invoice
from portal.billing.policy import PAYING_ROLES
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.tier_change import ChangeCost
from portal.files.models import StoredFile
from portal.membership.mail import OFFICE
from portal.membership.models import Tier, TierChange
from portal.membership.policy import ACTING_ROLES
from portal.notifications.services import Recipient, send_mail

SEE = _l("See the change of tier")


def tell_changed(
    change: TierChange, cost: ChangeCost, invoice: Invoice, note: CreditNote | None, *, is_offered_anew: bool
) -> None:
    """Done: from when it holds and what is to be paid, one mail each; who pays gets the papers with it.

    To those who act and pay for the company, to the address on the invoice, and to the office.
    """
    organisation = db.session.get_one(Organisation, change.organisation_id)
    papers = [db.session.get_one(StoredFile, paper.file_id) for paper in (invoice, note) if paper]
    said = {"invoice": invoice, "cost": cost, "note": note, "is_offered_anew": is_offered_anew}
    said["before"] = db.session.get_one(Invoice, change.credited_invoice_id)
    payers = {person.id for person in people_of(organisation, *PAYING_ROLES)}
    named = billing_contact(invoice)
    told = people_of(organisation, *ACTING_ROLES, Role.BILLING)
    for person in told:
        is_named = named is not None and person.email == named.email
        to = recipient_for(person, organisation)
        _send_changed(change, to, papers if is_named or person.id in payers else [], said)
    if named is not None and named.email not in {person.email for person in told}:
        _send_changed(change, named, papers, said)
    _tell_office(change, invoice=invoice, cost=cost)


def _send_changed(change: TierChange, to: Recipient, papers: list[StoredFile], said: dict[str, Any]) -> None:
    see = (SEE, absolute_url("membership.show_tier_change", change_id=change.id))
    pay = (_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=said["invoice"].id))
    is_stranger = to.person_id is None and person_by_email(to.email) is None
    said = said | {"has_papers": bool(papers), "is_stranger": is_stranger}
    _send(change, "tier_changed", to, pay if papers else see, papers, **said)


def tell_asked(change: TierChange) -> None:
    """The wish has arrived; the secretariat looks at it."""
    _tell(change, "tier_change_asked")
    _tell_office(change)


def tell_planned(change: TierChange) -> None:
    """A lower tier is noted for the next year."""
    _tell(change, "tier_change_planned")
    _tell_office(change)


def tell_closed(change: TierChange) -> None:
    """Declined, or no longer open: the contract stays as it is."""
    _tell(change, "tier_change_closed")


def tell_withdrawn(change: TierChange) -> None:
    """To the office: nothing is left to do."""
    _tell_office(change)


def _tell(change: TierChange, event: str) -> None:
    organisation = db.session.get_one(Organisation, change.organisation_id)
    button = (SEE, absolute_url("membership.show_tier_change", change_id=change.id))
    for person in people_of(organisation, *ACTING_ROLES):
        _send(change, event, recipient_for(person, organisation), button)


def _tell_office(change: TierChange, **context: Any) -> None:
    organisation = db.session.get_one(Organisation, change.organisation_id)
    button = (SEE, absolute_url("membership_staff.show_tier_change", change_id=change.id))
    for person in staff_with(*OFFICE):
        _send(change, "tier_change_office", recipient_for(person), button, company=organisation, **context)


def _send(
    change: TierChange,
    event: str,
    to: Recipient,
    button: tuple[Any, str],
    papers: Sequence[StoredFile] = (),
    **context: Any,
) -> None:
    tier, language = db.session.get_one(Tier, change.tier_id), to.language or "ja"
    send_mail(
        event=f"membership/{event}",
        to=to,
        context={
            "change": change,
            "state": change.state.value,
            "old_tier": change.tier_before(language),
            "new_tier": tier.name(language),
            **context,
        },
        button=button,
        attachments=papers,
        key=f"tier_change:{change.id}:{event}:{change.state.value}:{to.person_id or 'invoice'}",
    )
