"""Mails around interviews, one function a reader. Where a time is agreed, changed or gone, both calendars are told."""

from __future__ import annotations

from typing import Any

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import hosts_of, recipient_for
from portal.core.db import db
from portal.core.i18n import _, _l, in_language
from portal.core.links import absolute_url
from portal.files.models import StoredFile
from portal.internships.models import InternshipPosting, Interview, InterviewSlot
from portal.notifications.calendar import Appointment, keep_calendar
from portal.notifications.services import send_mail

STANDS = ("agreed", "changed")  # else, with a slot, the appointment leaves the calendars


def tell_both(interview: Interview, what: str, slot: InterviewSlot | None) -> None:
    """Both sides; with a slot their calendars too."""
    tell_student(interview, what, slot)
    tell_company(interview, what, slot)


def tell_student(interview: Interview, what: str, slot: InterviewSlot | None = None) -> None:
    """Invited, on the waiting list, moved up, agreed, changed, taken back, ended."""
    student = db.session.get_one(Person, interview.student_id)
    link = absolute_url("internships.show_interview", interview_id=interview.id)
    _send(interview, "interview_student", what, student, None, slot, (_l("See the invitation"), link))


def tell_company(interview: Interview, what: str, slot: InterviewSlot | None = None) -> None:
    """To whoever invited, or to all mentors where that person has left."""
    company = db.session.get_one(Organisation, interview.organisation_id)
    link = absolute_url(
        "internships.list_company_interviews", round_id=interview.round_id, organisation_id=interview.organisation_id
    )  # fmt: skip
    told = {person.id: person for person in hosts_of(company)}
    inviter = told.get(interview.invited_by_id)
    for person in [inviter] if inviter else list(told.values()):
        _send(interview, "interview_company", what, person, company, slot, (_l("See the interviews"), link))


def _send(
    interview: Interview, event: str, what: str, person: Person, company: Organisation | None, slot: InterviewSlot | None,
    button: tuple[Any, str],
) -> None:  # fmt: skip
    posting = db.session.get_one(InternshipPosting, interview.posting_id)
    host = db.session.get_one(Organisation, interview.organisation_id)
    student = db.session.get_one(Person, interview.student_id)
    inviter = db.session.get_one(Person, interview.invited_by_id)
    context = {
        "interview": interview, "what": what, "slot": slot, "posting": posting, "company": host, "student": student,
        "inviter": inviter,
    }  # fmt: skip
    send_mail(
        event=f"internships/{event}",
        to=recipient_for(person, company),
        context=context,
        button=button,
        attachments=[_calendar(interview, slot, posting, person, inviter, what)] if slot else [],
        key=f"interview:{interview.id}:{interview.sequence}:{event}:{person.id}",
    )


def _calendar(
    interview: Interview,
    slot: InterviewSlot,
    posting: InternshipPosting,
    person: Person,
    organiser: Person,
    what: str,
) -> StoredFile:
    with in_language(person.language):
        summary = _("Interview: %(title)s", title=posting.name(person.language))
    return keep_calendar(
        Appointment(
            key=f"interview-{interview.id}", sequence=interview.sequence, is_cancelled=what not in STANDS, summary=summary,
            starts_at=slot.starts_at, ends_at=slot.ends_at, place=slot.place, link=slot.link,
            organiser=(organiser.name, organiser.email), attendee=(person.name, person.email),
        )
    )  # fmt: skip
