"""Mails of extra seats: to those who act and pay for the company, and to the office."""

from __future__ import annotations

from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.queries import people_of, recipient_for, staff_with
from portal.billing.models import Invoice
from portal.billing.policy import PAYING_ROLES
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.seats import SeatCost
from portal.membership.mail import OFFICE
from portal.membership.models import SeatArrangement
from portal.membership.policy import ACTING_ROLES
from portal.notifications.services import send_mail


def tell_company(arrangement: SeatArrangement, cost: SeatCost | None, invoice: Invoice | None = None) -> None:
    """Proposed, agreed (with the `invoice`), withdrawn or ended. Billing contacts hear of what is to be paid."""
    organisation = db.session.get_one(Organisation, arrangement.organisation_id)
    payers = {person.id for person in people_of(organisation, *PAYING_ROLES)}
    roles = (*ACTING_ROLES, Role.BILLING) if invoice is not None else ACTING_ROLES
    for person in people_of(organisation, *roles):
        button: tuple[Any, str] = (
            _l("See the seats"), absolute_url("membership.show_seats", seats_id=arrangement.id)
        )  # fmt: skip
        if invoice is not None and person.id in payers:
            button = (_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id))
        send_mail(
            event="membership/seats",
            to=recipient_for(person, organisation),
            context={
                "seats": arrangement,
                "state": arrangement.state.value,
                "cost": cost,
                "invoice": invoice,
            },
            button=button,
            key=f"seats:{arrangement.id}:{arrangement.state.value}:{person.id}",
        )


def tell_office(arrangement: SeatArrangement) -> None:
    """The company agreed or declined."""
    organisation = db.session.get_one(Organisation, arrangement.organisation_id)
    for person in staff_with(*OFFICE):
        send_mail(
            event="membership/seats_office",
            to=recipient_for(person, None),
            context={"seats": arrangement, "state": arrangement.state.value, "company": organisation},
            button=(
                _l("See the seats"), absolute_url("membership_staff.show_seats", seats_id=arrangement.id)
            ),
            key=f"seats:{arrangement.id}:{arrangement.state.value}:office:{person.id}",
        )  # fmt: skip
