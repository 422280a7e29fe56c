"""Reading changes nothing: no route writes on HEAD (on GET: test_matrix), and the database would not let it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from portal.accounts.models import Organisation, Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import SAFE_METHODS, transaction
from tests.house.matrix import READING, Question, questions
from tests.support.people import person
from tests.support.tables import changed, contents
from tests.support.world import World


def reads(world: World) -> list[Question]:
    return [q for q in questions(world) if q.method == READING and q.owner != "mixed"]


@pytest.mark.parametrize("visitor", ["anonymous", "company_admin", "administrator"])
def test_asking_for_the_head_alone_is_reading_too(world: World, visitor: str) -> None:
    """Mail scanners ask HEAD of every link that they find: it must neither do the deed nor fail."""
    before, wrong = contents(), {}
    for question in reads(world):
        url = question.url(world, visitor)
        get, head = world.browser(visitor).get(url), world.browser(visitor).head(url)
        if head.status_code != get.status_code:
            wrong[str(question)] = (get.status_code, head.status_code)
    assert (wrong, changed(before)) == ({}, [])


@pytest.mark.database
@pytest.mark.parametrize("method", sorted(SAFE_METHODS))
def test_the_database_refuses_to_be_written_while_a_page_is_read(app: Flask, method: str) -> None:
    values = {"kind": "company", "name_ja": "割込み", "created_at": clock.now()}
    with app.test_request_context("/", method=method):
        app.preprocess_request()
        with pytest.raises(DBAPIError, match=r"read.?only"):
            db.session.execute(insert(Organisation).values(**values))
        db.session.rollback()
        app.do_teardown_request()
    assert db.session.query(Organisation).count() == 0


@pytest.mark.database
def test_even_a_commit_in_the_middle_of_reading_writes_nothing(app: Flask) -> None:
    who = person()
    with app.test_request_context("/"):
        app.preprocess_request()
        db.session.get_one(Person, who.id).name = "書換え"
        with pytest.raises(DBAPIError, match=r"read.?only"):
            db.session.commit()
        db.session.rollback()
        app.do_teardown_request()
    with transaction() as session:
        assert session.get_one(Person, who.id).name == who.name
