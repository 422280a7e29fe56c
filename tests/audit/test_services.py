"""The trail: written with the deed, chained, and a forged row is found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.audit.enums import Audience
from portal.audit.models import AuditEntry, AuditHead
from portal.audit.queries import timeline
from portal.audit.services import broken_links, record
from portal.core.db import Base, db
from portal.core.schema import missing_guards
from portal.core.transaction import rollback, transaction
from tests.support.people import company

pytestmark = pytest.mark.database


def test_deeds_of_one_organisation_are_chained(app: Flask) -> None:
    body = company()
    for n in range(3):
        with transaction():
            record(
                verb=f"test.{n}", subject=body, by=None, organisation_id=body.id, changes={"n": [n, n + 1]}
            )
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [e.sequence for e in entries] == [1, 2, 3]
    assert [e.previous_hash for e in entries[1:]] == [e.hash for e in entries[:-1]]
    assert broken_links() == []


def test_a_deed_that_is_rolled_back_leaves_nothing(app: Flask) -> None:
    body = company()
    with pytest.raises(ZeroDivisionError), transaction():
        record(verb="test.undone", subject=body, by=None)
        raise ZeroDivisionError
    with transaction():
        record(verb="test.done", subject=body, by=None)
    assert db.session.scalars(select(AuditEntry.verb)).all() == ["test.done"]


def test_a_cut_off_or_forged_end_is_found(app: Flask) -> None:
    body = company()
    with transaction():
        record(verb="test.one", subject=body, by=None)
    with unguarded(AuditHead) as session:
        session.execute(update(AuditHead).values(hash="f" * 64))
    assert broken_links() == ["house#head"]


def test_a_stream_without_its_head_is_found(app: Flask) -> None:
    body = company()
    with transaction():
        record(verb="test.one", subject=body, by=None)
    with unguarded(AuditHead) as session:
        session.execute(delete(AuditHead))
    assert broken_links() == ["house#head"]


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditHead).values(hash="f" * 64),
        update(AuditHead).values(sequence=AuditHead.sequence - 1),
        delete(AuditHead),
    ],
)
def test_heads_only_go_forward(app: Flask, statement: Any) -> None:
    body = company()
    with transaction():
        record(verb="test.one", subject=body, by=None)
    with pytest.raises(DatabaseError, match="only goes forward"), transaction() as session:
        session.execute(statement)
    assert broken_links() == []


def test_guards_that_are_gone_are_missed(app: Flask) -> None:
    assert missing_guards(db.session.connection()) == []
    with unguarded(AuditEntry):
        pass
    assert {name for name in missing_guards(db.session.connection()) if "audit_entries" in name} != set()


def test_a_guard_that_was_made_harmless_is_missed(app: Flask) -> None:
    """The mutant looks for names alone."""
    on_sqlite = db.session.connection().dialect.name == "sqlite"
    rollback()
    with transaction() as session:
        if on_sqlite:
            session.execute(text("DROP TRIGGER payments_no_update"))
            session.execute(
                text("CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments WHEN 0 BEGIN SELECT 1; END")
            )
        else:
            session.execute(
                text(
                    "CREATE OR REPLACE FUNCTION payments_frozen() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RETURN NEW; END $$"
                )
            )
    missing = missing_guards(db.session.connection())
    assert missing == (["payments_no_update"] if on_sqlite else ["payments_frozen", "payments_no_truncate"])


@contextmanager
def unguarded(model: type[Base]) -> Iterator[Session]:
    """A transaction after somebody who may change the schema took the triggers off."""
    table = model.__table__.name
    with transaction() as session:
        on_sqlite = session.connection().dialect.name == "sqlite"
        for trigger in model.__table__.info[session.connection().dialect.name]:
            session.execute(text(f"DROP TRIGGER {trigger}" + ("" if on_sqlite else f" ON {table}")))
        yield session


def test_many_writers_keep_one_chain(app: Flask) -> None:
    body = company()
    rollback()

    def act(n: int) -> None:
        with app.app_context():
            for i in range(5):
                with transaction():
                    record(verb=f"test.{n}.{i}", subject=body, by=None, organisation_id=body.id)

    threads = [threading.Thread(target=act, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken_links() == []
    assert sorted(db.session.scalars(select(AuditEntry.sequence))) == list(range(1, 41))


def test_the_party_sees_only_what_is_meant_for_it(app: Flask) -> None:
    body = company()
    with transaction():
        record(verb="test.inner", subject=body, by=None)
        record(verb="test.outer", subject=body, by=None, audience=Audience.PARTY)
    shown = {staff: [e.verb for e in timeline(body, for_staff=staff)] for staff in (True, False)}
    assert shown == {True: ["test.outer", "test.inner"], False: ["test.outer"]}
