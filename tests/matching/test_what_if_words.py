"""What a run tried stands on its page and in the list of runs, with what it was before; a what-if offers no choice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.core.transaction import transaction
from portal.internships.models import InternshipPosting
from portal.matching.enums import StudyKind
from portal.matching.services.studies import ask_study
from portal.matching.services.what_ifs import Change
from tests.internships.test_posting_pages import reader_of
from tests.matching.test_what_ifs import WHY, tried
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support import matching as told
from tests.support.people import browser_of

pytestmark = pytest.mark.database


@pytest.fixture
def scene(june: None) -> Iterator[runs.Scene]:
    made = runs.locked_round()
    with runs.at_lock():
        yield made


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_change_stands_in_words_on_page_and_list(scene: runs.Scene, language: str) -> None:
    base = runs.run(scene)
    made = tried(scene, base, Change.POSTING, posting=f"p{scene.postings[0]}", places=3)
    office = reader_of(scene.office, language)
    page = office.get(f"/staff/matching/attempts/{made.id}")
    assert ("1名 → 3名" if language == "ja" else "1 → 3 places") in page.text
    assert not [link for link in page.links if link["href"].endswith("/choose")]
    assert [
        link
        for link in office.get(f"/staff/matching/attempts/{base}").links
        if link["href"].endswith("/choose")
    ]
    runs_page = office.get(f"/staff/matching/rounds/{scene.round_id}/attempts")
    assert ("：3名" if language == "ja" else ": 3 places") in runs_page.text


def test_of_ties_no_page_tells_whether_there_were_any(scene: runs.Scene) -> None:
    base, company = runs.run(scene), f"c{given.company_of(scene.admins[0])}"
    pages = []
    for who in scene.students[:2]:
        made = tried(scene, base, Change.FIRST, company=company, student=f"s{who.id}", reason=WHY)
        pages.append(reader_of(scene.office).get(f"/staff/matching/attempts/{made.id}").text)
    assert all("企業が順位を付けた学生の区別のしかた" in page for page in pages)


def test_the_form_says_how_many_places_there_are(scene: runs.Scene) -> None:
    page = reader_of(scene.office).get(f"/staff/matching/attempts/{runs.run(scene)}/what-if?change=posting")
    assert "（現在1名）" in page.text


def test_a_posting_below_what_it_needs_is_named(scene: runs.Scene) -> None:
    told.change(InternshipPosting, scene.postings[1], places=3, least_places=3)
    page = reader_of(scene.office).get(f"/staff/matching/attempts/{runs.run(scene)}")
    table = next(each for each in page.root.all("table") if "最少人数に満たない募集" in each.text)
    assert [cell.text for cell in table.all("tr")[1].all("td")] == ["2", "3"]


def test_a_study_is_watched_and_its_answer_loads_the_page(app: Flask, scene: runs.Scene) -> None:
    number, office = runs.run(scene), browser_of(app, scene.office)
    with transaction():
        ask_study(attempt=runs.attempt(number), kind=StudyKind.ADVICE, by=scene.by)
    address, watching = (
        f"/staff/matching/attempts/{number}",
        {"HX-Request": "true", "HX-Trigger": "study-advice"},
    )
    waiting = office.get(address, headers=watching)
    assert b'id="study-advice"' in waiting.data
    assert "HX-Refresh" not in waiting.headers
    runs.jobs()
    done = office.get(address, headers=watching)
    assert done.headers["HX-Refresh"] == "true"
    assert "最大" not in done.text  # nothing can be gained, and the page says so
    assert "これより増えることはありません" in done.text
