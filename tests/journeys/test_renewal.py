"""Renewal season: the office sees the board and gives time, one member renews on the portal, another by the link in its mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from portal.accounts.enums import Role
from portal.cli.demo import firms
from portal.core import clock
from tests.journeys.conftest import Cast
from tests.journeys.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
MEETING = "取締役会が来月のため"


def open_board(office: Story) -> None:
    """From the menu to the campaign that runs."""
    office.open("/staff")
    office.follow(office.words("Renewals"), exact=True)
    office.lead(office.main.locator("table .main a").first.click)


def count_of(office: Story, state: str) -> int:
    """What the chip of a state counts."""
    chip = office.main.get_by_role("link", name=office.words(state)).first
    return int("".join(character for character in chip.inner_text() if character.isdigit()) or 0)


def test_renewal_season(someone: Cast, office: Story) -> None:
    open_board(office)
    offered, awaited = count_of(office, "Offered"), count_of(office, "Renewed, awaiting payment")
    office.sees(firms.PHARMA.name_ja, firms.LEAVING.name_ja)

    # the office gives a member more time, and sees first what that does
    office.follow(firms.VENTURE.name_ja)
    office.follow(office.words("Give more time"))
    until = clock.today() + timedelta(days=60)
    with office.refused(422):
        office.fill({"until": until.isoformat(), "reason": ""})
        office.press(office.words("See what will happen"))
    office.fill({"until": until.isoformat(), "reason": MEETING})
    office.press(office.words("See what will happen"))
    office.sees(firms.VENTURE.address(0))
    office.press(office.words("Give more time"))
    office.sees(MEETING)

    # who has a browser habit renews on the portal
    member = someone()
    member.sign_in_as(Role.COMPANY_ADMIN)
    member.open("/home")
    member.sees(firms.PHARMA.name_ja)
    member.follow(member.words("See the offer"))
    member.sees("¥2,200,000")
    member.follow(member.words("Renew"), where=member.main, exact=True)
    with member.refused(422):
        member.press(member.words("Renew and have the invoice issued"))
    member.fill({"accept": True, "purchase_order": "PO-2027-01"})
    member.press(member.words("Renew and have the invoice issued"))
    thanks = (
        "Thank you. Your company renews for %(year)s. Paying invoice %(number)s (%(amount)s, by %(day)s) completes the renewal; "
        "it has been mailed to your billing contact."
    )
    member.sees(member.last_words(thanks))
    member.follow(member.words("Open the invoice"), where=member.main)
    member.sees("¥2,200,000", "PO-2027-01")

    # who has none renews from the mail, without signing in
    reader = someone(narrow=True)
    text = reader.open_mail("延長", to=firms.VENTURE.address(0))
    assert "/membership/renewals/open?token=" in text
    reader.follow_mail()
    link = reader.page.url
    reader.sees("¥1,100,000")
    with reader.refused(422):
        reader.fill({"employees": "十八", "accept": True})
        reader.press(reader.words("Renew and have the invoice issued"))
    reader.fill({"employees": "１８", "accept": True})
    reader.press(reader.words("Renew and have the invoice issued"))
    reader.sees(reader.words("Thank you for your answer"))
    with reader.refused(410):
        reader.open(link)
    reader.open("/sign-in")  # it signed nobody in
    expect(reader.main.locator("form").first).to_be_visible()

    # the board has moved; the office writes down what it was told by telephone
    open_board(office)
    assert count_of(office, "Offered") == offered - 2
    assert count_of(office, "Renewed, awaiting payment") == awaited + 2
    office.follow(firms.WAITING.name_ja)
    office.follow(office.words("Record that it does not renew"))
    office.fill({"reason": "budget", "note": "総務部 架空様より電話"})
    office.press(office.words("See what will happen"))
    office.press(office.words("Record that it does not renew"))
    office.sees("総務部 架空様より電話")
