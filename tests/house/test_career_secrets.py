"""What career support notes, and what a student wants to talk about, shows on no page, file or mail of anybody else.

Mutants that must fail here: `may_read_notes` that lets administrators in, a note whose words go into the trail.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.accounts.models import Person
from portal.careers.services.notes import add_note
from portal.core.db import db
from portal.core.transaction import rollback
from tests.house.matrix import READING, Question, questions
from tests.support.internships import acting
from tests.support.leaks import words_of
from tests.support.tables import holds
from tests.support.world import World

pytestmark = pytest.mark.sqlite
NOTE = "canary-of-a-note"
REASON = "進路について"  # what the world's student wrote when taking a time
READERS = (
    "company_admin", "mentor", "student", "supervisor", "secretariat", "steering", "career", "hub", "administrator",
)  # fmt: skip
# Who may read what a student wants to talk about: the student, and the office that gives the time.
TOLD = ("student", "career", "administrator")


@pytest.fixture
def noted(world: World) -> World:
    """A note on the world's student."""
    student_id = int(world.shared["student_id"])
    with acting(db.session.get_one(Person, world.visitors["career"].person_id)) as by:
        add_note(student_id=student_id, words=NOTE, corrects_id=None, once="canary", by=by)
    rollback()
    return world


def asked(world: World) -> Iterator[Question]:
    """Every page to read, and every list to be saved."""
    for question in questions(world):
        if question.method == READING or question.endpoint.rpartition(".")[2].startswith("export_"):
            yield question


@pytest.mark.parametrize("visitor", READERS)
def test_no_answer_tells(noted: World, visitor: str) -> None:
    found = []
    secret = [word for word, told in ((NOTE, ("career",)), (REASON, TOLD)) if visitor not in told]
    for question in asked(noted):
        url = question.url(noted, visitor)
        browser = noted.browser(visitor)
        sent = (
            browser.get(url) if question.method == READING else browser.post(url, data=noted.token(visitor))
        )
        rollback()
        if any(word in words_of(sent) for word in secret):
            found.append(f"{question} as {visitor}")
    assert found == []


def test_career_support_reads_it(noted: World) -> None:
    """Were it on no page at all, finding none would prove nothing."""
    address = f"/staff/careers/students/{noted.shared['student_id']}"
    assert NOTE in noted.browser("career").get(f"{address}/notes").get_data(as_text=True)


def test_no_table_holds_it_in_plain_words_but_its_own(noted: World) -> None:
    assert holds(NOTE) == ["career_notes"]
    assert holds(REASON) == ["consultations"]
