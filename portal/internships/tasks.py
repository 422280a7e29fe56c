"""Jobs of internships: ids in, one service call."""

from __future__ import annotations

from datetime import timedelta

from portal.internships.services import asking, interests, questions, rounds
from portal.internships.services.interviews import answering
from portal.internships.services.review import lapse_postings
from portal.jobs.registry import task


@task("internships.close_postings", atomic=False, every=timedelta(hours=1))
def close_postings() -> None:
    """Postings that were not published before their round's lists locked are closed."""
    lapse_postings()


@task("internships.expire_interviews", atomic=False, every=timedelta(hours=1))
def expire_interviews() -> None:
    """Invitations that nobody answered in time end, and the waiting lists move up."""
    answering.expire_interviews()


@task("internships.look_at_questions", atomic=False, every=timedelta(hours=1))
def look_at_questions() -> None:
    """Whoever is late with a question is reminded; what is open when the lists lock is closed."""
    questions.look_at_questions()


@task("internships.tell_cancelled")
def tell_cancelled(round_id: int, reason: str) -> None:
    """Companies hear that a round was called off."""
    rounds.tell_cancelled(round_id, reason)


@task("internships.tell_applicants")
def tell_applicants(round_id: int, organisation_id: int, until: str) -> None:
    """A company hears who came and who went since yesterday."""
    interests.tell_company(round_id, organisation_id, until)


@task("internships.ask_supervisors", atomic=False, every=timedelta(hours=1))
def ask_supervisors() -> None:
    """Supervisors are asked for what waits, from nine in the morning on, once a day at most."""
    asking.ask_supervisors()


@task("internships.tell_decisions")
def tell_decisions(round_id: int, student_id: int, until: str) -> None:
    """A student hears what the supervisor said since yesterday."""
    asking.tell_decisions(round_id, student_id, until)
