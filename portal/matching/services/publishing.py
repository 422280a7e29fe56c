"""At the minute of publication: placements begin, mails go out. The pages need none of this; they follow the clock."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.conditional import add_or_find
from portal.core.db import db
from portal.core.transaction import transaction
from portal.internships.models import InternshipRound
from portal.jobs.services import enqueue
from portal.matching import mail, signals
from portal.matching.models import MatchAttempt, MatchOutcome, MatchPublication
from portal.matching.queries.results import is_out
from portal.matching.services.choosing import ask_for_publication
from portal.matching.services.doubts import look_again


def publish_results(round_id: int) -> None:
    """Tell the other rooms, once, and ask for the mails; too early (the minute was moved), it is asked for again."""
    season = db.session.get_one(InternshipRound, round_id, populate_existing=True, with_for_update=True)
    if not is_out(season):
        if season.chosen_at is not None and season.publishes_at > clock.now():
            ask_for_publication(season)
        return
    if publication_of(round_id) is not None or look_again(round_id):
        return
    chosen = db.session.scalars(_chosen(round_id)).one()
    row = MatchPublication(round_id=round_id, attempt_id=chosen, published_at=clock.now())
    _row, is_ours = add_or_find(row, lambda: publication_of(round_id))
    if not is_ours:
        return
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
    for organisation_id in mail.companies_of(round_id):
        with transaction():
            mail.tell_company(round_id, organisation_id)


def publication_of(round_id: int) -> MatchPublication | None:
    """That the job has run, and when."""
    return db.session.scalars(
        select(MatchPublication).where(MatchPublication.round_id == round_id)
    ).one_or_none()


def _chosen(round_id: int) -> Select[int]:
    return select(MatchAttempt.id).where(
        MatchAttempt.round_id == round_id, MatchAttempt.chosen_at.is_not(None)
    )


def _due() -> Sequence[int]:
    done = select(MatchPublication.round_id)
    due = select(InternshipRound.id).where(
        InternshipRound.chosen_at.is_not(None), InternshipRound.cancelled_at.is_(None),
        InternshipRound.withheld_at.is_(None), InternshipRound.publishes_at <= clock.now(), InternshipRound.id.not_in(done),
    )  # fmt: skip
    return db.session.scalars(due.order_by(InternshipRound.id)).all()


def _outcomes(round_id: int) -> Sequence[int]:
    which = select(MatchOutcome.id).where(MatchOutcome.round_id == round_id).order_by(MatchOutcome.id)
    return db.session.scalars(which).all()
