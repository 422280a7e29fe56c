"""Lists in a real browser: dragged, moved by keys and by buttons; each step is saved, said aloud, and the focus stays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback
from portal.domain.internships.interest_flow import ApprovalState
from portal.matching.models import CompanyRanking, PreferenceList
from tests.support import matching as told
from tests.support.live import seat, served
from tests.support.matching import Scene

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.timeout(120)]
PICTURES = os.environ.get("TEST_PICTURES")  # a folder: pages are kept there to be looked at


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    made = told.scene()
    with clock.frozen(told.RANKING):
        yield made


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


def kept_list(who: Person) -> list[int]:
    rollback()
    return list(db.session.scalars(select(PreferenceList.postings).filter_by(student_id=who.id)).one())


def kept_tiers(scene: Scene) -> tuple[list[list[int]], list[int]]:
    rollback()
    columns = select(CompanyRanking.tiers, CompanyRanking.unacceptable)
    tiers, refused = db.session.execute(columns.filter_by(organisation_id=scene.company)).one()
    return [sorted(tier) for tier in tiers], refused


def drag(page: Page, handle: Locator, onto: Locator, at: float) -> None:
    """Take the handle and let go over `onto`, `at` of its height from its top."""
    tops = [each.evaluate("e => window.scrollY + e.getBoundingClientRect().top") for each in (handle, onto)]
    page.evaluate("y => window.scrollTo(0, y)", min(tops) - 100)
    start = handle.bounding_box()
    assert start
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 12, start["y"] + 20)
    end = onto.bounding_box()
    assert end
    page.mouse.move(start["x"] + 12, end["y"] + end["height"] * at, steps=6)
    page.mouse.up()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def item(page: Page, number: int) -> Locator:
    return page.locator(f'[data-item="{number}"]')


@pytest.mark.parametrize("narrow", [False, True])
def test_a_student_ranks(app: Flask, scene: Scene, url: str, chromium: Browser, narrow: bool) -> None:
    one = scene.applicant()
    states = (ApprovalState.APPROVED, ApprovalState.VETOED, ApprovalState.ASKED)
    more = [told.offer(scene.admin, scene.round_id) for _n in states]
    for posting, state in zip(more, states, strict=True):
        told.apply(one, posting, state)
    first, (second, third, fourth) = scene.posting, more
    with seat(chromium, app, url, one, narrow=narrow) as context:
        page = context.new_page()
        page.goto(f"{url}/matching/rounds/{scene.round_id}/list")
        said = page.locator("#ranking-said")
        for number in (first, second, third):
            item(page, number).get_by_role("button", name="追加").click()
            expect(page.locator("[data-ranked]").locator(f'[data-item="{number}"]')).to_be_visible()
        assert kept_list(one) == [first, second, third]
        expect(said).to_contain_text("3件中3番目")
        expect(said).to_contain_text("保存しました")
        up = item(page, third).locator("button[value=up]")
        up.focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-ranked] > li").nth(1)).to_have_attribute("data-item", str(third))
        expect(item(page, third).locator("button[value=up]")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("[data-ranked] > li").first).to_have_attribute("data-item", str(third))
        expect(item(page, third).locator("[data-handle]")).to_be_focused()  # "up" leads nowhere now
        page.keyboard.press("ArrowDown")
        expect(page.locator("[data-ranked] > li").nth(1)).to_have_attribute("data-item", str(third))
        expect(item(page, third).locator("[data-handle]")).to_be_focused()
        assert kept_list(one) == [first, third, second]
        picture(page, f"list-{'narrow' if narrow else 'wide'}")
        drag(page, item(page, second).locator("[data-handle]"), item(page, first), 0.1)
        expect(page.locator("[data-ranked] > li").first).to_have_attribute("data-item", str(second))
        expect(said).to_contain_text("3件中1番目")
        assert kept_list(one) == [second, first, third]
        item(page, third).locator("button[value=remove]").click()
        expect(page.locator("[data-ranked] > li")).to_have_count(2)
        expect(said).to_contain_text("外しました")
        other = context.new_page()
        other.goto(page.url)
        item(other, fourth).get_by_role("button", name="追加").click()
        expect(other.locator("[data-ranked] > li")).to_have_count(3)
        item(page, first).locator("button[value=up]").click()  # the other window was faster
        expect(page.locator("[data-refusal]")).to_be_visible()
        expect(page.locator("[data-ranked] > li")).to_have_count(3)
        expect(said).to_contain_text("別の画面")
        picture(page, f"list-stale-{'narrow' if narrow else 'wide'}")
        item(page, first).locator("button[value=up]").click()
        expect(page.locator("[data-refusal]")).to_have_count(0)
        assert kept_list(one) == [first, second, fourth]
        context.set_offline(True)
        item(page, first).locator("button[value=down]").click()
        expect(page.locator("[data-failure]")).to_be_visible()
        assert kept_list(one) == [first, second, fourth]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("narrow", [False, True])
def test_a_company_ranks(app: Flask, scene: Scene, url: str, chromium: Browser, narrow: bool) -> None:
    people = [scene.applicant(name=f"学生 {n}") for n in "甲乙丙丁"]
    one, two, three, four = (who.id for who in people)
    with seat(chromium, app, url, scene.admin, narrow=narrow) as context:
        page = context.new_page()
        page.goto(f"{url}/matching/rounds/{scene.round_id}/companies/{scene.company}/ranking")
        said = page.locator("#ranking-said")
        for number in (one, two, three):
            item(page, number).locator("button[value=last]").click()
            expect(page.locator(f'.tier [data-item="{number}"]')).to_be_visible()
        expect(said).to_contain_text("3位、単独")
        item(page, three).locator("[data-handle]").focus()
        page.keyboard.press("ArrowUp")
        expect(said).to_contain_text("2位、単独")
        assert kept_tiers(scene) == ([[one], [three], [two]], [])
        item(page, two).locator("button[value=tie]").click()
        expect(page.locator(".tier")).to_have_count(2)
        expect(said).to_contain_text("ほか1名と同順位")
        assert kept_tiers(scene) == ([[one], sorted([two, three])], [])
        picture(page, f"ranking-{'narrow' if narrow else 'wide'}")
        drag(page, item(page, one).locator("[data-handle]"), page.locator(".tier").nth(1), 0.5)
        expect(page.locator(".tier")).to_have_count(1)
        assert kept_tiers(scene) == ([sorted([one, two, three])], [])
        drag(page, item(page, two).locator("[data-handle]"), page.locator(".tier").first, 0.02)
        expect(page.locator(".tier")).to_have_count(2)
        assert kept_tiers(scene) == ([[two], sorted([one, three])], [])
        item(page, four).locator("button[value=refuse]").click()
        expect(page.locator(f'[data-box="refuse"] [data-item="{four}"]')).to_be_visible()
        expect(said).to_contain_text("受け入れない")
        assert kept_tiers(scene)[1] == [four]
        item(page, two).locator("button[value=remove]").click()
        expect(page.locator(f'#undecided [data-item="{two}"]')).to_be_visible()
        expect(page.locator("#undecided")).to_contain_text("1名が未定")
        picture(page, f"ranking-undecided-{'narrow' if narrow else 'wide'}")
        assert kept_tiers(scene)[0] == [sorted([one, three])]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
