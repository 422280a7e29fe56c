"""The register of agreements: who enters and ends them, who reads them, and what a round needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Affiliation, Organisation, Person
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.agreements import AgreementKind, AgreementState
from portal.files.enums import Confidentiality
from portal.files.models import StoredFile
from portal.internships.models import InternshipAgreement, InternshipPosting, InternshipRound
from portal.internships.queries import agreements as reads
from portal.internships.queries.needed import all_lacks, lacks_of, needs_of
from portal.internships.services.agreements import register_agreement, set_needed
from tests.support import agreements
from tests.support import interests as shown
from tests.support import internships as given
from tests.support.people import actor_of
from tests.support.races import at_once

pytestmark = pytest.mark.database
NDA, BASIC, DATA = AgreementKind.NDA, AgreementKind.BASIC, AgreementKind.DATA_TRANSFER
DAY = timedelta(days=1)


@pytest.fixture
def office(app: Flask) -> Person:
    return given.officer()


@pytest.fixture
def admin(app: Flask) -> Person:
    return given.host()


def stands(agreement_id: int) -> InternshipAgreement:
    rollback()
    return db.session.get_one(InternshipAgreement, agreement_id)


def verbs() -> list[str]:
    rollback()
    return list(
        db.session.scalars(select(AuditEntry.verb).where(AuditEntry.verb.contains("agreement")).order_by(AuditEntry.id))
    )  # fmt: skip


def test_it_is_entered_once_with_its_document(office: Person, admin: Person) -> None:
    company = given.company_of(admin)
    number = agreements.agreed(office, company, NDA, note="  原本は棚3  ", until_on=date(2027, 3, 31))
    made = stands(number)
    file = db.session.get_one(StoredFile, made.file_id)
    assert (file.confidentiality, file.organisation_id, file.is_kept) == (
        Confidentiality.RESTRICTED,
        None,
        True,
    )
    assert (made.note, made.shown_state.value) == ("原本は棚3", "in_force")
    assert verbs() == ["agreement.registered"]
    told = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "agreement.registered")).one()
    assert "棚" not in str(told.changes) + told.note


def entering(office: Person, company: int, **values: Any) -> Callable[[], int]:
    by = actor_of(office)
    said: dict[str, Any] = {
        "kind": NDA, "signed_on": date(2026, 4, 1), "from_on": date(2026, 4, 1), "until_on": None, "note": "",
        "upload": agreements.document(), "once": "twice",
    }  # fmt: skip

    def enter() -> int:
        with transaction():
            body = db.session.get_one(Organisation, company)
            return register_agreement(company=body, by=by, **(said | values)).id

    return enter


def test_pressed_twice_it_is_entered_once(app: Flask, office: Person, admin: Person) -> None:
    enter = entering(office, given.company_of(admin))
    first = enter()
    assert enter() == first
    again = entering(office, given.company_of(admin), once="at once")
    done = at_once(app, again, again, again)
    assert len(set(done)) == 1, done
    rollback()
    assert db.session.scalar(select(func.count()).select_from(InternshipAgreement)) == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"signed_on": date(2026, 6, 2)}, "signed_on"),  # it is 1 June in Japan
        ({"until_on": date(2026, 3, 31)}, "until_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(office: Person, admin: Person, values: Any, field: str) -> None:
    with pytest.raises(Refused) as refused:
        entering(office, given.company_of(admin), **values)()
    assert refused.value.field == field
    rollback()
    assert db.session.scalars(select(StoredFile)).all() == []


def test_only_the_office_enters_and_nobody_for_their_own(office: Person, admin: Person) -> None:
    company = given.company_of(admin)
    with pytest.raises(Refused):
        entering(admin, company)()
    with transaction() as session:
        role = session.scalars(select(Affiliation.role).where(Affiliation.person_id == admin.id)).first()
        session.add(
            Affiliation(person_id=office.id, organisation_id=company, role=role, starts_on=clock.today())
        )
    with pytest.raises(Refused):
        entering(office, company)()


def test_it_ends_once_with_a_reason(office: Person, admin: Person) -> None:
    number = agreements.agreed(office, given.company_of(admin), NDA, until_on=date(2027, 3, 31))
    for day, reason, field in (
        (date(2026, 3, 31), "協議", "ended_on"),
        (date(2027, 4, 1), "協議", "ended_on"),
        (date(2026, 7, 1), "  ", "reason"),
    ):
        with pytest.raises(Refused) as refused:
            agreements.ended(office, number, day, reason)
        assert refused.value.field == field
    agreements.ended(office, number, date(2026, 7, 1))
    with pytest.raises(OutOfDate):
        agreements.ended(office, number, date(2026, 8, 1))
    assert stands(number).shown_state.value == "in_force"
    with clock.frozen(given.JUNE + 30 * DAY):
        assert stands(number).shown_state.value == "ended"
    assert verbs() == ["agreement.registered", "agreement.ended"]


def test_who_reads(office: Person, admin: Person) -> None:
    company = given.company_of(admin)
    number = agreements.agreed(office, company, NDA)
    other = given.host()
    assert [each.id for each in reads.agreements_of(actor_of(admin), company)] == [number]
    assert reads.agreement_for_company(actor_of(admin), number).id == number
    for stranger in (other, office):
        with pytest.raises(NotFound):
            reads.agreements_of(actor_of(stranger), company)
        with pytest.raises(NotFound):
            reads.agreement_for_company(actor_of(stranger), number)
    for stranger in (other, admin):
        with pytest.raises(NotFound):
            reads.agreement_for_office(actor_of(stranger), number)


@pytest.mark.parametrize("today", range(-2, 5))
def test_the_list_finds_states_as_they_are_shown(office: Person, admin: Person, today: int) -> None:
    company, first = given.company_of(admin), clock.today()
    for until in (None, first, first + 2 * DAY):
        for end in (None, first, first + DAY, first + 2 * DAY):
            number = agreements.agreed(office, company, NDA, from_on=first, until_on=until)
            if end is not None and (until is None or end <= until):
                agreements.ended(office, number, end)
    with clock.frozen(given.JUNE + today * DAY):
        rollback()
        everything = db.session.scalars(select(InternshipAgreement)).all()
        shown_as = {each.id: each.holding.state_on(clock.today()) for each in everything}
        for state in AgreementState:
            found = reads.list_agreements(
                actor_of(office), words="", kind=None, state=state, language="ja", cursor=None
            )
            assert {row[0] for row in found.items} == {n for n, its in shown_as.items() if its is state}


def test_the_list_is_narrowed_by_company_and_kind(office: Person, admin: Person) -> None:
    other = given.host()
    one = agreements.agreed(office, given.company_of(admin), NDA)
    two = agreements.agreed(office, given.company_of(other), BASIC)

    def numbers(words: str = "", kind: AgreementKind | None = None) -> list[int]:
        found = reads.list_agreements(
            actor_of(office), words=words, kind=kind, state=None, language="en", cursor=None
        )
        return [row[0] for row in found.items]

    assert (numbers(), numbers(kind=NDA), numbers(kind=DATA)) == ([two, one], [one], [])
    name = db.session.get_one(InternshipAgreement, two, options=[]).organisation_id
    rollback()
    body = db.session.get_one(Organisation, name)
    assert numbers(body.name_ja) == numbers(body.corporate_number or "") == [two]
    assert numbers("%") == []


def test_what_a_round_needs_is_said_until_the_lists_lock(office: Person, admin: Person) -> None:
    round_id = given.plan(office, needed_agreements=[NDA, BASIC])
    rollback()
    assert db.session.get_one(InternshipRound, round_id).needed_agreements == ["basic", "nda"]
    agreements.needed(office, round_id, DATA)
    assert verbs() == ["round.agreements_changed"]
    with given.acting(admin) as by, pytest.raises(Refused):
        set_needed(season=db.session.get_one(InternshipRound, round_id), kinds=[], by=by)
    with clock.frozen(given.TIMES.locks_at), pytest.raises(OutOfDate):
        agreements.needed(office, round_id)


def test_what_is_missing_for_rounds_without_a_result(office: Person, admin: Person) -> None:
    round_id = given.plan(office)
    company, language = given.company_of(admin), "ja"
    draft = given.write(admin, round_id, data_agreements=["transfer"], data_used="画像")
    assert [each.kinds for each in lacks_of(company, language)] == [(DATA,)]
    assert all_lacks(language) == []  # a draft is the company's own
    given.submit(admin, draft)
    assert [(each.organisation_id, each.kinds) for each in all_lacks(language)] == [(company, (DATA,))]
    agreements.needed(office, round_id, NDA)
    assert [each.kinds for each in all_lacks(language)] == [(NDA, DATA)]
    number = agreements.agreed(office, company, NDA)
    assert [each.kinds for each in lacks_of(company, language)] == [(DATA,)]
    agreements.ended(office, number, date(2026, 12, 25))
    assert [each.kinds for each in lacks_of(company, language)] == [(NDA, DATA)]
    assert lacks_of(given.company_of(given.host()), language) == []
    with transaction() as session:
        session.get_one(InternshipRound, round_id).chosen_at = clock.now()
    assert all_lacks(language) == lacks_of(company, language) == []


def test_needs_of_a_company_and_of_one_posting(office: Person) -> None:
    scene = shown.scene(2)
    agreements.needed(office, scene.round_id, BASIC)
    with transaction() as session:
        session.get_one(InternshipPosting, scene.postings[0]).data_agreements = ["transfer"]
    agreements.agreed(office, scene.company, BASIC)
    rollback()
    season = db.session.get_one(InternshipRound, scene.round_id)
    one, two = (db.session.get_one(InternshipPosting, number) for number in scene.postings)
    assert needs_of(season, scene.company, [one, two]) == [(BASIC, True), (DATA, False)]
    assert needs_of(season, scene.company, [two]) == [(BASIC, True)]
    assert needs_of(season, scene.company, []) == [(BASIC, True)]
