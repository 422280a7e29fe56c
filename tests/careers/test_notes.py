"""Notes on careers: career support's alone, never changed, sealed at rest, in no mail and no trail."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask
from sqlalchemy import String, func, select, type_coerce

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.careers.models import CareerNote
from portal.careers.queries.notes import notes_of
from portal.careers.services.notes import add_note
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.transaction import rollback, transaction
from portal.notifications.models import Message
from tests.support import careers as given
from tests.support.academics import student, supervisor
from tests.support.people import actor_of, browser_of, staff
from tests.support.races import at_once
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
CANARY = "canary-本人の事情"


def write(
    by: Actor, student_id: int, words: str = CANARY, corrects: int | None = None, once: str = ""
) -> int:
    with transaction():
        kept = add_note(
            student_id=student_id, words=words, corrects_id=corrects, once=once or secrets.token_hex(8), by=by
        )
        return kept.id


def test_a_note_stays_and_a_correction_is_another(app: Flask) -> None:
    officer, who = given.officer(name="支援 花子"), student()
    by = actor_of(officer)
    first = write(by, who.id)
    second = write(by, who.id, "正しくは…", corrects=first)
    rollback()
    found = notes_of(by, who.id)
    assert [(n.id, n.words, n.corrects_id, n.author) for n in found] == [
        (second, "正しくは…", first, "支援 花子"),
        (first, CANARY, None, "支援 花子"),
    ]


def test_it_stands_sealed_and_nowhere_else(app: Flask) -> None:
    by, who = actor_of(given.officer()), student()
    write(by, who.id)
    rollback()
    kept = db.session.scalar(select(type_coerce(CareerNote.words, String)))
    assert kept is not None
    assert "canary" not in kept
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "career_note.written")).all()
    assert [(entry.changes, entry.note) for entry in entries] == [({}, "")]
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.SECRETARIAT, Role.HUB_COORDINATOR, Role.STEERING_COMMITTEE]
)
def test_nobody_else_reads_or_writes_one(app: Flask, role: Role) -> None:
    who, other = student(), staff(role)
    write(actor_of(given.officer()), who.id)
    for reader in (other, who, supervisor(), student()):
        rollback()
        with pytest.raises(NotFound):
            notes_of(actor_of(reader), who.id)
        with pytest.raises(NotFound):
            write(actor_of(reader), who.id)
        place = f"/staff/careers/students/{who.id}/notes"
        assert browser_of(app, reader).get(place).status_code == 403
    page = browser_of(app, other).get(f"/staff/careers/students/{who.id}").get_data(as_text=True)
    assert "canary" not in page
    assert "/notes" not in page


def test_a_note_of_another_student_is_not_corrected_and_an_empty_one_is_none(app: Flask) -> None:
    by, one, two = actor_of(given.officer()), student(), student()
    first = write(by, one.id)
    with pytest.raises(NotFound):
        write(by, two.id, corrects=first)
    with pytest.raises(Refused) as refused:
        write(by, one.id, " \n")
    assert refused.value.field == "words"


def test_one_key_makes_one_note(app: Flask) -> None:
    by, who, other = actor_of(given.officer()), student(), student()
    found = at_once(app, *[lambda: write(by, who.id, once="key")] * 8)
    assert len(set(map(str, found))) == 1
    rollback()
    assert db.session.scalar(select(func.count()).select_from(CareerNote)) == 1
    rollback()
    with pytest.raises(NotFound):
        write(by, other.id, once="key")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_writing_and_correcting_on_the_page(app: Flask, language: str) -> None:
    who = student(name="架空 学")
    office = Reader(browser_of(app, given.officer(language=language)))
    shown = office.get(f"/staff/careers/students/{who.id}")
    notes = office.get(shown.link("キャリア支援の記録" if language == "ja" else "Notes on the career"))
    office.submit(notes.form("/notes"), status=422)
    kept = office.submit(notes.form("/notes"), words=CANARY)
    correcting = office.get(next(a["href"] for a in kept.links if "corrects=" in a["href"]))
    done = office.submit(correcting.form("/notes"), words="訂正後")
    assert done.main.text.count(CANARY) == 1
    for hostile in ("999999", "x", "-1", "9" * 30):
        office.get(f"/staff/careers/students/{who.id}/notes?corrects={hostile}")
    place = f"/staff/careers/students/{who.id}"
    with count_sql() as sql:
        office.get(f"{place}/notes")
    assert len(sql) <= 4
