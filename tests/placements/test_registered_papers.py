"""An item of the checklist says that its paper stands in the register of agreements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.core.transaction import transaction
from portal.domain.internships.agreements import AgreementKind
from portal.domain.placements.checklist import REGISTERED, ItemKind
from portal.domain.placements.placement_flow import Side
from portal.placements.queries.checklist import registered_for
from tests.support import agreements
from tests.support.internships import SAID, company_of
from tests.support.people import browser_of
from tests.support.placements import FIRST, LAST, agree, case
from tests.support.reader import Reader

pytestmark = pytest.mark.database
DAY = timedelta(days=1)


@pytest.mark.parametrize("kind", ItemKind)
def test_only_the_same_paper_counts(app: Flask, kind: ItemKind) -> None:
    found = case()
    for each in AgreementKind:
        agreements.agreed(found.officer, company_of(found.admin), each)
    said = registered_for(found.now(), found.item(kind), Side.OFFICE)
    assert [each.kind for each in said] == ([REGISTERED[kind]] if kind in REGISTERED else [])
    assert registered_for(found.now(), found.item(kind), Side.STUDENT) == []
    assert registered_for(found.now(), found.item(kind), None) == []


def test_it_has_to_hold_over_the_period(app: Flask) -> None:
    """Of the posting, then of the days that were agreed upon."""
    found = case()
    agreements.agreed(found.officer, company_of(found.admin), AgreementKind.NDA, until_on=LAST)
    assert SAID["ends_by"] > LAST
    assert registered_for(found.now(), found.item("nda"), Side.COMPANY) == []
    agree(found)
    (nda,) = registered_for(found.now(), found.item("nda"), Side.COMPANY)
    agreements.ended(found.officer, nda.id, FIRST + DAY)
    assert registered_for(found.now(), found.item("nda"), Side.COMPANY) == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages_say_so(app: Flask, language: str) -> None:
    found = case()
    number = agreements.agreed(found.officer, company_of(found.admin), AgreementKind.BASIC)
    item = found.item("implementation").id
    words = {"ja": "協定として登録済み", "en": "stands in the register of agreements"}[language]
    with transaction() as session:
        for who in (found.officer, found.admin, found.student):
            session.get_one(Person, who.id).language = language
    seen = {who: Reader(browser_of(app, who)) for who in (found.officer, found.admin, found.student)}
    page = seen[found.officer].get(f"/staff/placements/items/{item}")
    assert words in page.text
    assert [a for a in page.links if a["href"].endswith(f"/staff/internships/agreements/{number}")]
    page = seen[found.admin].get(f"/placements/items/{item}")
    assert words in page.text
    assert [a for a in page.links if a["href"].endswith("/agreements")]
    assert words not in seen[found.student].get(f"/placements/items/{item}").text
