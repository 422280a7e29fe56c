"""A posting in a real browser: it saves by itself, a refused field is marked, and a sending waits for a saving that is on its way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from portal.domain.internships.posting_flow import PostingState
from tests.support import internships as given
from tests.support.live import seat, served

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.timeout(120)]
PICTURES = os.environ.get("TEST_PICTURES")  # a folder: pages are kept there to be looked at


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.mark.parametrize("narrow", [False, True])
def test_a_posting_is_written(app: Flask, url: str, chromium: Browser, narrow: bool) -> None:
    admin = given.host()
    number = given.write(admin, given.plan(given.officer()))
    with seat(chromium, app, url, admin, narrow=narrow) as context:
        page = context.new_page()
        page.goto(f"{url}/internships/postings/{number}/edit")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"posting-{narrow}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        status = page.locator("[data-autosave-status]")
        page.fill("#title", "途中の題名")
        expect(status).to_have_class("autosave is-saved")
        page.fill("#weeks", "99")
        expect(page.locator(".field-invalid #weeks")).to_be_visible()
        page.fill("#weeks", "10")
        expect(page.locator(".field-invalid")).to_have_count(0)
        page.reload()
        expect(page.locator("#title")).to_have_value("途中の題名")
        page.fill("#duties", "最後の一言まで")
        page.get_by_role(
            "button", name="提出する"
        ).click()  # leaving the field saves; the sending comes after it
        expect(page).to_have_url(f"{url}/internships/postings/{number}")
        assert given.now(number).state is PostingState.SUBMITTED
        assert given.now(number).duties == "最後の一言まで"
