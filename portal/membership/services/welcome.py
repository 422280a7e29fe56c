"""Who an approved application names comes in: representative, contact and billing contact are invited, helpers belong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.services import affiliate, people_of
from portal.accounts.services.invitations import offer_named_roles
from portal.core.db import db
from portal.domain.email_keys import email_key
from portal.membership.models import Application, ApplicationCollaborator
from portal.membership.queries import latest_revision

# Which page of the application names somebody for which role.
NAMED = {
    "representative": Role.REPRESENTATIVE,
    "contact": Role.PARTICIPANT,
    "billing": Role.BILLING,
}


def welcome_people(application: Application) -> None:
    """Invite those whom the application names, in the name of who sent it in; who worked on it becomes a participant."""
    organisation = db.session.get_one(Organisation, application.organisation_id)
    revision = latest_revision(application)
    sender = db.session.get_one(Person, revision.submitted_by_id)
    for person in _helpers(application, organisation):
        affiliate(person, organisation, Role.PARTICIPANT)
    for address, name, roles in _named(revision.content):
        offer_named_roles(organisation=organisation, email=address, name=name, roles=roles, invited_by=sender)


def _named(content: Mapping[str, Any]) -> list[tuple[str, str, list[Role]]]:
    """(address, name, roles), each address once."""
    found: dict[str, tuple[str, str, list[Role]]] = {}
    for page, role in NAMED.items():
        answers = content.get(page) or {}
        if answers.get("same_as_representative") or not answers.get("email"):
            answers = content["representative"]
        key = email_key(answers["email"])
        if key is not None:
            found.setdefault(key, (answers["email"], answers["name"], []))[2].append(role)
    return list(found.values())


def _helpers(application: Application, organisation: Organisation) -> list[Person]:
    """Who was let in and holds no role there yet. Whoever sent it in and has left the company since is not among them."""
    joined = (
        select(Person)
        .join(ApplicationCollaborator, ApplicationCollaborator.person_id == Person.id)
        .where(
            ApplicationCollaborator.application_id == application.id,
            ApplicationCollaborator.revoked_at.is_(None),
        )
        .order_by(Person.id)
    )
    belonging = {person.id for person in people_of(organisation)}
    people = {person.id: person for person in db.session.scalars(joined)}
    return [person for person in people.values() if person.id not in belonging]
