"""The office reads an industry in words, never as it is kept."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.enums import industry_words
from portal.accounts.models import Organisation
from portal.core.db import db
from portal.core.transaction import transaction
from tests.support.people import browser_of, company, staff
from tests.support.reader import Reader


def test_the_page_of_a_company_names_its_industry(app: Flask) -> None:
    with transaction():
        body = company()
        db.session.flush()
        number = body.id
        db.session.get_one(Organisation, number).industry = "other"
    shown = Reader(browser_of(app, staff())).get(f"/staff/organisations/{number}")
    assert "その他" in shown.text
    assert "other" not in shown.text


@pytest.mark.parametrize(("kept", "shown"), [("", ""), (None, ""), ("造船", "造船")])
def test_words_that_are_none_of_ours_stay(kept: str | None, shown: str) -> None:
    assert industry_words(kept) == shown
