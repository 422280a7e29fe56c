"""Mails of renewals, one function a message. Where an answer is possible, each reader's mail carries a link of their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import people_of, recipient_for, staff_with
from portal.billing.mail import billing_contact
from portal.billing.models import Invoice
from portal.billing.policy import PAYING_ROLES
from portal.core import clock
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.renewal_flow import last_day_to_answer
from portal.membership.mail import OFFICE
from portal.membership.models import ContractTerm, Renewal, RenewalCampaign, Tier
from portal.membership.policy import ACTING_ROLES
from portal.membership.queries.bills import bills_of
from portal.membership.queries.renewals import receivable_of
from portal.notifications.services import Recipient, send_mail

ANSWER = _l("Renew or decline")
SEE = _l("See the renewal")


def ask(
    renewal: Renewal,
    event: str,
    person: Person,
    organisation: Organisation,
    secret: str,
    *,
    step: str = "",
    **context: Any,
) -> None:
    """To one of those who act for the company: please answer. `secret` is the person's own link."""
    campaign = db.session.get_one(RenewalCampaign, renewal.campaign_id)
    last_day = last_day_to_answer(renewal.standing, campaign.season)
    button = (ANSWER, absolute_url("membership.open_renewal", token=secret))
    _send(renewal, event, person, organisation, button, step=step, secret=True, last_day=last_day, **context)


def tell_more_time(renewal: Renewal, event: str, until: date) -> None:
    """The company has renewed: more time for the money (`renewal_extended`), or taken up again (`renewal_reinstated`)."""
    asked = _asked(renewal)
    if not asked:
        return
    context: dict[str, Any] = {"until": until, "is_payment": True, **asked}
    _tell(renewal, event, **context)
    _tell_contact(renewal, event, **context)


def _asked(renewal: Renewal) -> dict[str, Any]:
    """Of one that was agreed to: the invoice that leads, and number and yen of each on which something is owed."""
    found = receivable_of(renewal.term_id) if renewal.term_id else None
    if renewal.term_id is None or found is None:
        return {}
    owed = [bill for bill in bills_of(renewal.term_id) if bill.state.is_owed]
    asked = [(db.session.get_one(Invoice, bill.invoice_id).number, bill.outstanding_yen) for bill in owed]
    return {"invoice": found[0], "asked": asked}


def tell_unpaid(renewal: Renewal, until: date) -> None:
    """The company has renewed and not paid: until when that can be made good."""
    _tell(renewal, "renewal_missed", until=until, **_asked(renewal))


def confirm(renewal: Renewal, term: ContractTerm, invoice: Invoice) -> None:
    """Renewed: what was agreed, and what is to be paid."""
    _tell(renewal, "renewal_confirmed", invoice=invoice, term=term)


def decline(renewal: Renewal) -> None:
    """The company does not renew: a word to the company, and one to the office."""
    ends_on = db.session.get_one(ContractTerm, renewal.from_term_id).last_day
    _tell(renewal, "renewal_declined", ends_on=ends_on, is_over=ends_on < clock.today())
    _tell_office(renewal, "renewal_declined_office")


def suspend(renewal: Renewal) -> None:
    """Grace is over."""
    _tell(renewal, "renewal_suspended", until=renewal.next_on, **_asked(renewal))


def lapse(renewal: Renewal, invoice: Invoice | None) -> None:
    """The membership is not renewed; the office is told what stays open."""
    _tell(renewal, "renewal_lapsed", invoice=invoice)
    if invoice is not None:
        _tell_office(renewal, "renewal_lapsed_office", invoice=invoice)


def paid_late(renewal: Renewal, invoice: Invoice | None) -> None:
    """Money came for a renewal that had lapsed: the company is told that it makes no member yet, the office decides."""
    _tell(renewal, "renewal_paid_late")
    _tell_office(renewal, "renewal_paid_late_office", invoice=invoice, is_beside=False)


def paid_beside(renewal: Renewal, invoice: Invoice) -> None:
    """Money came for a contract that had ended, and the renewal stands on another since: the office decides what becomes of it."""
    _tell_office(
        renewal, "renewal_paid_late_office", invoice=invoice, is_beside=True, step=f"beside{invoice.id}"
    )


def tell_ended(renewal: Renewal, invoice: Invoice | None) -> None:
    """The contract that it follows was cancelled. `invoice`: of the next year, where that was agreed already and stands."""
    _tell_office(renewal, "renewal_ended_office", invoice=invoice)


def readers_of(organisation: Organisation) -> list[Person]:
    """Who is asked: those who act for the company."""
    return people_of(organisation, *ACTING_ROLES)


def _tell(renewal: Renewal, event: str, **context: Any) -> None:
    organisation = db.session.get_one(Organisation, renewal.organisation_id)
    payers = {person.id for person in people_of(organisation, *PAYING_ROLES)}
    invoice = context.get("invoice")
    for person in readers_of(organisation):
        button = (SEE, absolute_url("membership.show_renewal", renewal_id=renewal.id))
        if invoice is not None and person.id in payers:
            button = _to_invoice(invoice)
        _send(renewal, event, person, organisation, button, **context)


def _tell_contact(renewal: Renewal, event: str, *, invoice: Invoice, **context: Any) -> None:
    """To whom the invoice is made out and who holds the paper with its day, unless the mail to the company reached them."""
    to = billing_contact(invoice)
    organisation = db.session.get_one(Organisation, renewal.organisation_id)
    if to is None or to.email in {person.email for person in readers_of(organisation)}:
        return
    _post(renewal, event, to, _to_invoice(invoice), f"{renewal.version}:contact", invoice=invoice, **context)


def _to_invoice(invoice: Invoice) -> tuple[Any, str]:
    return (_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id))


def _tell_office(renewal: Renewal, event: str, **context: Any) -> None:
    organisation = db.session.get_one(Organisation, renewal.organisation_id)
    button = (SEE, absolute_url("membership_staff.show_renewal", renewal_id=renewal.id))
    people: Iterable[Person] = staff_with(*OFFICE)
    for person in people:
        _send(renewal, event, person, None, button, company=organisation, **context)


def _send(
    renewal: Renewal,
    event: str,
    person: Person,
    organisation: Organisation | None,
    button: tuple[Any, str],
    *,
    step: str = "",
    secret: bool = False,
    **context: Any,
) -> None:
    tail = f"{step or renewal.version}:{person.id}"
    _post(renewal, event, recipient_for(person, organisation), button, tail, is_secret=secret, **context)


def _post(
    renewal: Renewal,
    event: str,
    to: Recipient,
    button: tuple[Any, str],
    tail: str,
    *,
    is_secret: bool = False,
    **context: Any,
) -> None:
    tier = db.session.get(Tier, renewal.tier_id) if renewal.tier_id else None
    send_mail(
        event=f"membership/{event}",
        to=to,
        context={
            "renewal": renewal,
            "year": renewal.fiscal_year,
            "tier_name": tier.name(to.language or "ja") if tier else "",
            "price": renewal.price,
            **context,
        },
        button=button,
        key=f"renewal:{renewal.id}:{event}:{tail}",
        is_secret=is_secret,
    )
