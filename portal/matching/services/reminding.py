"""Whoever has saved nothing is reminded three days and one day before the lists lock. A second run finds nothing; a late one catches up."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.internships.timetable import Stage
from portal.internships.models import InternshipRound
from portal.internships.queries.rounds import newest_rounds
from portal.matching import reminder_mail as mail
from portal.matching.queries.standing import companies_without_ranking, students_without_list
from portal.matching.services.settled import place_counts

STEPS = (1, 3)  # days before the lock, the nearest first
FROM = time(9)  # in Japan
URGENT = timedelta(hours=15)


def remind_rankers() -> None:
    """One transaction each."""
    for round_id, days in _due():
        with transaction():
            students, companies = students_without_list(round_id), companies_without_ranking(round_id)
        for student_id in students:
            with transaction():
                season = db.session.get_one(InternshipRound, round_id)
                if not place_counts(season, student_id):
                    mail.remind_student(season, student_id, days)
        for company_id in companies:
            with transaction():
                mail.remind_company(db.session.get_one(InternshipRound, round_id), company_id, days)


def _due() -> list[tuple[int, int]]:
    with transaction():
        ranking = [(each.id, each.locks_at) for each in newest_rounds() if each.stage is Stage.RANKING]
    due = [(number, step_due(locks_at, clock.now())) for number, locks_at in ranking]
    return [(number, step) for number, step in due if step is not None]


def step_due(locks_at: datetime, now: datetime) -> int | None:
    """Which reminder is due: of two that were missed the later one alone. None at night, while there is time."""
    left = locks_at - now
    if now.astimezone(clock.OFFICE_ZONE).time() < FROM and left > URGENT:
        return None
    return next((days for days in STEPS if left <= timedelta(days=days)), None)
