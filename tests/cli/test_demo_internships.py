"""What the demo lets one try of internships: the link in the supervisor's mail, a locked round with runs, interviews, questions."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Person
from portal.cli.demo.internships.seasons import LOCKED, OVER, RANKING, round_of
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback
from portal.domain.internships.interview_flow import InterviewState
from portal.domain.internships.question_flow import QuestionState
from portal.domain.internships.timetable import Stage
from portal.internships.models import Interview, Question
from portal.matching.enums import AttemptState
from portal.matching.models import MatchAttempt
from portal.notifications.models import Message


def mails(event: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.event == event).order_by(Message.id)))


def test_the_supervisors_mail_holds_a_link_that_works(demo: Flask) -> None:
    asked = mails("internships/approval_asked")
    assert {mail.address for mail in asked} == {"shido@kakuu-u.example"}
    since = round_of(RANKING).interviews_at
    links = [
        re.search(r"/internships/approvals/open\?token=[\w-]+", mail.text)
        for mail in asked
        if mail.created_at > since
    ]
    assert len(links) >= 2
    rollback()
    for link in links:
        assert link is not None
        assert demo.test_client().get(link[0]).status_code == 200


def test_results_were_told_at_their_minute(demo: Flask) -> None:
    out = round_of(OVER).publishes_at
    told = [
        mail for event in ("student", "company", "supervisor") for mail in mails(f"matching/result_{event}")
    ]
    assert told
    assert all(out <= mail.created_at < out + timedelta(minutes=5) for mail in told)


def test_a_locked_round_has_a_run_and_a_what_if(demo: Flask) -> None:
    season = round_of(LOCKED)
    assert season.stage is Stage.LOCKED
    assert season.publishes_at > clock.now()
    first, second = db.session.scalars(
        select(MatchAttempt).filter_by(round_id=season.id).order_by(MatchAttempt.id)
    )
    assert {first.state, second.state} == {AttemptState.DONE}
    assert (first.base_id, second.base_id) == (None, first.id)
    assert first.figures["matched"] >= 4


def test_interviews_and_questions_stand_at_several_steps(demo: Flask) -> None:
    met = set(db.session.scalars(select(Interview.state)))
    assert {InterviewState.HELD, InterviewState.AGREED, InterviewState.INVITED} <= met
    assert set(db.session.scalars(select(Question.state))) == {QuestionState.DELIVERED, QuestionState.ASKED}


def test_a_mentor_can_be_tried(demo: Flask) -> None:
    found = db.session.scalars(
        select(Person.email)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(Affiliation.role == Role.MENTOR)
    )
    assert list(found) == ["ukeire@demo-seiyaku1.example"]
