"""What a student reads of an offered place before taking it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.core.formats import yen
from portal.core.transaction import rollback, transaction
from portal.internships.models import InternshipPosting
from portal.matching.enums import OfferState
from portal.matching.models import RollingOffer
from portal.notifications.models import Message
from tests.internships.test_posting_pages import reader_of
from tests.matching.test_after_the_match import offered, scene  # noqa: F401
from tests.support import match_runs as runs
from tests.support.people import browser_of
from tests.support.sql import count_sql

COPIED = ("round_id", "chain_id", "organisation_id", "student_id", "made_at", "made_by_id", "expires_at")
pytestmark = pytest.mark.database


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_card_says_what_is_offered_and_asks_before_it_is_taken(
    app: Flask,
    scene: runs.Scene,  # noqa: F811
    language: str,
) -> None:
    """Period, pay and the posting; taking it is confirmed in a dialog that says what it means; one word for it."""
    student = reader_of(scene.students[2], language)
    offered(scene, 2)
    told = db.session.scalars(select(Message).where(Message.event == "matching/offer_student")).all()
    assert all(
        ("by " if language == "en" else "までに") in mail.subject and "2026" in mail.subject for mail in told
    )
    assert told
    rollback()
    page = student.get("/matching/offers")
    posting = db.session.get_one(InternshipPosting, scene.postings[2])
    assert yen(posting.pay_yen) in page.main.text
    assert f"{posting.weeks}{' weeks' if language == 'en' else '週間'}" in page.main.text
    rollback()
    student.get(f"/internships/browse/{scene.postings[2]}")
    assert f"/internships/browse/{scene.postings[2]}" in page.source
    form = page.form("/take")
    (asked,) = [each for each in form.element.ancestors() if each.tag == "dialog"]
    assert ("cannot be undone" if language == "en" else "取り消せません") in asked.text
    done = student.submit(form)
    assert db.session.scalars(select(RollingOffer.state)).one() is OfferState.TAKEN
    assert "受諾" not in done.main.text
    assert language == "en" or "承諾" in done.main.text


def test_two_offers_cost_no_more_than_one(app: Flask, scene: runs.Scene) -> None:  # noqa: F811
    browser, asked = browser_of(app, scene.students[2]), []
    offered(scene, 2)
    for place, posting in enumerate(scene.postings[:2]):
        with transaction() as session:
            first = session.scalars(select(RollingOffer).order_by(RollingOffer.id)).first()
            assert first
            said = {name: getattr(first, name) for name in COPIED}
            session.add(
                RollingOffer(posting_id=posting, state=OfferState.WITHDRAWN, once_key=f"copy{place}", **said)
            )
        with count_sql() as sql:
            assert browser.get("/matching/offers").status_code == 200
        asked.append(len(sql))
    assert asked[0] == asked[1] <= 12
