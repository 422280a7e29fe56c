"""The counter of statements counts each once, and stops."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.db import db
from tests.support.people import person
from tests.support.sql import count_sql


def test_each_statement_counts_once_and_only_inside(app: Flask) -> None:
    person()
    with count_sql() as sql:
        db.session.scalars(select(Person)).all()
        db.session.scalar(select(Person.id))
    db.session.scalar(select(Person.id))
    assert len(sql) == 2
    assert str(sql).startswith("1. SELECT people.id")


def test_what_a_lazy_loop_asks_is_counted(app: Flask) -> None:
    made = [person().id for _ in range(3)]
    db.session.expunge_all()
    with count_sql() as sql:
        for number in made:
            db.session.get_one(Person, number)
    assert len(sql) == 3
