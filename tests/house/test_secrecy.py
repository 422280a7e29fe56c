"""Canaries: what a student ranked, and whom a company ranked, comes out nowhere but on their own page.

A list is planted whose order is like no other order of the same things, and whose first entry is a draft that nobody else may see.
Every page is asked for as everybody else, before the lists lock and after the results are out, and every column of the database
is read as it stands there: mails, trail, jobs and all. Among the readers are another student and the mentor of another company.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import MetaData, text

from portal.accounts.models import Person
from portal.core.db import Base, db
from portal.core.transaction import rollback, transaction
from portal.internships.models import InternshipRound
from portal.jobs.services import run_due_jobs
from portal.matching.services.demand import publish_demand
from portal.matching.services.reminding import remind_rankers
from tests.house.matrix import READING, Question, questions
from tests.support.canaries import (
    DRAFT,
    NAMES_RANKED,
    TITLES,
    TITLES_RANKED,
    Canaries,
    in_order,
    numbered,
    plant,
    publish,
)
from tests.support.leaks import words_of
from tests.support.people import actor_of
from tests.support.world import HALF_VISITORS, NOBODY, VISITORS, World, visitor_for

pytestmark = pytest.mark.sqlite
RIVALS = (
    "another_student",
    "b_mentor",
)  # whom a list concerns most: whoever wants the same, whoever competes
READERS = (*(name for name in VISITORS if name != NOBODY and name not in HALF_VISITORS), *RIVALS)
MONEY = ("billing", "membership")  # rooms below: they cannot know of matching


@pytest.fixture
def canaries(world: World) -> Canaries:
    """The world's round takes lists; the visiting student and company A have theirs."""
    made = plant(world)
    rivals = (db.session.get_one(Person, made.people[-1]), world.b.people["mentor"])
    for name, who in zip(RIVALS, rivals, strict=True):
        world.visitors[name] = visitor_for(world.app, name, who)
    rollback()
    return made


def leaks(world: World, made: Canaries, visitor: str) -> list[str]:
    """What one visitor reads on all pages that does not concern them; one line each."""
    found = []
    browser = world.browser(visitor)
    is_company_a = visitor in world.a.people
    for question in questions(world):
        if not _is_asked(question):
            continue
        url = question.url(world, visitor)
        sent = (
            browser.get(url) if question.method == READING else browser.post(url, data=world.token(visitor))
        )
        rollback()
        words = words_of(sent)
        plain = re.sub(r"<[^>]+>", " ", words)
        if DRAFT in words and visitor != "b_mentor":  # whose own draft it is
            found.append(f"{visitor} {question}: the first entry of the list")
        if visitor != "student" and (in_order(words, TITLES_RANKED) or numbered(made.postings).search(plain)):
            found.append(f"{visitor} {question}: the order of the list")
        if not is_company_a and (in_order(words, NAMES_RANKED) or numbered(made.people).search(plain)):
            found.append(f"{visitor} {question}: the order of the ranking")
    return found


def _is_asked(question: Question) -> bool:
    """Every page to read, and every table to take along, of the rooms that could know."""
    is_asked = question.method == READING or question.endpoint.rpartition(".")[2].startswith("export_")
    return is_asked and question.owner != "none" and not question.endpoint.startswith(MONEY)


def in_the_database(made: Canaries) -> list[str]:
    """Columns in which an order can be read as it stands there."""
    rollback()
    sequences = (numbered(made.postings), numbered(made.people))
    found = []
    tables: MetaData = Base.metadata
    for table in tables.sorted_tables:
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')).mappings():
            for column, value in row.items():
                words = value if isinstance(value, str) else ""
                if (
                    any(each.search(words) for each in sequences)
                    or in_order(words, TITLES_RANKED)
                    or in_order(words, NAMES_RANKED)
                ):
                    found.append(f"{table.name}.{column}")
    return found


def test_the_detector_sees_what_it_is_meant_to() -> None:
    assert in_order(" ".join(TITLES_RANKED), TITLES_RANKED)
    assert in_order(" ".join(TITLES_RANKED[::-1][:4]), TITLES_RANKED)
    for harmless in (TITLES, TITLES[::-1], sorted(TITLES), sorted(TITLES)[::-1], TITLES[::2] + TITLES[1::2]):
        assert not in_order(" ".join(harmless), TITLES_RANKED), harmless
    assert numbered((7, 5, 9, 6)).search('["p7","p5","p9"]')
    assert numbered((7, 5, 9, 6)).search("x 5, 9, 6")
    assert not numbered((7, 5, 9, 6)).search("5 6 7 9 17, 5, 9")


@pytest.mark.parametrize("visitor", READERS)
def test_nobody_reads_anothers_list_while_they_are_made(
    world: World, canaries: Canaries, visitor: str
) -> None:
    assert leaks(world, canaries, visitor) == []


@pytest.mark.parametrize("visitor", READERS)
def test_nobody_reads_anothers_list_after_the_results(world: World, canaries: Canaries, visitor: str) -> None:
    publish(world)
    assert leaks(world, canaries, visitor) == []


def test_the_database_tells_no_order_not_in_mails_trail_or_jobs(world: World, canaries: Canaries) -> None:
    career = actor_of(db.session.get_one(Person, world.visitors["career"].person_id))
    rollback()
    with transaction() as session:
        publish_demand(season=session.get_one(InternshipRound, int(world.shared["round_id"])), by=career)
    remind_rankers()
    run_due_jobs()
    assert in_the_database(canaries) == []
    publish(world)
    assert in_the_database(canaries) == []


def test_the_owner_reads_the_own_list_and_company_the_own_ranking(world: World, canaries: Canaries) -> None:
    """Else the canaries would prove nothing."""
    round_id = world.shared["round_id"]
    own = world.browser("student").get(f"/matching/rounds/{round_id}/list").get_data(as_text=True)
    assert in_order(own, TITLES_RANKED)
    theirs = f"/matching/rounds/{round_id}/companies/{world.a.organisation_id}/ranking"
    assert in_order(world.browser("mentor").get(theirs).get_data(as_text=True), NAMES_RANKED)
    assert world.browser("career").get(theirs).status_code == 403
    assert world.browser("career").get(f"/matching/rounds/{round_id}/list").status_code == 403
