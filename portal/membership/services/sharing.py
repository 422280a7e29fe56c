"""Share a draft with a colleague by mail, before the company has people here."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update

from portal.accounts.limits import count_mail
from portal.accounts.models import Person
from portal.accounts.services.people import checked_email
from portal.accounts.session import token_hash
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.i18n import _l
from portal.membership import mail
from portal.membership.models import Application, ApplicationCollaborator
from portal.membership.queries import collaborators_of
from portal.membership.services.drafts import lock_application

LIFETIME = timedelta(days=14)
MOST_COLLEAGUES = 10
SPENT = _l(
    "This link has been used by somebody else, taken back, or is too old. Please ask your colleague for a new one."
)


def share_application(*, application: Application, email: str, by: Actor) -> ApplicationCollaborator:
    """Mail a colleague a link to this draft. Raises Refused or TooOften at `email`."""
    check = checked_email(email)
    _refuse_sharing(application, check.key)
    count_mail(by=by.id, to=check.address)
    _refuse_sharing(lock_application(application), check.key)  # others were let in while it was counted
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    asked = ApplicationCollaborator(
        application_id=application.id,
        email=check.address,
        email_key=check.key,
        token_hash=token_hash(secret),
        invited_by_id=by.id,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    db.session.add(asked)
    db.session.flush()
    record(
        verb="application.shared", subject=application, organisation_id=application.organisation_id, by=by,
        changes={"email": check.address}, audience=Audience.PARTY,
    )  # fmt: skip
    mail.ask_colleague(asked, application, by.name, secret)
    return asked


def _refuse_sharing(application: Application, email_key: str) -> None:
    if application.state.is_final:
        raise Refused(_l("This application is closed; nothing can be changed any more."), field="email")
    standing = collaborators_of(application)
    if any(c.email_key == email_key for c in standing):
        raise Refused(_l("This colleague has been asked already."), field="email")
    if len(standing) >= MOST_COLLEAGUES:
        raise Refused(_l("Ten colleagues work on this application already."), field="email")


class NotForYou(Refused):
    """The link was mailed to somebody else."""

    status = 403


def shared_link(token: str) -> ApplicationCollaborator | None:
    """The row of a link that still works; a page may ask this on GET."""
    by_token = ApplicationCollaborator.token_hash == token_hash(token)
    return db.session.scalars(select(ApplicationCollaborator).where(by_token, *_works())).one_or_none()


def shared_with(person: Person, number: int) -> ApplicationCollaborator | None:
    """The row of this number if its link still works and is for `person`: whoever is signed in needs no secret."""
    by_number = ApplicationCollaborator.id == number
    found = db.session.scalars(select(ApplicationCollaborator).where(by_number, *_works())).one_or_none()
    return found if found is not None and is_for(found, person) else None


def is_for(link: ApplicationCollaborator, person: Person) -> bool:
    """Whether the person took it up, or it was mailed to the person's address and nobody has taken it up yet."""
    if link.person_id is not None:
        return link.person_id == person.id
    return link.email_key == person.email_key


def join_application(*, link: ApplicationCollaborator, person: Person) -> Application:
    """Take part in the draft; the link serves the person whom it was mailed to. Raises Refused or NotForYou."""
    if link.person_id is None and link.email_key != person.email_key:
        raise NotForYou(_l("This link was sent to somebody else."))
    take = update(ApplicationCollaborator).where(
        ApplicationCollaborator.id == link.id,
        ApplicationCollaborator.person_id.is_(None) | (ApplicationCollaborator.person_id == person.id),
        *_works(),
    )
    taken = db.session.execute(
        take.values(person_id=person.id, joined_at=clock.now()).returning(
            ApplicationCollaborator.application_id
        ),
        execution_options={"synchronize_session": False},
    ).scalar_one_or_none()
    if taken is None:
        raise Refused(SPENT)
    application = db.session.get_one(Application, taken)
    record(
        verb="application.joined", subject=application, organisation_id=application.organisation_id, by=person.id,
        audience=Audience.PARTY,
    )  # fmt: skip
    return application


def _works() -> tuple[ColumnElement[bool], ...]:
    """Not taken back, and not too old."""
    return ApplicationCollaborator.revoked_at.is_(None), ApplicationCollaborator.expires_at > clock.now()


def stop_sharing(*, application: Application, collaborator_id: int, by: Actor) -> int | None:
    """The colleague works on it no more, the link is dead; returns who that was, if anybody. Raises NotFound."""
    ended = (
        update(ApplicationCollaborator)
        .where(
            ApplicationCollaborator.id == collaborator_id,
            ApplicationCollaborator.application_id == application.id,
            ApplicationCollaborator.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
        .returning(ApplicationCollaborator.email, ApplicationCollaborator.person_id)
    )
    row = db.session.execute(ended, execution_options={"synchronize_session": False}).one_or_none()
    if row is None:
        raise NotFound
    record(
        verb="application.unshared", subject=application, organisation_id=application.organisation_id, by=by,
        changes={"email": row[0]}, audience=Audience.PARTY,
    )  # fmt: skip
    return row[1]
