"""A posting that is sent in with several faults reads them all at one press, also where one of them cannot be read at all."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.internships.test_posting_pages import reader_of
from tests.support import internships as given

pytestmark = pytest.mark.database


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_unreadable_hides_no_other_fault(app: Flask, language: str) -> None:
    admin = given.host()
    posting = given.write(admin, given.plan(given.officer()), pay_yen=1800)
    mentor = reader_of(admin, language)
    page = mentor.get(f"/internships/postings/{posting}/edit")
    typed = {
        "pay_yen": "99999999999",
        "weeks": "6",
        "starts_from": "2026-06-03",
        "mentor": "見本 03-1111-2222",
        "duties": "",
    }
    asked = mentor.submit(page.form("/edit"), status=422, button="submit=1", **typed)
    said = {each for each in typed if f'id="{each}-error"' in asked.source}
    assert said == set(typed)
    assert asked.source.count('-error">') == len(typed), "each once"
    draft = mentor.submit(page.form("/edit"), status=422, **typed)
    assert 'id="pay_yen-error"' in draft.source
    assert 'id="weeks-error"' not in draft.source, "a draft may lack anything"
