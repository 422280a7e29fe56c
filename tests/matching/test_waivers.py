"""A waiver shows what it causes first, needs both sides' word, and is kept; the certificate says so; a list is read with a reason alone."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.matching import parse_market, verify
from portal.domain.matching.waiving import Waiver
from portal.matching.enums import AttemptState, ExclusionKind, ReadingKind
from portal.matching.models import ListReading, MatchAttempt, MatchOutcome, MatchWaiver
from portal.matching.services import exclusions
from portal.matching.services.choosing import choose_attempt
from portal.matching.services.readings import read_list, read_ranking, read_record
from portal.matching.services.waivers import preview_waiver, record_waiver
from tests.internships.test_posting_pages import reader_of
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support import matching as told
from tests.support.people import actor_of, browser_of, office
from tests.support.reader import Reader

pytestmark = pytest.mark.database
_keys = iter(range(1_000))


@pytest.fixture
def scene(june: None) -> Iterator[runs.Scene]:
    made = runs.locked_round()
    with runs.at_lock():
        yield made


def waived(scene: runs.Scene, base: int, student: int, posting: int | None, **values: object) -> int:
    said = {
        "reason": "研究の都合",
        "student_said": "面談",
        "student_on": clock.today(),
        "company_said": "電話",
        "company_on": clock.today(),
    }
    with transaction():
        number = record_waiver(
            attempt=db.session.get_one(MatchAttempt, base), once=f"waiver{next(_keys)}", by=scene.by,
            waiver=Waiver(f"s{student}", f"p{posting}" if posting else None), **(said | values),
        ).id  # fmt: skip
    runs.jobs()
    return number


def test_a_student_taken_out_leaves_a_pair_that_is_named_first(scene: runs.Scene) -> None:
    base = runs.run(scene)
    (first, second, third), (p, q) = [who.id for who in scene.students], scene.postings
    with transaction():
        seen = preview_waiver(db.session.get_one(MatchAttempt, base), Waiver(f"s{first}", None))
    wanted = [(first, p), (first, q), (second, p), (third, p)]
    assert seen.caused == tuple((f"s{student}", f"p{posting}") for student, posting in wanted)
    done = runs.attempt(waived(scene, base, first, None))
    assert done.state is AttemptState.DONE
    assert done.input_sha256 == runs.attempt(base).input_sha256
    value = json.loads(done.result or "{}")
    assert value["matching"] == {f"s{second}": f"p{q}"}
    assert [tuple(pair) for pair in value["certificate"]["blocking_pairs"]] == list(seen.caused)
    assert value["record"]["waived"] == [[f"s{first}", None]]
    assert not verify(parse_market((done.market or "").encode()), (done.result or "").encode()).holds
    row = db.session.scalars(select(MatchWaiver)).one()
    assert [tuple(pair) for pair in row.blocking] == list(seen.caused)
    again = runs.attempt(waived(scene, done.id, third, p))  # on top of the first
    assert json.loads(again.result or "{}")["matching"] == {f"s{second}": f"p{q}", f"s{third}": f"p{p}"}
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, again.id), by=scene.by)
    why = {row.student_id: row.explanation for row in db.session.scalars(select(MatchOutcome))}
    assert [each["reason"] for each in why[first]] == ["waived", "waived"]
    assert [each["reason"] for each in why[second]] == ["waived", "matched"]
    assert [each["reason"] for each in why[third]] == ["matched", "preferred_other"]


def test_what_nobody_can_waive_is_refused(scene: runs.Scene) -> None:
    base = runs.run(scene)
    (first, _second, third), p = [who.id for who in scene.students], scene.postings[0]
    for student, posting in ((third, p), (first, p), (third, None), (999_999, p)):
        with pytest.raises(Refused):
            waived(scene, base, student, posting)
    with pytest.raises(Refused):
        waived(scene, base, first, None, student_on=clock.today() + timedelta(days=1))
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, base), by=scene.by)
    with pytest.raises(OutOfDate):
        waived(scene, base, first, None)


def test_a_recorded_waiver_never_changes(scene: runs.Scene) -> None:
    waived(scene, runs.run(scene), scene.students[0].id, None)
    with pytest.raises((IntegrityError, OperationalError, DatabaseError)), transaction():
        db.session.scalars(select(MatchWaiver)).one().reason = "other"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages_show_what_it_causes_before_anything_is_recorded(scene: runs.Scene, language: str) -> None:
    base, office = runs.run(scene), reader_of(scene.office, language)
    address, first = f"/staff/matching/attempts/{base}/waiver", f"s{scene.students[0].id}"
    asked = office.get(address)
    office.submit(asked.form("/waiver"), status=422, student=first)  # no reason, no pairs
    chosen = {"student": first, "reason": "本人の希望を確かめるため"}
    shown = office.submit(asked.form("/waiver"), **chosen)
    assert all(who.name in shown.text for who in scene.students)
    assert db.session.query(MatchWaiver).count() == 0
    rollback()
    read = db.session.scalars(select(ListReading)).all()
    assert {row.kind for row in read} == {ReadingKind.WAIVER}
    assert {row.student_id for row in read if row.student_id} == {who.id for who in scene.students}
    assert {row.organisation_id for row in read if row.organisation_id} == {
        given.company_of(admin) for admin in scene.admins
    }
    owner = reader_of(scene.students[1], language)
    assert "本人の希望を確かめるため" in owner.get("/matching/readings").text
    where = f"p{scene.postings[0]}"  # where they are already
    office.submit(asked.form("/waiver"), status=422, posting=where, **chosen)
    office.submit(asked.form("/waiver"), status=422, student="x", reason="試し")
    office.submit(shown.form("/record"), status=422)
    typed = {
        "reason": "研究",
        "student_said": "面談",
        "company_said": "電話",
        "student_on": "2026-07-20",
        "company_on": "2026-07-20",
    }
    office.submit(shown.form("/record"), status=422, **(typed | {"student_on": "2031-01-01"}))
    office.submit(shown.form("/record"), status=422, **(typed | {"student": "s999999"}))
    other = {"student": f"s{scene.students[1].id}"}  # a pair at which nobody has looked for a reason
    refused = office.submit(shown.form("/record"), status=422, **(typed | other | {"student_on": ""}))
    assert refused.root.all("table") == []
    done = office.submit(shown.form("/record"), **typed)
    again = office.submit(shown.form("/record"), **typed)
    assert again.url == done.url
    runs.jobs()
    result = office.get(done.url.rstrip("?"))
    assert "研究" in result.text
    assert not any(
        who.name in result.main.text for who in scene.students[1:]
    )  # the pairs tell of lists: once, for a reason


def test_who_hosts_for_a_company_reads_no_list_for_the_office(scene: runs.Scene) -> None:
    """Neither how students rank the own company nor what another company says of them."""
    other, consortium = given.company_of(scene.admins[1]), office().id
    rollback()
    with transaction() as session:
        session.add(
            Affiliation(
                person_id=scene.admins[0].id, organisation_id=consortium, role=Role.CAREER_SUPPORT, starts_on=clock.today()
            )
        )  # fmt: skip
    both = actor_of(scene.admins[0])
    with pytest.raises(Refused), transaction():
        read_list(season=scene.season, student_id=scene.students[0].id, reason="照会", by=both)
    with pytest.raises(Refused), transaction():
        read_ranking(season=scene.season, organisation_id=other, reason="照会", by=both)


def test_a_list_is_read_with_a_reason_and_its_owner_learns_of_it(scene: runs.Scene) -> None:
    student, company = scene.students[0], given.company_of(scene.admins[0])
    with transaction():
        assert (
            read_list(season=scene.season, student_id=student.id, reason="照会のため", by=scene.by)
            == scene.postings
        )
        found = read_ranking(season=scene.season, organisation_id=company, reason="照会のため", by=scene.by)
    assert found.tiers == [[who.id] for who in scene.students]
    with pytest.raises(Refused), transaction():
        read_list(season=scene.season, student_id=student.id, reason=" ", by=scene.by)
    rows = db.session.scalars(select(ListReading)).all()
    assert [(row.student_id, row.organisation_id) for row in rows] == [(student.id, None), (None, company)]
    with pytest.raises((IntegrityError, OperationalError, DatabaseError)), transaction():
        db.session.scalars(select(ListReading)).first().reason = "other"  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_readings_in_the_pages_of_office_and_owner(app: Flask, scene: runs.Scene, language: str) -> None:
    office, owner = reader_of(scene.office, language), reader_of(scene.students[0], language)
    mentor, other = reader_of(scene.admins[0], language), reader_of(scene.students[1], language)
    lists = office.get(f"/staff/matching/rounds/{scene.round_id}/lists")
    asked = office.get(lists.link(scene.students[0].name))
    office.submit(asked.form(), status=422)
    assert owner.get("/matching/readings").root.all("td") == []
    read = office.submit(asked.form(), reason="本人からの照会")
    assert len([e for e in read.root.all("li") if "–" in e.text]) == 2
    mine = owner.get("/matching/readings")
    assert "本人からの照会" in mine.text
    assert scene.office.name in mine.text
    assert "本人からの照会" not in other.get("/matching/readings").text
    company = given.company_of(scene.admins[0])
    asked = office.get(f"/staff/matching/rounds/{scene.round_id}/lists/companies/{company}")
    office.submit(asked.form(), reason="企業からの照会")
    assert "企業からの照会" in mentor.get("/matching/readings").text
    office.get(f"/staff/matching/rounds/{scene.round_id}/lists/students/{scene.office.id}", status=404)


def test_the_record_replays_and_everybody_in_it_learns_who_took_it(app: Flask, scene: runs.Scene) -> None:
    number = runs.run(scene)
    with transaction():
        packed = read_record(attempt=db.session.get_one(MatchAttempt, number), reason="検証", by=scene.by)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert verify(parse_market(files["market.json"]), files["result.json"]).holds
    rollback()
    rows = db.session.scalars(select(ListReading)).all()
    assert {row.kind for row in rows} == {ReadingKind.RECORD}
    assert sorted(row.student_id or 0 for row in rows if row.student_id) == sorted(
        who.id for who in scene.students
    )
    browser = browser_of(app, scene.office)
    form = Reader(browser).get(f"/staff/matching/attempts/{number}/record").form("/record")
    typed = form.values()
    typed["reason"] = "検証"
    saved = browser.post(form.action, data=typed)
    assert (saved.mimetype, saved.data) == ("application/zip", packed)


def unlisted(
    scene: runs.Scene, state: ApprovalState | None = ApprovalState.APPROVED, **values: object
) -> int:
    """A free place at a third company, which the third student has not listed, with the supervisor's word on it."""
    scene.admins.append(given.host())
    posting = told.offer(scene.admins[2], scene.round_id, places=1)
    if state is not None:
        told.apply(scene.students[2], posting, state, **values)
    return posting


def kept_apart(scene: runs.Scene, student: Person) -> None:
    company = given.company_of(scene.admins[2])
    with transaction():
        exclusions.add_exclusion(
            student=db.session.get_one(Person, student.id), kind=ExclusionKind.CONFLICT_OF_INTEREST, reason="利害", by=scene.by,
            company=db.session.get_one(Organisation, company),
        )  # fmt: skip


@pytest.mark.parametrize("word", [None, ApprovalState.ASKED, ApprovalState.VETOED, "other days"])
def test_no_waiver_goes_beyond_the_supervisor_in_a_pair_that_nobody_listed(
    scene: runs.Scene, word: Any
) -> None:
    days = {"from_on": date(2026, 9, 1), "until_on": date(2026, 9, 2)} if word == "other days" else {}
    posting = unlisted(scene, ApprovalState.APPROVED if days else word, **days)
    base, third = runs.run(scene), scene.students[2].id
    with pytest.raises(Refused, match=r"承認|approved"):
        waived(scene, base, third, posting)
    with pytest.raises(Refused), transaction():
        preview_waiver(db.session.get_one(MatchAttempt, base), Waiver(f"s{third}", f"p{posting}"))


def test_no_waiver_goes_beyond_an_exclusion_of_a_pair_that_nobody_listed(scene: runs.Scene) -> None:
    posting, third = unlisted(scene), scene.students[2]
    base = runs.run(scene)
    before = waived(scene, base, third.id, posting)
    kept_apart(scene, third)
    assert runs.attempt(before).state is AttemptState.DONE
    with (
        pytest.raises(Refused),
        transaction(),
    ):  # recorded before: the input is the same, the pair is out all the same
        choose_attempt(attempt=db.session.get_one(MatchAttempt, before), by=scene.by)
    with pytest.raises(Refused):
        waived(scene, runs.run(scene), third.id, posting)
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, base), by=scene.by)


def test_an_approved_pair_that_nobody_listed_can_be_put_together(scene: runs.Scene) -> None:
    posting, third = unlisted(scene), scene.students[2].id
    done = waived(scene, runs.run(scene), third, posting)
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, done), by=scene.by)
    where = {row.student_id: row.posting_id for row in db.session.scalars(select(MatchOutcome))}
    assert where[third] == posting


def test_who_is_placed_where_is_read_for_a_reason_that_all_of_them_read(scene: runs.Scene) -> None:
    office, here = reader_of(scene.office), f"/staff/matching/attempts/{runs.run(scene)}"
    asked = office.get(office.get(here).link("受入先の一覧"))
    assert not any(who.name in asked.text for who in scene.students)
    office.submit(asked.form("/places"), status=422)
    shown = office.submit(asked.form("/places"), reason="公表前の確認")
    rows = [row.text for row in shown.root.all("tr")][1:]
    assert [who.name in row for who, row in zip(scene.students, rows, strict=True)] == [True] * 3
    assert "未決定" in rows[2]
    rollback()
    read = db.session.scalars(select(ListReading)).all()
    assert {row.kind for row in read} == {ReadingKind.PLACES}
    assert {row.student_id for row in read} == {who.id for who in scene.students}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_result_says_that_a_place_came_by_agreement_and_companies_why_places_stayed_open(
    scene: runs.Scene, language: str
) -> None:
    posting, (first, _second, third) = unlisted(scene), scene.students
    base = runs.run(scene)
    done = waived(scene, waived(scene, base, third.id, posting), first.id, None)
    page = reader_of(scene.office, language).get(f"/staff/matching/attempts/{done}").main.text
    assert "best that any stable result" not in page
    assert "最も希望に近い" not in page
    value = json.loads(runs.attempt(done).result or "{}")
    reasons = {name: (each["filled"], each["reason"]) for name, each in value["postings"].items()}
    assert reasons[f"p{posting}"] == (1, "filled")
    assert reasons[f"p{scene.postings[0]}"] == (0, "waived")
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, done), by=scene.by)
    with clock.frozen(runs.OUT):
        runs.jobs()
        for who in (first, third):
            shown = reader_of(who, language).get(f"/matching/rounds/{scene.round_id}/result").main.text
            assert ("合意" if language == "ja" else "agree") in shown
        company = given.company_of(scene.admins[0])
        told_why = reader_of(scene.admins[0], language).get(
            f"/matching/rounds/{scene.round_id}/companies/{company}/result"
        )
        assert ("支援室" if language == "ja" else "office decided otherwise") in told_why.main.text
        assert not any(who.name in told_why.main.text for who in scene.students)
