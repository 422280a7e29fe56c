"""Who completed the training: recorded, taken back, once however often it is pressed, and by the office alone."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.enums import CredentialKind, Role
from portal.accounts.models import Credential, Person
from portal.accounts.queries import has_credential, holders_of
from portal.accounts.services.credentials import grant_credential, revoke_credential
from portal.audit.models import AuditEntry
from portal.careers.services.training import choose_students
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from tests.support import careers as given
from tests.support.academics import student, supervisor, university
from tests.support.internships import acting
from tests.support.people import actor_of, browser_of, staff
from tests.support.races import at_once
from tests.support.reader import Reader

pytestmark = pytest.mark.database
KIND = CredentialKind.TRAINING


def verbs() -> list[str]:
    rollback()
    return list(
        db.session.scalars(
            select(AuditEntry.verb).where(AuditEntry.verb.like("credential.%")).order_by(AuditEntry.id)
        )
    )


def grant(who: Person, by: Actor) -> bool:
    with transaction():
        person = db.session.get_one(Person, who.id)
        return grant_credential(person=person, kind=KIND, earned_on=given.DAY_OF_TRAINING, by=by)


def test_it_stands_until_it_is_taken_back_and_can_be_earned_again(app: Flask) -> None:
    office, who, other = given.officer(), student(), student()
    given.trained(office, who)
    assert holders_of(KIND, [who.id, other.id]) == {who.id}
    with acting(office) as by, pytest.raises(Refused) as refused:
        revoke_credential(person=db.session.get_one(Person, who.id), kind=KIND, reason=" ", by=by)
    assert refused.value.field == "reason"
    with acting(office) as by:
        person = db.session.get_one(Person, who.id)
        assert revoke_credential(person=person, kind=KIND, reason="取り違え", by=by)
        assert not revoke_credential(person=person, kind=KIND, reason="取り違え", by=by)
    assert not has_credential(who.id, KIND)
    given.trained(office, who)
    assert has_credential(who.id, KIND)
    assert verbs() == ["credential.granted", "credential.revoked", "credential.granted"]


def test_eight_at_once_record_it_once(app: Flask) -> None:
    by, who = actor_of(given.officer()), student()
    found = at_once(app, *[lambda: grant(who, by)] * 8)
    assert sorted(map(str, found)) == ["False"] * 7 + ["True"]
    assert db.session.scalar(select(func.count()).select_from(Credential)) == 1
    assert verbs() == ["credential.granted"]


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.HUB_COORDINATOR, Role.STEERING_COMMITTEE])
def test_nobody_else_records_it(app: Flask, role: Role) -> None:
    with pytest.raises(Refused):
        grant(student(), actor_of(staff(role)))
    assert verbs() == []


def test_no_day_that_has_not_come(app: Flask) -> None:
    who, office = student(), given.officer()
    with acting(office) as by, pytest.raises(Refused) as refused:
        person = db.session.get_one(Person, who.id)
        grant_credential(person=person, kind=KIND, earned_on=date(2026, 6, 2), by=by)
    assert refused.value.field == "earned_on"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nobody@example.ac.jp",
        "nonsense",
        "supervisor@example.ac.jp",
        ",".join(f"a{n}@b.jp" for n in range(501)),
    ],
)
def test_addresses_of_no_student_are_refused_by_name(app: Flask, typed: str) -> None:
    supervisor(email="supervisor@example.ac.jp")
    with pytest.raises(Refused) as refused:
        choose_students(addresses=typed, is_granted=True)
    assert refused.value.field == "addresses"
    assert len(str(refused.value)) < 1200


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_office_ticks_looks_and_records(app: Flask, language: str) -> None:
    place = university()
    chosen = [
        student(place, name=f"架空 {name}", email=f"{name}@u.example.ac.jp") for name in ("hanako", "jiro")
    ]
    done = given.trained(given.officer(), student(place, name="架空 済", email="done@u.example.ac.jp"))
    office = Reader(browser_of(app, given.officer(language=language)))
    listed = office.get("/staff/careers/students")
    typing = office.submit(listed.form("/training"), ids=str(chosen[0].id))
    form = typing.form("/training")
    assert form.values()["addresses"].strip() == "hanako@u.example.ac.jp"
    wrong = office.submit(form, status=422, addresses="hanako@u.example.ac.jp\nnobody@u.example.ac.jp")
    assert "nobody@u.example.ac.jp" in wrong.errors[0]
    pasted = "\n".join(each.email for each in (*chosen, done))
    seen = office.submit(wrong.form("/training"), addresses=pasted, earned_on="2026-03-20")
    assert "架空 jiro" in seen.main.text
    assert verbs() == ["credential.granted"]
    office.submit(seen.forms[-1], button="step=make")
    rollback()
    assert holders_of(KIND, [each.id for each in chosen]) == {each.id for each in chosen}
    rollback()
    back = office.get("/staff/careers/training").form("/training")
    office.submit(back, status=422, addresses=chosen[0].email, deed="revoke")
    seen = office.submit(back, addresses=chosen[0].email, deed="revoke", reason="出席不足")
    office.submit(seen.forms[-1], button="step=make")
    rollback()
    assert not has_credential(chosen[0].id, KIND)
