"""A student says who supervises them."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.accounts.enums import Role
from portal.accounts.limits import count_mail
from portal.accounts.models import Person
from portal.accounts.queries import person_by_email
from portal.accounts.services.people import checked_email
from portal.audit.services import record
from portal.careers import mail
from portal.careers.models import Supervision
from portal.careers.queries.supervision import supervision_of
from portal.careers.signals import supervisor_named
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import rows_changed
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.email_keys import EmailCheck, mailbox_key

NOT_YOURS = _l("Supervisors are named by their students.")
OWN_ADDRESS = _l("This is your own address. Please write the address of your supervisor.")
CHANGED = _l("Your supervisor was changed in the meantime. Please look at it again.")


def choose_supervisor(*, name: str, email: str, seen: int | None, by: Actor) -> Supervision:
    """Name the supervisor and mail them; another one takes the place of the present one, whose row stays as ended.

    `seen`: the number of the supervision that the page showed. The same address again corrects the name alone. Raises
    OutOfDate, TooOften, or Refused at its field.
    """
    if not by.has(Role.STUDENT):
        raise Refused(NOT_YOURS)
    check = checked_email(email)
    if mailbox_key(check.address) == mailbox_key(by.email):
        raise Refused(OWN_ADDRESS, field="email")
    present = supervision_of(by.id)
    if present is None or present.email_key != check.key:
        count_mail(by=by.id, to=check.address)  # commits; what was read is read again below
    student = db.session.scalars(select(Person).where(Person.id == by.id).with_for_update()).one()
    present = supervision_of(by.id)
    if (present.id if present else None) != seen:
        raise OutOfDate(CHANGED)
    if present is not None and present.email_key == check.key:
        return _renamed(present, name, student)
    return _replaced(present, name, check, student)


def _renamed(present: Supervision, name: str, student: Person) -> Supervision:
    if present.name != name:
        changes = {"name": [present.name, name]}
        present.name = name
        record(verb="supervision.corrected", subject=student, by=student.id, changes=changes)
    return present


def _replaced(former: Supervision | None, name: str, check: EmailCheck, student: Person) -> Supervision:
    if former is not None:
        standing = (Supervision.id == former.id, Supervision.ended_at.is_(None))
        if rows_changed(update(Supervision).where(*standing).values(ended_at=clock.now())) != 1:
            raise OutOfDate(CHANGED)
    account = person_by_email(check.address)
    made = Supervision(
        student_id=student.id, name=name, email=check.address, email_key=check.key, created_by_id=student.id,
        person_id=account.id if account else None, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    changes = {"name": [former and former.name, name], "email": [former and former.email, check.address]}
    record(verb="supervision.named", subject=student, by=student.id, changes=changes)
    mail.tell_supervisor(made, student, account)
    supervisor_named.send(made, former=former)
    return made
