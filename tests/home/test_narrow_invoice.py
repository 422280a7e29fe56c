"""On a telephone an invoice says its whole day due: late, and later than the paper has it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser

from portal.domain.renewal_flow import RenewalState
from portal.membership.services import renewals
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.live import seat, served

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.timeout(120)]


def test_the_words_about_a_day_due_stand_inside_the_page(app: Flask, chromium: Browser) -> None:
    admin = given.offered()
    with season.on(season.OFFERS):
        bill = season.invoice_of(season.renew(admin)).id
        until = season.DEADLINE + timedelta(days=40)
        season.do(renewals.extend, admin, until=until, reason="x", by=season.clerks_actor())
    day = until + timedelta(days=2)
    season.look(day)
    with season.on(day), served(app) as url, seat(chromium, app, url, admin, narrow=True) as context:
        assert season.renewal_of(admin).state is RenewalState.GRACE
        page = context.new_page()
        page.goto(f"{url}/billing/invoices/{bill}")
        note = page.locator(".stat-note .state")
        assert "請求書の記載" in note.inner_text()
        card, words = page.locator(".stat-row").bounding_box(), note.bounding_box()
        assert card
        assert words
        assert words["x"] + words["width"] <= card["x"] + card["width"]
