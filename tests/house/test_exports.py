"""Lists leave the house by a deed, never by a look: each export is a POST, and the trail says who took what.

Mutants that must fail here: an export that answers GET, one that forgets `note_export`.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.transaction import rollback
from tests.house.matrix import Question, questions
from tests.support.world import World

pytestmark = pytest.mark.sqlite


def exports(app: Flask) -> dict[str, set[str]]:
    """Endpoints that give a list away, with the methods that they answer."""
    return {
        rule.endpoint: (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for rule in app.url_map.iter_rules()
        if rule.endpoint.rpartition(".")[2].startswith("export_")
    }


def test_every_export_is_a_deed(world: World) -> None:
    found = exports(world.app)
    assert len(found) >= 4
    assert {name: methods for name, methods in found.items() if methods != {"POST"}} == {}


def newest_entry() -> AuditEntry | None:
    rollback()
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).first()


def asked(world: World, question: Question, visitor: str) -> tuple[int, str, int | None]:
    """Status, the newest verb in the trail, and whose it is."""
    url = question.url(world, visitor)
    days = {"since": "2020-01-01", "until": "2027-03-31", "repeats": "y"}  # for those that ask which
    answer = world.browser(visitor).post(url, data=world.token(visitor) | {"format": "csv"} | days)
    entry = newest_entry()
    return answer.status_code, entry.verb if entry else "", entry.actor_id if entry else None


def test_every_export_leaves_a_trace(world: World) -> None:
    for question in questions(world):
        if question.endpoint in exports(world.app):
            is_closed = question.endpoint.startswith(("admin", "placements_staff"))  # to the secretariat
            who = "administrator" if is_closed else "secretariat"
            status, verb, by = asked(world, question, who)
            assert status in (200, 303), question  # the file, or the page where it stands
            assert (verb.endswith(".exported"), by) == (True, world.visitors[who].person_id), question
