"""Somebody asks to be invited to an organisation. Its administrators are told; who they are stays with them."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.accounts.limits import TooOften, count_try
from portal.accounts.mail import mail_request
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import managers_of, organisation_by_number, staff_with
from portal.accounts.services.organisations import checked_number
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l

REQUESTS_OF_PERSON = "5 per day"
REQUESTS_TO_ONE = "1 per day"
REQUESTS_TO_ORGANISATION = "10 per day"
MANY_REQUESTS = _l("You have asked often today. Please try again tomorrow.")
ASKED_TODAY = _l(
    "Its administrators have been told today already. They will send you an invitation if they agree."
)
FIELD = "corporate_number"


def request_invitation(*, corporate_number: str, by: Actor) -> Organisation:
    """Mail the organisation's administrators, once a day, that `by` would like to be invited.

    Where an organisation has nobody, the office is told. Raises Refused or TooOften at `corporate_number`.
    """
    number = checked_number(corporate_number)
    count_try("request", by.id, REQUESTS_OF_PERSON, message=MANY_REQUESTS, field=FIELD)
    body = organisation_by_number(number)
    if body is None:
        raise Refused(
            _l("No company with this number is here yet. You can begin an application for it."), field=FIELD
        )
    if body.id in by.organisation_ids:
        raise Refused(_l("You belong to this company already."), field=FIELD)
    count_try(f"request to {body.id}", by.id, REQUESTS_TO_ONE, message=ASKED_TODAY, field=FIELD)
    try:
        count_try("requests to", body.id, REQUESTS_TO_ORGANISATION)
    except TooOften as refused:
        raise TooOften(MANY_REQUESTS, field=FIELD) from refused
    asker = db.session.get_one(Person, by.id)
    for reader in managers_of(body.id) or staff_with(Role.ADMINISTRATOR, Role.SECRETARIAT):
        mail_request(reader, body, asker)
    record(
        verb="invitation.requested", subject=body, organisation_id=body.id, by=by,
        changes={"person": asker.name, "email": asker.email}, audience=Audience.PARTY,
    )  # fmt: skip
    return body
