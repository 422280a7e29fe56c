"""Mails of extra seats: to those who act and pay for the company, and to the office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.accounts.models import Organisation
from portal.accounts.queries import people_of, recipient_for, staff_with
from portal.billing.models import CreditNote, Invoice
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.seats import SeatCost
from portal.files.models import StoredFile
from portal.membership.mail import OFFICE
from portal.membership.models import SeatArrangement
from portal.membership.paper_mail import files_of, readers_of
from portal.membership.policy import ACTING_ROLES
from portal.notifications.services import Recipient, send_mail


def tell_company(arrangement: SeatArrangement, cost: SeatCost | None) -> None:
    """Proposed, or closed without papers: to those who act for the company."""
    organisation = db.session.get_one(Organisation, arrangement.organisation_id)
    for person in people_of(organisation, *ACTING_ROLES):
        _send(arrangement, recipient_for(person, organisation), _see(arrangement), cost=cost)


def tell_with_papers(arrangement: SeatArrangement, invoice: Invoice, note: CreditNote | None = None) -> None:
    """Agreed, or ended with a `note` on its invoice: one mail each; who pays gets the paper with it."""
    papers = files_of(note or invoice)
    pay = (_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id))
    for reader in readers_of(db.session.get_one(Organisation, arrangement.organisation_id), invoice):
        has = reader.gets_papers
        _send(
            arrangement, reader.to, pay if has else _see(arrangement), papers if has else (), invoice=invoice,
            credit=note, has_papers=has, is_stranger=reader.is_stranger,
        )  # fmt: skip


def _see(arrangement: SeatArrangement) -> tuple[Any, str]:
    return (_l("See the seats"), absolute_url("membership.show_seats", seats_id=arrangement.id))


def _send(
    arrangement: SeatArrangement,
    to: Recipient,
    button: tuple[Any, str],
    papers: Sequence[StoredFile] = (),
    **context: Any,
) -> None:
    state = arrangement.state.value
    send_mail(
        event="membership/seats",
        to=to,
        context={"seats": arrangement, "state": state, **context},
        button=button,
        attachments=papers,
        key=f"seats:{arrangement.id}:{state}:{to.person_id or 'invoice'}",
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
