"""The office's verbs: check, return for correction, decide. Whoever checked does not decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.application_flow import ApplicationState, DecisionReason, Mover, may_decide
from portal.membership import mail
from portal.membership.enums import Decision
from portal.membership.models import Application, ContractTerm, FieldComment
from portal.membership.policy import DECIDING_ROLES, is_party, may_check, may_return, mover_of
from portal.membership.queries import hands_on
from portal.membership.services.invoices import invoice_of
from portal.membership.services.moves import move
from portal.membership.services.terms import make_term
from portal.membership.services.welcome import welcome_people

NOT_YOURS = _l(
    "You cannot review this application: it is closed to your role, you belong to the company, or you worked on it yourself."
)
TWO_PERSONS = {
    DecisionReason.NOT_CHECKED: _l("The secretariat has to check this application before it is decided."),
    DecisionReason.SAME_PERSON: _l(
        "You checked this application, so somebody else has to record the decision."
    ),
}


def check_application(
    *,
    application: Application,
    by: Actor,
    checklist: Mapping[str, bool] | None = None,
    agreed_seats: int | None = None,
    revision: int | None = None,
    note: str = "",
) -> Application:
    """The secretariat found everything in order; the committee is told.

    `checklist` is kept as it was ticked. `agreed_seats` has to be given where seats go by arrangement, and only there.
    `revision` is the one that was looked at. Raises Refused (`agreed_seats`), OutOfDate.
    """
    if (
        not may_check(by, application, hands_on(application))
        and application.state is ApplicationState.SUBMITTED
    ):
        raise Refused(NOT_YOURS)
    if application.is_by_arrangement and agreed_seats is None:
        raise Refused(_l("Please enter the number of training seats that was agreed."), field="agreed_seats")
    move(
        application,
        ApplicationState.CHECKED,
        Mover.CHECKER,
        revision=revision,
        checked_by_id=by.id,
        checked_at=clock.now(),
        checklist=dict(checklist or {}),
        agreed_seats=agreed_seats if application.is_by_arrangement else None,
    )
    _record("application.checked", application, by)
    if note:
        record(
            verb="application.noted",
            subject=application,
            organisation_id=application.organisation_id,
            by=by,
            note=note,
        )
    mail.tell_checked(application)
    mail.tell_committee(application)
    return application


def return_application(
    *,
    application: Application,
    comments: Mapping[str, str],
    by: Actor,
    note: str = "",
    revision: int | None = None,
) -> Application:
    """Ask the applicant for corrections. `comments` maps `page.field` to words; `note` is for the whole.

    Raises Refused (`note`) when nothing is said, OutOfDate.
    """
    said = {path: words.strip() for path, words in comments.items() if words.strip()}
    if not said and not note.strip():
        raise Refused(_l("Please say what has to be corrected, at a field or for the whole."), field="note")
    if (
        not may_return(by, application, hands_on(application))
        and not application.state.is_final
        and not application.state.is_editable
    ):
        raise Refused(NOT_YOURS)
    move(application, ApplicationState.RETURNED, mover_of(by), revision=revision)
    if note.strip():
        said[""] = note.strip()
    for path, words in said.items():
        db.session.add(
            FieldComment(
                application_id=application.id,
                revision=application.revision,
                path=path,
                text=words,
                by_id=by.id,
                created_at=clock.now(),
            )
        )
    db.session.flush()
    _record("application.returned", application, by, note=note.strip())
    mail.tell_returned(application, said)
    return application


def decide_application(
    *,
    application: Application,
    decision: Decision,
    decided_on: date,
    minute_reference: str,
    by: Actor,
    note: str = "",
    beyond_places: bool = False,
    revision: int | None = None,
) -> ContractTerm | None:
    """Write down what the committee decided on a day; approval makes the term and its invoice.

    `note` is told to the applicant. A deferred application goes on waiting since when it came to the committee. `beyond_places` approves although every place is taken. Raises Refused at
    `decision`, `decided_on`, `minute_reference`, `note` (declining needs a reason) or `beyond_places`; OutOfDate when another decided first.
    """
    _refuse_unfit(application, by, decided_on, minute_reference)
    if decision is Decision.DECLINE and not note.strip():
        raise Refused(_l("Please give the company a reason: it reads this message."), field="note")
    move(
        application,
        decision.state,
        Mover.DECIDER,
        revision=revision,
        decided_by_id=by.id,
        decided_at=clock.now(),
        decided_on=decided_on,
        minute_reference=minute_reference.strip(),
        decision_note=note.strip(),
        **({"moved_at": application.moved_at} if decision is Decision.DEFER else {}),
    )
    changes = {"decided_on": decided_on, "minute_reference": minute_reference.strip()}
    _record(f"application.{decision.state.value}", application, by, note=note.strip(), changes=changes)
    if decision is not Decision.APPROVE:
        mail.tell_decided(application, decision)
        return None
    term = make_term(application=application, by=by, beyond_places=beyond_places)
    welcome_people(application)
    mail.tell_decided(application, decision, invoice_of(term))
    return term


def _refuse_unfit(application: Application, by: Actor, decided_on: date, minute_reference: str) -> None:
    """What can be said before the row is touched."""
    verdict = may_decide(application.checked_by_id, by.id)
    if not verdict.is_allowed:
        raise Refused(TWO_PERSONS[verdict.reason], field="decision")
    if is_party(by, application, hands_on(application)) or by.staff_roles.isdisjoint(DECIDING_ROLES):
        raise Refused(NOT_YOURS)
    if not minute_reference.strip():
        raise Refused(_l("Please give the reference of the minutes."), field="minute_reference")
    if decided_on > clock.today():
        raise Refused(_l("The committee's day cannot lie in the future."), field="decided_on")
    submitted = application.submitted_at
    if submitted and decided_on < submitted.astimezone(clock.OFFICE_ZONE).date():
        raise Refused(
            _l("The committee cannot have decided before the application was sent in."), field="decided_on"
        )


def _record(
    verb: str, application: Application, by: Actor, *, note: str = "", changes: dict[str, Any] | None = None
) -> None:
    record(
        verb=verb,
        subject=application,
        organisation_id=application.organisation_id,
        by=by,
        note=note,
        changes=changes,
        audience=Audience.PARTY,
    )
