"""Who works on an application without a role in its company: kept on, or sent away."""

from __future__ import annotations

import secrets

from sqlalchemy import and_, or_, select, update

from portal.accounts.models import Organisation, Person
from portal.accounts.services.holding import held_roles
from portal.accounts.session import token_hash
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.membership.models import Application, ApplicationCollaborator
from portal.membership.queries import collaborators_of


def keep_starter(application: Application, by: Actor) -> None:
    """A colleague has settled the company: who began the draft, and does not belong to it, works on as one let in.

    So the company's people see who that is, and can send them away.
    """
    starter, body = db.session.get_one(Person, application.started_by_id), application.organisation_id
    if starter.id == by.id or body is None or held_roles(starter.id, body):
        return
    if any(standing.email_key == starter.email_key for standing in collaborators_of(application)):
        return
    now = clock.now()
    db.session.add(
        ApplicationCollaborator(
            application_id=application.id,
            email=starter.email,
            email_key=starter.email_key,
            token_hash=token_hash(secrets.token_urlsafe(32)),  # of a link that was never sent
            invited_by_id=by.id,
            created_at=now,
            expires_at=now,
            person_id=starter.id,
            joined_at=now,
        )
    )
    db.session.flush()


def end_sharing_with(*, person: Person, organisation: Organisation, by: Actor) -> None:
    """Whoever has left a company works no longer on its applications, and no link of theirs works."""
    theirs = or_(
        ApplicationCollaborator.person_id == person.id,
        and_(
            ApplicationCollaborator.person_id.is_(None), ApplicationCollaborator.email_key == person.email_key
        ),
    )
    of_company = select(Application.id).where(Application.organisation_id == organisation.id)
    ended = (
        update(ApplicationCollaborator)
        .where(
            theirs,
            ApplicationCollaborator.application_id.in_(of_company),
            ApplicationCollaborator.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
        .returning(ApplicationCollaborator.application_id, ApplicationCollaborator.email)
    )
    rows = db.session.execute(ended, execution_options={"synchronize_session": False}).all()
    for number, email in rows:
        record(
            verb="application.unshared", subject=db.session.get_one(Application, number),
            organisation_id=organisation.id, by=by, changes={"email": email}, audience=Audience.PARTY,
        )  # fmt: skip
