"""Mails of tier changes: to those who act and pay for the company, and to the office."""

from __future__ import annotations

from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import people_of, recipient_for, staff_with
from portal.billing.models import Invoice
from portal.billing.policy import PAYING_ROLES
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.tier_change import ChangeCost
from portal.membership.mail import OFFICE
from portal.membership.models import Tier, TierChange
from portal.membership.policy import ACTING_ROLES
from portal.notifications.services import send_mail

SEE = _l("See the change of tier")


def tell_changed(change: TierChange, cost: ChangeCost, invoice: Invoice) -> None:
    """Done: what was agreed, from when it holds, what is to be paid. To the company, its billing contacts and the office."""
    _tell(change, "tier_changed", (*ACTING_ROLES, Role.BILLING), invoice, cost=cost)
    _tell_office(change, invoice=invoice, cost=cost)


def tell_asked(change: TierChange) -> None:
    """The wish has arrived; the secretariat looks at it."""
    _tell(change, "tier_change_asked", ACTING_ROLES)
    _tell_office(change)


def tell_planned(change: TierChange) -> None:
    """A lower tier is noted for the next year."""
    _tell(change, "tier_change_planned", ACTING_ROLES)
    _tell_office(change)


def tell_closed(change: TierChange) -> None:
    """Declined, or no longer open: the contract stays as it is."""
    _tell(change, "tier_change_closed", ACTING_ROLES)


def tell_withdrawn(change: TierChange) -> None:
    """To the office: nothing is left to do."""
    _tell_office(change)


def _tell(
    change: TierChange, event: str, roles: tuple[Role, ...], invoice: Invoice | None = None, **context: Any
) -> None:
    organisation = db.session.get_one(Organisation, change.organisation_id)
    payers = {person.id for person in people_of(organisation, *PAYING_ROLES)}
    actors = {person.id for person in people_of(organisation, *ACTING_ROLES)}
    for person in people_of(organisation, *roles):
        if invoice is not None and person.id in payers:
            button = (_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id))
        else:
            button = (SEE, absolute_url("membership.show_tier_change", change_id=change.id))
        if person.id in actors or invoice is not None:
            _send(change, event, person, organisation, button, invoice=invoice, **context)


def _tell_office(change: TierChange, **context: Any) -> None:
    organisation = db.session.get_one(Organisation, change.organisation_id)
    button = (SEE, absolute_url("membership_staff.show_tier_change", change_id=change.id))
    for person in staff_with(*OFFICE):
        _send(change, "tier_change_office", person, None, button, company=organisation, **context)


def _send(
    change: TierChange,
    event: str,
    person: Person,
    organisation: Organisation | None,
    button: tuple[Any, str],
    **context: Any,
) -> None:
    tier = db.session.get_one(Tier, change.tier_id)
    send_mail(
        event=f"membership/{event}",
        to=recipient_for(person, organisation),
        context={
            "change": change,
            "state": change.state.value,
            "old_tier": change.tier_before(person.language),
            "new_tier": tier.name(person.language),
            **context,
        },
        button=button,
        key=f"tier_change:{change.id}:{event}:{change.state.value}:{person.id}",
    )
