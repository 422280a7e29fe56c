"""What is told once a day, at nine in the morning in Japan, however much happened."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from portal.core import clock
from portal.jobs.services import enqueue

TOLD_AT = time(9)


def next_telling(now: datetime) -> datetime:
    """The next nine o'clock in Japan after `now`."""
    here = now.astimezone(clock.OFFICE_ZONE)
    today = datetime.combine(here.date(), TOLD_AT, clock.OFFICE_ZONE)
    return today if here < today else today + timedelta(days=1)


def tell_company_later(round_id: int, organisation_id: int) -> None:
    """The company's mentors hear tomorrow who came and who went."""
    until = next_telling(clock.now())
    enqueue(
        "internships.tell_applicants", key=f"interest:{round_id}:{organisation_id}:{until:%Y%m%d}", run_after=until,
        round_id=round_id, organisation_id=organisation_id, until=until.isoformat(),
    )  # fmt: skip


def tell_student_later(round_id: int, student_id: int) -> None:
    """The student hears tomorrow what the supervisor said."""
    until = next_telling(clock.now())
    enqueue(
        "internships.tell_decisions", key=f"approval:{round_id}:{student_id}:{until:%Y%m%d}", run_after=until,
        round_id=round_id, student_id=student_id, until=until.isoformat(),
    )  # fmt: skip
