"""Mails of membership, one function a message. Each goes out once however often it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import people_of, recipient_for, staff_with
from portal.billing.models import Invoice
from portal.billing.policy import PAYING_ROLES
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.membership.enums import Decision
from portal.membership.models import (
    Application,
    ApplicationCollaborator,
    ApplicationRevision,
    ContractTerm,
    Tier,
)
from portal.membership.policy import ACTING_ROLES
from portal.membership.queries import collaborators_of
from portal.membership.queries.terms import was_member
from portal.notifications.services import Recipient, send_mail

OFFICE = (Role.SECRETARIAT,)
SEE = _l("See the application")


def tell_received(application: Application) -> None:
    """To the applicant: it has arrived, its receipt number, what happens next."""
    tier = db.session.get_one(Tier, application.tier_id)
    _tell_applicants(application, "received", SEE, tier=tier)


def tell_office(application: Application) -> None:
    """To the secretariat: an application waits to be checked."""
    _tell_staff(application, "to_check", staff_with(*OFFICE), _l("Check the application"))


def tell_checked(application: Application) -> None:
    """To the applicant: the secretariat found everything in order, the committee decides."""
    _tell_applicants(application, "checked", SEE)


def tell_committee(application: Application) -> None:
    """To the committee: an application was checked and waits for its decision."""
    _tell_staff(application, "to_decide", staff_with(Role.STEERING_COMMITTEE), _l("See the application"))


def tell_returned(application: Application, comments: Mapping[str, str]) -> None:
    """To the applicant: what has to be corrected."""
    _tell_applicants(
        application,
        "returned",
        _l("Correct the application"),
        count=len(comments.keys() - {""}),
        note=comments.get("", ""),
    )


def tell_decided(application: Application, decision: Decision, invoice: Invoice | None = None) -> None:
    """To the applicant and the secretariat: approved (with the `invoice` that came of it), declined or deferred."""
    if invoice is not None:
        _tell_approved(application, invoice)
    else:
        _tell_applicants(application, decision.state.value, SEE)
    people = [p for p in staff_with(*OFFICE) if p.id != application.decided_by_id]
    _tell_staff(application, "decision_recorded", people, SEE, decision=decision)


def tell_withdrawn(application: Application) -> None:
    """To the secretariat: the applicant took it back."""
    _tell_staff(application, "withdrawn", staff_with(*OFFICE), SEE)


def tell_member(term: ContractTerm) -> None:
    """To those who act for the company, and to who heard of its application: the fee has arrived, the membership stands."""
    organisation = db.session.get_one(Organisation, term.organisation_id)
    is_renewed = was_member(term.organisation_id, term.fiscal_year - 1)
    readers = {person.id: person for person in people_of(organisation, *ACTING_ROLES)}
    if term.application_id is not None:
        application = db.session.get_one(Application, term.application_id)
        readers |= {person.id: person for person in applicants_of(application)}
    for person in readers.values():
        send_mail(
            event="membership/active",
            to=recipient_for(person, organisation),
            context={"term": term, "tier_name": term.tier_name(person.language), "is_renewed": is_renewed},
            button=(_l("See your membership"), absolute_url("home.show_home")),
            key=f"term:{term.id}:active:{term.activated_on}:{person.id}",
        )


def ask_colleague(
    asked: ApplicationCollaborator, application: Application, inviter: str, secret: str
) -> None:
    """To a colleague: please help with this draft. In both languages, as the reader's is not known."""
    send_mail(
        event="membership/shared",
        to=Recipient(email=asked.email),
        context={"application": application, "inviter": inviter, "until": asked.expires_at},
        button=(_l("Open the application"), absolute_url("membership.show_shared", token=secret)),
        is_secret=True,
    )


def applicants_of(application: Application) -> list[Person]:
    """Who hears of it: whoever began it or sent it in and still works on it, and those who act for the company; each once."""
    sent = select(ApplicationRevision.submitted_by_id).where(
        ApplicationRevision.application_id == application.id
    )
    ids = {application.started_by_id, *db.session.scalars(sent)}
    if application.organisation_id is not None:
        ids &= _working_on(application, application.organisation_id)
    people = list(
        db.session.scalars(
            select(Person).where(Person.id.in_(ids), Person.is_disabled.is_(False)).order_by(Person.id)
        )
    )
    if application.organisation_id is not None:
        people += people_of(db.session.get_one(Organisation, application.organisation_id), *ACTING_ROLES)
    return list({person.id: person for person in people}.values())


def _tell_approved(application: Application, invoice: Invoice) -> None:
    """Who may see the invoice is led to it, everybody else to the application."""
    organisation = db.session.get_one(Organisation, application.organisation_id)
    payers = {person.id for person in people_of(organisation, *PAYING_ROLES)}
    for person in applicants_of(application):
        button = (SEE, absolute_url("membership.show_application", application_id=application.id))
        if person.id in payers:
            button = (_l("Open the invoice"), absolute_url("billing.show_invoice", invoice_id=invoice.id))
        to = recipient_for(person, organisation)
        _send(application, "approved", to, button, {"invoice": invoice})


def _working_on(application: Application, organisation_id: int) -> set[int]:
    """Who belongs to the company, and who was let in."""
    belonging = people_of(db.session.get_one(Organisation, organisation_id))
    return {person.id for person in belonging} | {
        standing.person_id for standing in collaborators_of(application) if standing.person_id is not None
    }


def _tell_applicants(application: Application, event: str, label: Any, **context: Any) -> None:
    organisation = _company(application)
    for person in applicants_of(application):
        _send(
            application,
            event,
            recipient_for(person, organisation),
            (label, absolute_url("membership.show_application", application_id=application.id)),
            context,
        )


def _tell_staff(
    application: Application, event: str, people: Iterable[Person], label: Any, **context: Any
) -> None:
    button = (label, absolute_url("membership_staff.show_application", application_id=application.id))
    for person in people:
        _send(application, event, recipient_for(person), button, context)


def _send(
    application: Application,
    event: str,
    to: Recipient,
    button: tuple[Any, str],
    context: Mapping[str, Any],
) -> None:
    organisation = _company(application)
    moment = application.changed_at.isoformat(timespec="seconds")
    send_mail(
        event=f"membership/{event}",
        to=to,
        context={"application": application, "organisation": organisation, **context},
        button=button,
        key=f"application:{application.id}:{event}:{application.revision}:{moment}:{to.person_id}",
    )


def _company(application: Application) -> Organisation | None:
    return db.session.get(Organisation, application.organisation_id) if application.organisation_id else None
