"""Mails of tier changes: to those who act and pay for the company, and to the office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.accounts.models import Organisation
from portal.accounts.queries import people_of, recipient_for, staff_with
from portal.billing.models import CreditNote, Invoice, Receivable
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.tier_change import ChangeCost
from portal.files.models import StoredFile
from portal.membership.mail import OFFICE
from portal.membership.models import Tier, TierChange
from portal.membership.paper_mail import files_of, readers_of
from portal.membership.policy import ACTING_ROLES
from portal.notifications.services import Recipient, send_mail

SEE = _l("See the change of tier")


def tell_changed(
    change: TierChange, cost: ChangeCost, invoice: Invoice, note: CreditNote | None, *, is_offered_anew: bool
) -> None:
    """Done: from when it holds and what is to be paid, one mail each; who pays gets the papers with it.

    To those who act and pay for the company, to the address on the invoice, and to the office.
    """
    said: dict[str, Any] = {"cost": cost, "note": note, "is_offered_anew": is_offered_anew}
    said["before"] = db.session.get_one(Invoice, change.credited_invoice_id)
    said["before_due_on"] = db.session.get_one(Receivable, change.credited_invoice_id).due_on
    _tell_with_papers(change, "tier_changed", invoice, files_of(invoice, note), said)
    _tell_office(change, invoice=invoice, to_pay_yen=cost.to_pay_yen)


def tell_taken_back(
    change: TierChange, again: Invoice | None, note: CreditNote, returned_yen: int, *, is_offered_anew: bool
) -> None:
    """Undone: `again` is the invoice for the tier before, if there is one, `note` gives the new one back; told to the same readers."""
    to_pay = again.total_yen - returned_yen if again else 0
    said: dict[str, Any] = {"note": note, "to_pay_yen": to_pay, "returned_yen": returned_yen, "is_offered_anew": is_offered_anew}  # fmt: skip
    said["new"], said["again"] = db.session.get_one(Invoice, note.invoice_id), again
    papers = files_of(again, note)
    _tell_with_papers(change, "tier_change_taken_back", again or said["new"], papers, said)
    _tell_office(change, **({"invoice": again, "to_pay_yen": to_pay} if again else {}))


def _tell_with_papers(
    change: TierChange, event: str, invoice: Invoice, papers: Sequence[StoredFile], said: dict[str, Any]
) -> None:
    see = (SEE, absolute_url("membership.show_tier_change", change_id=change.id))
    pay = (_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id))
    for reader in readers_of(db.session.get_one(Organisation, change.organisation_id), invoice):
        has = reader.gets_papers
        words = said | {"invoice": invoice, "has_papers": has, "is_stranger": reader.is_stranger}
        _send(change, event, reader.to, pay if has else see, papers if has else (), **words)


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
