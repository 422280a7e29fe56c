"""News from careers: who supervises a student has changed, and who asks when a student is taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.careers import signals
from portal.careers.models import Supervision
from portal.internships import approval_mail
from portal.internships.queries.approvals import running_rounds_of
from portal.internships.queries.interviews import agreed_times_of


@signals.supervisor_named.connect
def supervisor_was_named(made: Supervision, *, former: Supervision | None = None, **more: Any) -> None:
    """While a round in which the student takes part is open, the former supervisor and the office learn of it."""
    if former is not None and running_rounds_of(made.student_id):
        approval_mail.tell_change(made, former)


@signals.calendar_asked.connect
def interviews_take_time(student_id: int, *, but: int = 0, **more: Any) -> list[tuple[datetime, datetime]]:
    """A student who has agreed to an interview is taken."""
    return agreed_times_of(student_id, but=but)
