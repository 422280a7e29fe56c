"""A student takes a time of the office, or gives it back."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.audit.services import record
from portal.careers import mail
from portal.careers.models import Consultation, ConsultationSlot
from portal.careers.queries.calendar import is_busy
from portal.careers.queries.consultations import next_consultation
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l

NOT_YOURS = _l("Consultations are taken by doctoral students.")
TAKEN = _l("Somebody has just taken this time. Please choose another one.")
GONE = _l("This time was taken back or is over. Please choose another one.")
ONE_AT_A_TIME = _l("You have a consultation ahead already. Please cancel it first if you want another time.")
BUSY = _l("You have another appointment at this time. Please choose another one.")
OVER = _l("This consultation is cancelled or over already.")


def book_slot(*, slot_id: int, reason: str, by: Actor) -> Consultation:
    """Take a time; of several at once one wins, and both sides have a mail with the appointment. Raises OutOfDate, Refused.

    `reason` is for the officer's eyes: it stands in no mail and no trail.
    """
    if not by.has(Role.STUDENT):
        raise Refused(NOT_YOURS)
    student = db.session.scalars(select(Person).where(Person.id == by.id).with_for_update()).one()
    slot = _lock_slot(slot_id)
    if slot.cancelled_at is not None or slot.starts_at <= clock.now():
        raise OutOfDate(GONE)
    ahead = next_consultation(by.id)
    if ahead is not None and ahead.slot_id == slot.id:
        return ahead  # pressed twice
    if ahead is not None:
        raise Refused(ONE_AT_A_TIME)
    if is_busy(by.id, slot.starts_at, slot.ends_at):
        raise Refused(BUSY)
    made = Consultation(slot_id=slot.id, student_id=by.id, reason=reason, booked_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise OutOfDate(TAKEN) from error
    record(verb="consultation.booked", subject=student, by=by, changes={"starts_at": slot.starts_at})
    mail.tell_booked(made, slot, student)
    return made


def cancel_consultation(*, consultation: Consultation, by: Actor) -> None:
    """The student gives the time back until it begins; others can take it. Raises OutOfDate."""
    if consultation.student_id != by.id:
        raise Refused(NOT_YOURS)
    end_consultation(consultation, by=by)


def end_consultation(consultation: Consultation, *, by: Actor, reason: str = "") -> None:
    """The booking ends; both sides are told, with what the office says. Raises OutOfDate."""
    slot = _lock_slot(consultation.slot_id)
    if slot.starts_at <= clock.now():
        raise OutOfDate(OVER)
    standing = update(Consultation).where(
        Consultation.id == consultation.id, Consultation.cancelled_at.is_(None)
    )
    change_one(consultation, standing.values(cancelled_at=clock.now(), cancelled_by_id=by.id), OVER)
    student = db.session.get_one(Person, consultation.student_id)
    record(
        verb="consultation.cancelled",
        subject=student,
        by=by,
        note=reason,
        changes={"starts_at": slot.starts_at},
    )
    mail.tell_cancelled(consultation, slot, student, by_student=by.id == student.id, reason=reason)


def _lock_slot(slot_id: int) -> ConsultationSlot:
    locked = select(ConsultationSlot).where(ConsultationSlot.id == slot_id).with_for_update()
    found = db.session.scalars(locked, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise OutOfDate(GONE)
    return found
