"""Papers in English name people in Latin letters, asked for before they are made, with the Japanese beside."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.accounts.services.people import edit_profile
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.numbering import DocumentKind
from tests.placements.test_certificates import again, evaluated, issue, standing, words_of
from tests.placements.test_evaluations import OVER
from tests.placements.test_pages import reader_of
from tests.placements.test_preparing import at
from tests.support import internships as given
from tests.support.pdf_text import squeezed
from tests.support.placements import Case, case

pytestmark = pytest.mark.database


def test_english_papers_name_people_in_latin_letters(app: Flask) -> None:
    """As the student writes it, else the reading; the evaluator as the company wrote it; the kanji beside."""
    found = evaluated()
    issue(found)
    for number in ("EVS-2026-000001", "EVC-2026-000001"):
        assert squeezed(f"Shiken Taro ({found.student.name})") in (english := words_of(number, "en"))
        assert squeezed("Hanako Mihon, Head of R&D (研究開発部 部長 見本 花子)") in english
        assert "Shiken" not in (japanese := words_of(number, "ja"))
        assert "Hanako" not in japanese
    own_name(found, "SHIKEN, Taroh")
    again(found, DocumentKind.EVALUATION_SHEET)
    assert squeezed(f"SHIKEN, Taroh ({found.student.name})") in words_of("EVC-2026-000002", "en")
    paper = standing(found).row
    anybody = reader_of(found.admin, "en")
    shown = anybody.get("/certificates/verify")
    told = anybody.submit(shown.form("/verify"), number=paper.number, code=paper.check_code)
    assert "SHIKEN, Taroh (" in told.text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_name_in_latin_letters_is_asked_for_before_papers_are_made(app: Flask, language: str) -> None:
    """The student is asked on the page of the stay; the office cannot go on without, and sees what will be printed."""
    found = evaluated()
    with transaction() as session:
        session.get_one(Person, found.student.id).name_kana = ""
    with clock.frozen(at(OVER)):
        office = reader_of(found.officer, language)
        page = office.get(f"/staff/placements/{found.id}/papers")
        said = {"despite_open_weeks": "y"}
        asked = office.submit(page.form("/issue"), status=422, **said)
        assert ("ローマ字" if language == "ja" else "Latin letters") in str(asked.errors)
        office.submit(page.form("/issue"), status=422, holder_en="試験", **said)
        office.submit(page.form("/issue"), holder_en="Taro Shiken", **said)
    assert squeezed(f"Taro Shiken ({found.student.name})") in words_of("EVC-2026-000001", "en")
    again(found, DocumentKind.CERTIFICATE)
    assert "TaroShiken" in words_of("EVC-2026-000002", "en"), "what was typed once is kept"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_student_reads_what_will_be_printed(app: Flask, language: str) -> None:
    found = case()
    intern = reader_of(found.student, language)
    page = intern.get(f"/placements/{found.id}")
    assert "Shiken Taro" in page.text
    profile = intern.get("/account/profile/edit")
    intern.submit(profile.form("/profile/edit"), status=422, name_en="試験 太郎")
    intern.submit(profile.form("/profile/edit"), name_en="Taroh Shiken")
    assert "Taroh Shiken" in intern.get("/account/profile").text
    assert "Shiken" not in intern.get(f"/placements/{found.id}").text


def own_name(found: Case, name: str) -> None:
    """The student enters it in the profile."""
    with given.acting(found.student) as by:
        person = db.session.get_one(Person, by.id)
        edit_profile(
            by=by, name=person.name, name_kana=person.name_kana, name_en=name, telephone="", language="ja"
        )
