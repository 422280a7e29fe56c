"""Mails of careers, one function a message. Each goes out once however often it is asked for."""

from __future__ import annotations

from dataclasses import replace

from portal.accounts.models import Person
from portal.accounts.queries import find_person, recipient_for
from portal.careers.models import Consultation, ConsultationSlot, Supervision
from portal.core.context import current_settings
from portal.core.i18n import _, _l, in_language
from portal.core.links import absolute_url
from portal.files.models import StoredFile
from portal.notifications.calendar import Appointment, keep_calendar
from portal.notifications.services import Recipient, send_mail


def tell_supervisor(named: Supervision, student: Person, account: Person | None) -> None:
    """To who was named as supervisor: what it means, and what to do if it is wrong."""
    reader = recipient_for(account) if account else Recipient(email=named.email, name=named.name)
    send_mail(
        event="careers/supervisor_named",
        to=replace(reader, email=named.email),
        context={"student": student},
        button=(_l("See my students"), absolute_url("careers.list_students")) if account else None,
        key=f"supervision:{named.id}",
    )


def tell_booked(taken: Consultation, slot: ConsultationSlot, student: Person) -> None:
    """To the student and the officer: the consultation stands, with the appointment."""
    _tell_both("consultation_booked", taken, slot, student, is_cancelled=False)


def tell_cancelled(
    taken: Consultation, slot: ConsultationSlot, student: Person, *, by_student: bool, reason: str
) -> None:
    """To both: it does not take place, and what the office says about it."""
    _tell_both(
        "consultation_cancelled",
        taken,
        slot,
        student,
        is_cancelled=True,
        by_student=by_student,
        reason=reason,
    )


def _tell_both(
    event: str, taken: Consultation, slot: ConsultationSlot, student: Person, *, is_cancelled: bool, **context: object
) -> None:  # fmt: skip
    officer = find_person(slot.officer_id)
    for reader in (student, officer):
        for_officer = reader is officer
        button = (
            (_l("See the time"), absolute_url("careers_staff.show_slot", time_id=slot.id))
            if for_officer
            else (_l("See my consultations"), absolute_url("careers.list_consultations"))
        )
        send_mail(
            event=f"careers/{event}",
            to=recipient_for(reader),
            context={
                "slot": slot,
                "student": student,
                "officer": officer,
                "for_officer": for_officer,
                **context,
            },
            button=button,
            attachments=[_appointment(taken, slot, student, officer, reader, is_cancelled=is_cancelled)],
            key=f"{event}:{taken.id}:{reader.id}",
        )


def _appointment(
    taken: Consultation, slot: ConsultationSlot, student: Person, officer: Person, reader: Person, *, is_cancelled: bool
) -> StoredFile:  # fmt: skip
    with in_language(reader.language):
        plain = _("Career consultation")
        summary = _("Career consultation: %(name)s", name=student.name) if reader is officer else plain
    return keep_calendar(
        Appointment(
            key=f"consultation-{taken.id}", sequence=int(is_cancelled), is_cancelled=is_cancelled, summary=summary,
            starts_at=slot.starts_at, ends_at=slot.ends_at, place=slot.place, link=slot.link,
            organiser=(officer.name, current_settings().contact_address or officer.email),
            attendee=(reader.name, reader.email),
        )
    )  # fmt: skip
