"""Evaluation sheet and certificate: numbered without a gap, kept, void and replaced by name, verified by anybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.accounts.models import Person
from portal.billing.documents import keeping
from portal.billing.models import NumberSeries
from portal.cli.doctor.data import certificates_hold
from portal.cli.keeping.sums import books_problems
from portal.core import clock, transaction
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback
from portal.domain.numbering import DocumentKind
from portal.domain.placements.duties import Task
from portal.domain.placements.placement_flow import Side
from portal.notifications.models import Message
from portal.placements.models import PlacementCertificate
from portal.placements.queries.certificates import (
    certificate_of,
    certificate_problems,
    certificates_of,
    is_code,
)
from portal.placements.queries.duties import duties_of
from portal.placements.queries.hours import week_at
from portal.placements.queries.placements import any_placement
from portal.placements.services import certificates, evaluations, hours
from tests.billing.test_crashes import every, killed_at, points
from tests.placements.test_evaluations import OF_HOST, OF_INTERN, OVER, ended, send
from tests.placements.test_pages import reader_of
from tests.placements.test_preparing import at
from tests.support import internships as given
from tests.support.academics import supervisor
from tests.support.pdf_text import plain_text_of, squeezed
from tests.support.people import actor_of, browser_of
from tests.support.placements import Case, case
from tests.support.races import at_once
from tests.support.reader import Reader

pytestmark = pytest.mark.database
BAD_CODES = ("x", "AAAA-AAAA-AAAA", "ＡＡＡＡ", "\u202e", "0" * 40)


def evaluated(found: Case | None = None) -> Case:
    """Both have evaluated."""
    found = ended(found)
    send(found, found.admin, OF_INTERN)
    send(found, found.student, OF_HOST)
    return found


def issue(found: Case) -> list[PlacementCertificate]:
    """Sheet and certificate."""
    with clock.frozen(max(clock.now(), at(OVER))):
        made = found.act(found.officer, certificates.issue_papers, despite_open_weeks=True)
    return list(made)


def standing(found: Case, kind: DocumentKind = DocumentKind.CERTIFICATE) -> Any:
    rollback()
    return next(p for p in certificates_of(found.id, Side.OFFICE) if p.holds and p.row.kind is kind)


def again(
    found: Case, kind: DocumentKind, verb: Any = certificates.reissue_paper, reason: str = "氏名の誤り"
) -> None:
    paper = certificate_of(standing(found, kind).row.id)
    with clock.frozen(at(OVER)):
        found.act(found.officer, verb, paper=certificate_of(paper.row.id), reason=reason)


def words_of(number: str, language: str) -> str:
    rollback()
    row = db.session.scalars(select(PlacementCertificate).where(PlacementCertificate.number == number)).one()
    paper = certificate_of(row.id).row
    return squeezed(plain_text_of((paper.file_en if language == "en" else paper.file_ja).content))


def test_both_papers_in_both_languages(app: Flask) -> None:
    found = evaluated()
    made = issue(found)
    assert [each.number for each in made] == ["EVS-2026-000001", "EVC-2026-000001"]
    assert issue(found) == []
    name = squeezed(found.student.name)
    for language, sheet, certificate in (
        ("ja", "インターンシップ評価書", "評価証明書"),
        ("en", "Internshipevaluationsheet", "Certificateofevaluation"),
    ):
        assert sheet in (text := words_of("EVS-2026-000001", language))
        assert name in text
        assert "期待以上でした。" in text
        assert certificate in (text := words_of("EVC-2026-000001", language))
        assert "EVS-2026-000001" in text
        assert "期待以上でした。" not in text, "the words of the sheet are the sheet's"
    assert certificate_problems() == []


def test_books_and_doctor_look_at_the_papers(app: Flask) -> None:
    issue(evaluated())
    rollback()
    assert certificates_hold()[0]
    with transaction.transaction() as session:
        session.execute(text("UPDATE number_series SET last = 9 WHERE kind = 'EVC'"))
    assert [words for words in books_problems() if words.startswith("EVC-2026")]
    assert not certificates_hold()[0]


def test_the_mail_leads_to_the_paper(app: Flask) -> None:
    found = evaluated()
    issue(found)
    rollback()
    told = db.session.scalars(select(Message).where(Message.event == "placements/papers")).all()
    assert {mail.person_id for mail in told} == {found.student.id, found.admin.id}
    assert all(f"/placements/{found.id}/papers" in mail.text for mail in told)


def test_nothing_is_issued_before_the_evaluation(app: Flask) -> None:
    found = ended()
    with pytest.raises(OutOfDate):
        issue(found)
    send(found, found.student, OF_HOST)
    with pytest.raises(OutOfDate):
        issue(found)


def test_hours_are_confirmed_until_the_papers_are_out(app: Flask) -> None:
    """What the evaluation found open is settled after it, and counts; then nothing moves any more."""
    found = evaluated()
    minutes = {date(2026, 9, 7): 480, date(2026, 9, 8): 450}
    said = {"day_words": {}, "words": "", "reason": ""}
    with clock.frozen(at(OVER)):
        found.act(found.student, hours.save_week, monday=date(2026, 9, 7), minutes=minutes, version=0, **said)
        assert {duty.task for duty in duties_of([found.now()])[found.id]} >= {
            Task.CONFIRM,
            Task.ENTER,
            Task.PAPERS,
        }
        with pytest.raises(Refused) as refused:
            found.act(found.officer, certificates.issue_papers)
        assert refused.value.field == "despite_open_weeks"
        week = week_at(found.now(), date(2026, 9, 7)).row
        found.act(found.admin, hours.confirm_week, week=week, version=1)
    assert issue(found)[1].facts["minutes"] == 930
    with clock.frozen(at(OVER)):
        assert duties_of([found.now()])[found.id] == []
        with pytest.raises(OutOfDate):
            found.act(
                found.student, hours.save_week, monday=date(2026, 9, 14), minutes={date(2026, 9, 14): 60}, version=0, **said
            )  # fmt: skip
    for who in (found.student, found.admin):
        assert "書類を発行した" in reader_of(who).get(f"/placements/{found.id}/hours").text


def test_void_and_issued_anew_with_a_reference(app: Flask) -> None:
    found = evaluated()
    issue(found)
    with pytest.raises(Refused):
        again(found, DocumentKind.CERTIFICATE, reason=" ")
    again(found, DocumentKind.CERTIFICATE)
    assert standing(found).row.number == "EVC-2026-000002"
    assert "EVC-2026-000001" in words_of("EVC-2026-000002", "ja")
    old = next(p for p in certificates_of(found.id, Side.OFFICE) if not p.holds)
    with pytest.raises(OutOfDate):
        found.act(
            found.officer, certificates.reissue_paper, paper=certificate_of(old.row.id), reason="もう一度"
        )
    assert certificate_problems() == []


def test_with_a_sheet_goes_the_certificate_that_names_it(app: Flask) -> None:
    found = evaluated()
    issue(found)
    again(found, DocumentKind.EVALUATION_SHEET)
    assert standing(found, DocumentKind.EVALUATION_SHEET).row.number == "EVS-2026-000002"
    assert standing(found).row.facts["sheet"] == "EVS-2026-000002"


def test_void_alone_and_issued_later(app: Flask) -> None:
    found = evaluated()
    issue(found)
    again(found, DocumentKind.CERTIFICATE, certificates.void_paper)
    assert [each.number for each in issue(found)] == ["EVC-2026-000002"]
    assert standing(found).row.facts["replaces"]["number"] == "EVC-2026-000001"


def test_a_correction_of_the_company_waits_for_new_papers(app: Flask) -> None:
    found = evaluated()
    issue(found)
    found.act(found.officer, evaluations.reopen_evaluation, reason="部署名")
    send(found, found.admin, OF_INTERN | {"words": "訂正しました。"}, version=1)
    again(found, DocumentKind.EVALUATION_SHEET)
    number = standing(found, DocumentKind.EVALUATION_SHEET).row.number
    assert "訂正しました。" in words_of(number, "ja")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE placement_certificates SET number = 'x'", "DELETE FROM placement_certificates", "DELETE FROM certificate_voids",
     "UPDATE stored_files SET content = 'x' WHERE is_kept"],
)  # fmt: skip
def test_what_is_issued_stays(app: Flask, statement: str) -> None:
    found = evaluated()
    issue(found)
    again(found, DocumentKind.CERTIFICATE, certificates.void_paper)
    with pytest.raises(DatabaseError), transaction.transaction() as session:
        session.execute(text(statement))


def test_pressed_by_two_at_once_each_is_issued_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "render_pdf", lambda *_args, **_more: b"%PDF-")
    found, other = evaluated(), None
    by, number = actor_of(found.officer), found.id
    other = evaluated(case(found.admin, found.officer))
    numbers = [number, other.id]

    def press(placement_id: int) -> Any:
        def call() -> int:
            with transaction.transaction():
                return len(
                    certificates.issue_papers(
                        placement=any_placement(placement_id), by=by, despite_open_weeks=True
                    )
                )

        return call

    with clock.frozen(at(OVER)):
        answers = at_once(app, *[press(each) for each in numbers * 4])
    assert sorted(map(str, answers)) == ["0"] * 6 + ["2"] * 2
    rollback()
    assert certificate_problems() == []
    assert {
        row.last
        for row in db.session.scalars(select(NumberSeries).where(NumberSeries.kind.in_(["EVS", "EVC"])))
    } == {2}


def test_killed_at_any_statement_no_number_is_lost(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the moment: all of it or nothing, and the next press issues what is missing."""
    died, first = 0, evaluated()
    admin_id, officer_id, by = first.admin.id, first.officer.id, actor_of(first.officer)
    monkeypatch.setattr(keeping, "render_pdf", lambda *_args, **_more: b"%PDF-")

    def prepared() -> tuple[int, Any]:
        admin, officer = (db.session.get_one(Person, each) for each in (admin_id, officer_id))
        number = evaluated(case(admin, officer)).id

        def work() -> None:
            with clock.frozen(at(OVER)), transaction.transaction():
                certificates.issue_papers(placement=any_placement(number), by=by, despite_open_weeks=True)

        return number, work

    _number, work = prepared()
    for point in range(0, points(app, work) + 1, 2 * every()):
        number, work = prepared()
        died += killed_at(app, point, work)
        rollback()
        assert certificate_problems() == []
        assert len(certificates_of(number, Side.OFFICE)) in (0, 2)
        work()
        rollback()
        assert len(certificates_of(number, Side.OFFICE)) == 2
    assert died > 3
    assert certificate_problems() == []


def test_who_opens_which_paper(app: Flask) -> None:
    found = evaluated()
    sheet, certificate = (each.id for each in issue(found))
    rival, guide = case(), supervisor()
    may = {sheet: {"student", "admin"}, certificate: {"student"}}
    who = {
        "student": found.student,
        "admin": found.admin,
        "rival": rival.admin,
        "other": rival.student,
        "guide": guide,
    }
    for number, readers in may.items():
        for name, person in who.items():
            for language in ("ja", "en", "x"):
                answer = browser_of(app, person).get(f"/placements/certificates/{number}?language={language}")
                assert answer.status_code == (200 if name in readers else 404), (number, name)
    again(found, DocumentKind.CERTIFICATE, certificates.void_paper)
    assert browser_of(app, found.student).get(f"/placements/certificates/{certificate}").status_code == 404


@pytest.mark.parametrize("language", ["ja", "en"])
def test_anybody_makes_sure_of_a_paper(app: Flask, language: str) -> None:
    found = evaluated()
    issue(found)
    paper, name = standing(found).row, found.student.name
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    stranger = Reader(browser)
    form = stranger.get("/certificates/verify").form("/verify")

    def ask(number: str, code: str = "", status: int = 200) -> Any:
        return stranger.submit(form, status=status, number=number, code=code)

    for code in ("", *BAD_CODES):
        assert name not in (nothing := ask(paper.number, code, status=422)).text
        assert ("有効な書類です" if language == "ja" else "and it holds") not in nothing.text
    named = ask("ｅｖｃ－2026－000001", paper.check_code.lower().replace("-", " "))
    first, last = ("2026年9月1日", "2026年11月30日") if language == "ja" else ("1 Sep 2026", "30 Nov 2026")
    for said in (name, given.SAID["title" if language == "ja" else "title_en"], first, last, "見本 花子"):
        assert said in named.text, "whoever holds the paper compares all that counts"
    assert ("4 – 期待を上回る" if language == "ja" else "4 – better than expected") in named.text
    assert OF_INTERN["words"] not in named.text, "the words of the sheet are the sheet's"
    sheet = standing(found, DocumentKind.EVALUATION_SHEET).row
    assert OF_INTERN["words"] in ask(sheet.number, sheet.check_code).text
    for number in ("EVC-2026-000009", "INV-2026-000001", "x", "", "EVC-2026-000000", "=1+1", "\u202eEVC"):
        ask(number, paper.check_code, status=422)
    again(found, DocumentKind.CERTIFICATE, certificates.void_paper)
    void = ask(paper.number, paper.check_code)
    assert ("無効" if language == "ja" else "void") in void.text
    assert is_code(certificate_of(paper.id), paper.check_code)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages(app: Flask, language: str) -> None:
    found = evaluated()
    with clock.frozen(at(OVER)):
        office, intern = reader_of(found.officer, language), reader_of(found.student, language)
        assert "EVC" not in intern.get(f"/placements/{found.id}/papers").text
        page = office.get(f"/staff/placements/{found.id}/papers")
        asked = office.submit(page.form("/issue"), status=422)
        assert len(asked.errors) == 1
        issued = office.submit(asked.form("/issue"), despite_open_weeks="y")
        office.submit(page.form("/issue"))
        mine = intern.get(f"/placements/{found.id}/papers")
        assert standing(found).row.check_code in mine.text
        theirs = reader_of(found.admin, language).get(f"/placements/{found.id}/papers")
        assert "EVC" not in theirs.text
        assert "EVS-2026-000001" in theirs.text
        assert standing(found, DocumentKind.EVALUATION_SHEET).row.check_code not in theirs.text
        office.submit(issued.form("/revoke"), status=422)
        office.submit(issued.form("/revoke"), button="again=1", reason="氏名の誤り")
        office.submit(issued.form("/revoke"), status=409, reason="氏名の誤り")
        assert "EVC-2026-000002" in intern.get(f"/placements/{found.id}/papers").text
