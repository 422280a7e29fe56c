"""Every page of a section marks the section's entry in the menu."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.enums import Role
from tests.support.people import browser_of, company, person, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("path", "label", "mark"),
    [
        ("/membership/applications", "入会申込", "page"),
        ("/membership/start", "入会申込", "true"),
        ("/organisations/{id}/people", "担当者と役割", "true"),
        ("/organisations/{id}/people/invite", "担当者と役割", "true"),
        ("/billing/invoices", "請求書", "page"),
        ("/membership/tiers", "会員種別と会費", "page"),
    ],
)
def test_the_section_is_marked(app: Flask, path: str, label: str, mark: str) -> None:
    aoba = company("株式会社青葉")
    boss = person(at=aoba, roles=(Role.COMPANY_ADMIN, Role.REPRESENTATIVE))
    page = Reader(browser_of(app, boss)).get(path.format(id=aoba.id))
    links = page.root.all("nav")[0].all("a")
    assert [(link.text, link["aria-current"]) for link in links if link["aria-current"]] == [(label, mark)]


@pytest.mark.parametrize(
    ("path", "label", "mark"),
    [
        ("/staff", "ホーム", "page"),
        ("/staff/billing/deposits", "請求書", "true"),
        ("/staff/billing/invoices", "請求書", "page"),
        ("/staff/books", "帳簿", "page"),
        ("/staff/membership/renewals/new", "更新", "true"),
        ("/staff/organisations/{id}", "組織", "true"),
        ("/staff/people", "組織", "true"),
        ("/staff/settings/tiers", "設定", "true"),
        ("/staff/failures", "設定", "true"),
    ],
)
def test_the_office_finds_its_section_marked(app: Flask, path: str, label: str, mark: str) -> None:
    aoba = company("株式会社青葉")
    page = Reader(browser_of(app, staff(Role.ADMINISTRATOR))).get(path.format(id=aoba.id))
    links = page.root.all("nav")[0].all("a")
    assert [(link.text, link["aria-current"]) for link in links if link["aria-current"]] == [(label, mark)]
