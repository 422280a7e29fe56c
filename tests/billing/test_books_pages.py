"""The pages of the books: who comes in, in both languages."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.enums import Role
from tests.support.billing import bill
from tests.support.people import browser_of, company, person, staff

PAGES = tuple(f"/staff/books{part}" for part in ("", "/receivables", "/income", "/tax", "/cash", "/pictures"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_open_in_both_languages_with_and_without_figures(app: Flask, page: str, language: str) -> None:
    office = browser_of(app, staff(Role.SECRETARIAT, language=language))
    assert office.get(page).status_code == 200
    bill(company())
    assert office.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_only_who_keeps_the_books_comes_in(app: Flask, page: str) -> None:
    for stranger in (
        staff(Role.STEERING_COMMITTEE),
        person(at=company(), roles=(Role.BILLING, Role.COMPANY_ADMIN)),
    ):
        assert browser_of(app, stranger).get(page).status_code == 403
    assert browser_of(app, staff(Role.ADMINISTRATOR)).get(page).status_code == 200
