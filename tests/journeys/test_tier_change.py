"""Tier change: a company moves up with the price shown first, and agrees to extra seats that the office proposes."""

from __future__ import annotations

import re

import pytest

from portal.accounts.enums import Role
from portal.cli.demo import firms
from tests.journeys.conftest import Cast
from tests.journeys.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def enter(story: Story, firm: firms.Firm, language: str) -> None:
    """Sign in as the head of a company on the demonstration's sign-in page; from there on pages are in their language."""
    story.open("/sign-in")
    person = firm.people[0].name
    story.language = language
    story.lead(story.main.get_by_role("button").filter(has_text=person).first.click)


def open_member(office: Story, firm: firms.Firm) -> None:
    """From the menu to the company's page."""
    office.open("/staff")
    office.follow(office.words("Members"), exact=True)
    office.follow(firm.name_ja, where=office.main)


def test_a_company_moves_up_in_english(someone: Cast, office: Story) -> None:
    member = someone(narrow=True)
    enter(member, firms.GLOBAL, "en")
    member.open("/home")
    member.lead(member.main.locator("#membership .term a").nth(1).click)  # after the year that is renewed for
    member.follow("Change the tier", where=member.main)
    with member.refused(422):
        member.press("Continue to the price")
    member.fill({"tier": "A"})
    member.press("Continue to the price")
    member.sees("What is to be paid", "Your membership goes on without a gap.")
    with member.refused(422):
        member.press("Change the tier now")
    member.fill({"accept": True, "purchase_order": "PO-UP-1"})
    member.press("Change the tier now")
    member.sees(
        "Your tier is changed. The papers have been mailed to your billing contact.", re.compile("CRN-")
    )
    member.follow("Open the invoice", where=member.main)
    member.sees("PO-UP-1")

    # the office finds it on the company's page, in Japanese
    open_member(office, firms.GLOBAL)
    office.lead(office.main.get_by_role("link", name="→").first.click)
    office.sees(office.words("Changed"), re.compile("CRN-"))


def test_seats_are_proposed_agreed_and_open(someone: Cast, office: Story) -> None:
    open_member(office, firms.PHARMA)
    office.follow(office.words("Arrange seats"), where=office.main)
    with office.refused(422):
        office.fill({"seats": "0", "price_yen": "300,000"})
        office.press(office.words("See what will happen"))
    office.fill({"seats": "２", "note": "3名で受講されたいとのこと"})
    office.press(office.words("See what will happen"))
    office.sees(office.words("To pay"))
    office.press(office.words("Propose the seats"))

    member = someone()
    member.sign_in_as(Role.COMPANY_ADMIN)
    member.open_mail("追加の受講者枠", to=firms.PHARMA.address(0))
    member.follow_mail()
    member.sees(member.words("What is to be paid"))
    member.press(member.words("Agree and have the invoice issued"))
    member.sees(member.words("The seats are agreed. The invoice has been mailed to your billing contact."))
    member.switch_language()
    member.sees("Extra training seats agreed")
