"""Small words: whose result a supervisor's mail tells, what a reviewer has to write, what is not needed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipPosting
from portal.matching.models import MatchAttempt
from portal.matching.services.choosing import choose_attempt
from portal.notifications.models import Message
from tests.internships.test_posting_pages import reader_of
from tests.support import interests as shown
from tests.support import match_runs as runs
from tests.support import matching as told

pytestmark = pytest.mark.database


def test_a_supervisors_mail_names_the_student_in_its_subject(june: None) -> None:
    scene = runs.locked_round()
    for who in scene.students:
        shown.guided(who)
    with runs.at_lock():
        number = runs.run(scene)
        with transaction():
            choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=scene.by)
    with clock.frozen(runs.OUT):
        runs.jobs()
    rollback()
    found = db.session.scalars(
        select(Message.subject).where(Message.event == "matching/result_supervisor")
    ).all()
    assert len(found) == 3
    assert all(any(who.name in subject for subject in found) for who in scene.students)


def test_the_reviewer_reads_what_is_not_needed_and_has_to_say_what_to_correct(june: None) -> None:
    scene = told.scene()
    told.change(InternshipPosting, scene.posting, state=PostingState.SUBMITTED)
    page = reader_of(scene.office).get(f"/staff/internships/postings/{scene.posting}")
    assert "不要" in page.text
    assert "確認不要" in page.text
    form = page.form("/return")
    assert "必須" in form.element.text
    assert "任意" not in form.element.text
