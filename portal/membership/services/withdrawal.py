"""Take an application back before it is decided."""

from __future__ import annotations

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core.access import Actor
from portal.domain.application_flow import ApplicationState, Mover
from portal.membership import mail
from portal.membership.models import Application
from portal.membership.services.moves import move


def withdraw_application(*, application: Application, by: Actor, note: str = "") -> Application:
    """The applicant takes it back; the secretariat is told when it had been sent in. Raises OutOfDate when decided."""
    move(application, ApplicationState.WITHDRAWN, Mover.APPLICANT)
    record(
        verb="application.withdrawn", subject=application, organisation_id=application.organisation_id, by=by,
        note=note.strip(), audience=Audience.PARTY,
    )  # fmt: skip
    if application.revision:
        mail.tell_withdrawn(application)
    return application
