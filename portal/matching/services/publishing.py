"""At the minute of publication: a last look, then the result is out, for everybody at once and for good; placements begin and
mails go out. No page shows anything before."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.conditional import rows_changed
from portal.core.db import db
from portal.core.transaction import transaction
from portal.internships.models import InternshipRound
from portal.jobs.services import enqueue
from portal.matching import mail, signals
from portal.matching.models import MatchAbsence, MatchOutcome
from portal.matching.services.choosing import ask_for_publication
from portal.matching.services.doubts import look_again

_WAITING = (
    InternshipRound.chosen_at.is_not(None), InternshipRound.withheld_at.is_(None),
    InternshipRound.cancelled_at.is_(None), InternshipRound.told_at.is_(None),
)  # fmt: skip
_UNTOLD = update(InternshipRound).where(*_WAITING)


def publish_results(round_id: int) -> None:
    """Show it to everybody, tell the other rooms, and ask for the mails, once; too early (the minute was moved), it is asked for
    again. Where the last look finds something it stays with the office."""
    season = db.session.get_one(InternshipRound, round_id, populate_existing=True, with_for_update=True)
    if season.chosen_at is None:
        return
    if season.publishes_at > clock.now():
        ask_for_publication(season)
        return
    if look_again(round_id):
        return
    if not rows_changed(_UNTOLD.where(InternshipRound.id == round_id).values(told_at=clock.now())):
        return
    db.session.refresh(season, ["told_at"])
    record(verb="round.results_published", subject=season, by=None, audience=Audience.PARTY)
    signals.result_published.send(season)
    enqueue("matching.tell_results", key=f"round:{round_id}:results", round_id=round_id)


def publish_due() -> None:
    """Rounds whose minute has come while no job was there for it: the timetable was moved, or the worker was away."""
    for round_id in _due():
        with transaction():
            publish_results(round_id)


def tell_results(round_id: int) -> None:
    """Mails to students, supervisors and companies, one transaction each; begun again, nobody is told twice."""
    for outcome_id in _outcomes(round_id):
        with transaction():
            mail.tell_student(db.session.get_one(MatchOutcome, outcome_id))
    for absence_id in _absences(round_id):
        with transaction():
            mail.tell_absent(db.session.get_one(MatchAbsence, absence_id))
    for organisation_id in mail.companies_of(round_id):
        with transaction():
            mail.tell_company(round_id, organisation_id)


def _due() -> Sequence[int]:
    due = select(InternshipRound.id).where(*_WAITING, InternshipRound.publishes_at <= clock.now())
    return db.session.scalars(due.order_by(InternshipRound.id)).all()


def _outcomes(round_id: int) -> Sequence[int]:
    which = select(MatchOutcome.id).where(MatchOutcome.round_id == round_id).order_by(MatchOutcome.id)
    return db.session.scalars(which).all()


def _absences(round_id: int) -> Sequence[int]:
    which = select(MatchAbsence.id).where(MatchAbsence.round_id == round_id).order_by(MatchAbsence.id)
    return db.session.scalars(which).all()
