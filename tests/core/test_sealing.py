"""Secrets of code generators are of no use to who has only the database or a backup.

Mutants that must fail here: the column as plain text; a seal that does not open read as an empty secret; a bit flipped that is not noticed.
"""

from __future__ import annotations

import hashlib

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import String, select, text, type_coerce

from portal.accounts.enums import Role
from portal.accounts.models import TotpSecret
from portal.accounts.services.second_factor import _step_of
from portal.cli.sealing import reseal_all, sealed_columns
from portal.core import clock
from portal.core.db import db
from portal.core.sealing import SealDoesNotOpenError, SealedDocument, fingerprint, seal, unseal
from portal.core.transaction import rollback, transaction
from portal.internships.models import InternshipRound
from portal.matching.models import PreferenceList
from portal.settings import ROOT
from portal.wiring import create_app
from tests.support import internships
from tests.support.databases import Database, another
from tests.support.people import person, staff
from tests.support.settings import settings_for

pytestmark = pytest.mark.database
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def holder(app: Flask) -> int:
    who = person().id
    with transaction() as session:
        session.add(TotpSecret(person_id=who, secret=SECRET, confirmed_at=clock.now()))
    db.session.remove()
    return who


def stands() -> str:
    """What the database holds."""
    rollback()
    return str(db.session.scalar(select(type_coerce(TotpSecret.__table__.c.secret, String))))


def read(holder: int) -> str:
    rollback()
    db.session.expire_all()
    return db.session.get_one(TotpSecret, holder, populate_existing=True).secret


def test_the_database_does_not_hold_the_secret(holder: int) -> None:
    assert SECRET not in stands()
    assert len(stands()) <= 255
    assert read(holder) == SECRET


def test_under_another_key_nothing_opens_and_no_code_fits(
    app: Flask, holder: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key that nobody had before us")
    assert read(holder) == ""
    assert _step_of("", "000000") is None


def test_a_changed_seal_does_not_open(app: Flask) -> None:
    sealed = seal(SECRET)
    assert unseal(sealed[:-10] + ("A" if sealed[-10] != "A" else "B") + sealed[-9:]) == ""
    assert unseal("") == unseal(SECRET) == ""


def test_a_key_is_changed_in_two_steps(app: Flask, holder: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before, old = stands(), app.config["SECRET_KEY"]
    monkeypatch.setitem(app.config, "SECRET_KEY", "the new key, as long as it must be, at least")
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old])
    assert read(holder) == SECRET
    rollback()
    db.session.expunge_all()
    assert reseal_all() == (1, 0)
    assert stands() != before
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [])
    assert read(holder) == SECRET


def test_what_no_key_opens_is_left_as_it_is(app: Flask, holder: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stands()
    with monkeypatch.context() as other:
        other.setitem(app.config, "SECRET_KEY", "a key that was lost with everything else")
        rollback()
        db.session.expunge_all()
        assert reseal_all() == (0, 1)
    assert stands() == before
    assert read(holder) == SECRET


def test_whatever_stands_sealed_goes_along(app: Flask, holder: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that were forgotten would be closed for ever once the old key is gone."""
    names = {f"{column.table.name}.{column.name}" for column in sealed_columns()}
    assert {"totp_secrets.secret", "internship_rounds.secret", "preference_lists.postings"} <= names
    officer = staff(Role.CAREER_SUPPORT)
    number, old = internships.plan(officer, times=internships.ahead()), app.config["SECRET_KEY"]
    with transaction() as session:
        session.add(
            PreferenceList(round_id=number, student_id=officer.id, postings=[3, 1, 2], changed_at=clock.now())
        )
    drawn = db.session.get_one(InternshipRound, number).secret
    monkeypatch.setitem(app.config, "SECRET_KEY", "the new key, as long as it must be, at least")
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old])
    monkeypatch.setattr("portal.cli.sealing.AT_ONCE", 1)
    rollback()
    assert reseal_all() == (3, 0)
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [])
    rollback()
    db.session.expunge_all()
    assert db.session.get_one(InternshipRound, number).secret == drawn
    assert db.session.scalars(select(PreferenceList)).one().postings == [3, 1, 2]


def test_a_list_that_no_key_opens_is_an_error_and_no_empty_list(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = SealedDocument()
    dialect = db.engine.dialect
    kept = kind.process_bind_param([1, 2], dialect)
    assert kind.process_result_value(kept, dialect) == [1, 2]
    monkeypatch.setitem(app.config, "SECRET_KEY", "a key that was lost with everything else")
    with pytest.raises(SealDoesNotOpenError):
        kind.process_result_value(kept, dialect)


def test_the_migration_seals_what_stood_plain_and_opens_it_again(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with another(database, tmp_path_factory.mktemp("sealing"), "sealing") as url:
        app = create_app(settings_for(url))
        with app.app_context():
            folder = str(ROOT / "migrations")
            flask_migrate.upgrade(directory=folder)
            who = person().id  # while the tables are those of today's models
            rollback()
            db.session.remove()
            flask_migrate.downgrade(directory=folder, revision="0016")
            with transaction() as session:
                values = {"who": who, "secret": SECRET}
                session.execute(
                    text("INSERT INTO totp_secrets (person_id, secret, last_step) VALUES (:who, :secret, 0)"),
                    values,
                )
            flask_migrate.upgrade(directory=folder)
            assert SECRET not in stands()
            assert read(who) == SECRET
            rollback()
            db.session.remove()
            flask_migrate.downgrade(directory=folder, revision="0016")
            assert stands() == SECRET
            rollback()
            db.session.remove()
            db.engine.dispose()


def test_the_length_of_a_sealed_document_does_not_tell_how_many_stand_on_it(app: Flask) -> None:
    kind, dialect = SealedDocument(), db.engine.dialect
    lists = [[], [7], list(range(100, 110)), [9_999_999] * 10]
    sealed = [kind.process_bind_param(each, dialect) or "" for each in lists]
    assert len({len(each) for each in sealed}) == 1
    assert [kind.process_result_value(each, dialect) for each in sealed] == lists


def test_a_fingerprint_is_no_plain_hash_and_changes_with_the_key(app: Flask) -> None:
    ours = fingerprint(b"lists")
    assert ours == fingerprint(b"lists") != fingerprint(b"list")
    assert ours != hashlib.sha256(b"lists").hexdigest()
    app.secret_key = "another key of at least thirty-two letters"
    assert fingerprint(b"lists") != ours
