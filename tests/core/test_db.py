"""How connections behave: pragmas, read-only transactions, writers in line."""

from __future__ import annotations

import threading
from datetime import datetime

import pysqlite3.dbapi2 as sqlite
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.audit.models import AuditEntry
from portal.audit.services import record
from portal.core import clock
from portal.core.db import PRAGMAS, db
from portal.core.integrity import as_refusal, broken_constraint, explain
from portal.core.schema import unique_keys
from portal.core.transaction import after_commit, rollback, transaction
from tests.support.people import company, corporate_number

pytestmark = pytest.mark.database


def on_sqlite(app: Flask) -> bool:
    return db.engine.dialect.name == "sqlite"


def test_every_pooled_connection_has_the_pragmas(app: Flask) -> None:
    if not on_sqlite(app):
        pytest.skip("pragmas are SQLite's")
    held = [db.engine.raw_connection() for _ in range(6)]
    found = [{name: c.cursor().execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS} for c in held]
    for connection in held:
        connection.close()
    assert found == [PRAGMAS] * 6


def test_a_transaction_that_did_not_say_so_cannot_write(app: Flask) -> None:
    db.session.add(
        Organisation(kind=OrganisationKind.COMPANY, name_ja="無断株式会社", created_at=clock.now())
    )
    with pytest.raises(DBAPIError):
        db.session.flush()
    rollback()
    assert db.session.scalars(select(Organisation)).all() == []


def test_a_transaction_commits_at_its_end_and_joins_an_open_one(app: Flask) -> None:
    with transaction():
        with transaction() as inner:
            inner.add(
                Organisation(kind=OrganisationKind.COMPANY, name_ja="内側株式会社", created_at=clock.now())
            )
        assert db.session().in_transaction()
    rollback()
    assert db.session.scalar(select(Organisation.name_ja)) == "内側株式会社"


def test_what_waits_for_the_commit_never_runs_after_a_rollback(app: Flask) -> None:
    told: list[str] = []
    with pytest.raises(ZeroDivisionError), transaction():
        after_commit(lambda: told.append("undone"))
        raise ZeroDivisionError
    with transaction():
        after_commit(lambda: told.append("done"))
    assert told == ["done"]


def test_fifty_writers_wait_in_line_instead_of_failing(app: Flask) -> None:
    errors: list[BaseException] = []

    def write(n: int) -> None:
        try:
            with app.app_context():
                for i in range(4):
                    with transaction() as session:
                        seen = len(session.scalars(select(Organisation.id)).all())
                        session.add(
                            Organisation(
                                kind=OrganisationKind.COMPANY,
                                name_ja=f"並列{n}-{i}-{seen}",
                                corporate_number=corporate_number(100_000_000_000 + n * 10 + i),
                                created_at=clock.now(),
                            )
                        )
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    rollback()
    threads = [threading.Thread(target=write, args=(n,)) for n in range(50 if on_sqlite(app) else 12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(db.session.scalars(select(Organisation.id)).all()) == len(threads) * 4


def test_a_naive_moment_is_refused(app: Flask) -> None:
    with pytest.raises(Exception, match="without a time zone"), transaction() as session:
        session.add(
            Organisation(kind=OrganisationKind.COMPANY, name_ja="無時差", created_at=datetime(2026, 4, 1))  # noqa: DTZ001
        )


def test_moments_come_back_aware(app: Flask) -> None:
    made = company()
    rollback()
    db.session.expire_all()
    assert db.session.get_one(Organisation, made.id).created_at.utcoffset().total_seconds() == 0  # type: ignore[union-attr]


def test_a_broken_constraint_is_known_by_name_on_both_databases(app: Flask) -> None:
    company(corporate_number=corporate_number(555_555_555_555))
    with pytest.raises(IntegrityError) as caught:
        company(corporate_number=corporate_number(555_555_555_555))
    assert broken_constraint(caught.value) == "uq_organisations_corporate_number"
    explain("uq_organisations_corporate_number", "taken", field="corporate_number")
    refusal = as_refusal(caught.value)
    assert refusal is not None
    assert (refusal.field, str(refusal)) == ("corporate_number", "taken")


def test_frozen_rows_can_be_neither_changed_nor_deleted(app: Flask) -> None:
    body = company()
    with transaction():
        record(verb="organisation.registered", subject=body, by=None)
    entry = db.session.scalars(select(AuditEntry)).one()
    rollback()
    with pytest.raises(DBAPIError), transaction() as session:
        session.get_one(AuditEntry, entry.id).verb = "nothing.happened"
    with pytest.raises(DBAPIError), transaction() as session:
        session.delete(session.get_one(AuditEntry, entry.id))
    assert db.session.scalars(select(AuditEntry.verb)).all() == ["organisation.registered"]


def test_frozen_rows_are_not_replaced_either(app: Flask) -> None:
    """Neither through our connections nor through one that does not know our settings."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    body = company()
    with transaction():
        record(verb="organisation.registered", subject=body, by=None)
    forged = (
        "INSERT OR REPLACE INTO audit_entries SELECT id + {shift}, stream, sequence, at, actor_id, 'forged', subject_type, "
        "subject_id, organisation_id, changes, note, audience, request_id, previous_hash, hash FROM audit_entries"
    )
    for shift in (0, 1000):  # the same key, and another key with the same place in the chain
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(text(forged.format(shift=shift)))
    rollback()
    stranger = sqlite.connect(str(db.engine.url.database))
    for shift in (0, 1000):
        with pytest.raises(sqlite.DatabaseError, match="never replaced|UNIQUE constraint failed"):
            stranger.execute(forged.format(shift=shift))
    with pytest.raises(sqlite.DatabaseError, match="UNIQUE constraint failed"):
        stranger.execute(
            "INSERT OR REPLACE INTO audit_heads SELECT stream, sequence - 1, hash FROM audit_heads"
        )
    stranger.close()
    assert db.session.scalars(select(AuditEntry.verb)).all() == ["organisation.registered"]


def test_no_frozen_row_of_the_demo_gives_way_to_a_twin(demo: Flask) -> None:
    """Under its own id or another, through a connection that knows nothing of our settings."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    stranger = sqlite.connect(str(db.engine.url.database))
    gave_way = []
    tables = [t for t in db.metadata.tables.values() if t.info.get("frozen") is True]
    for table in tables:
        names = [column.name for column in table.columns if column.name != "id"]
        for shift in (0, 900_000) if unique_keys(table) else (0,):
            before = stranger.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
            try:
                stranger.execute(
                    f"INSERT OR REPLACE INTO {table.name} (id, {', '.join(names)}) "
                    f"SELECT id + {shift}, {', '.join(names)} FROM {table.name} LIMIT 1"
                )
                gave_way += [f"{table.name} + {shift}"] if before else []
            except sqlite.DatabaseError:
                continue
    stranger.close()
    assert gave_way == []
    assert len(tables) > 20
