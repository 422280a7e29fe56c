"""No mouse: begin, fill in, mend a mistake from the summary, send in, menus and dialogs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.companies import Company
from tests.journeys.conftest import Cast
from tests.journeys.keys import Keys

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PLOVER = Company(11, "ちどり物語株式会社", "チドリモノガタリ", "ChidoriStory", tier="C")


def test_a_company_applies_by_keyboard_alone(someone: Cast) -> None:
    applicant = someone()
    page, keys, words = applicant.page, Keys(applicant), applicant.words
    applicant.open("/membership/tiers")
    keys.tab_to(page.locator("a.skip-link"))
    keys.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    keys.press(page.locator(".offer").first.get_by_role("link", name=words("Apply")))
    keys.answer(page.locator('main form [name="name"]'), PLOVER.person)
    keys.answer(page.locator('main form [name="email"]'), PLOVER.email)
    keys.press(applicant.main.get_by_role("button", name=words("Send me the link")))
    applicant.open_mail("", to=PLOVER.email)
    applicant.follow_mail()
    keys.press(applicant.main.get_by_role("button", name=words("Confirm the address and go on")))
    keys.press(applicant.main.get_by_role("button", name=words("Begin the application")))

    answers = PLOVER.answers()
    keys.fill_step(answers["company"] | {"corporate_number": "1234567890123"})
    with applicant.refused(422):
        keys.press(applicant.main.get_by_role("button", name=words("Save and continue")))
    summary, number = page.locator("[data-error-summary]"), page.locator('[name="corporate_number"]')
    expect(summary).to_be_focused()
    keys.press(summary.get_by_role("link").first, leads=False)
    expect(number).to_be_focused()
    keys.is_seen()
    keys.keyboard.press("Control+A")
    keys.keyboard.type(PLOVER.number)
    keys.press(applicant.main.get_by_role("button", name=words("Save and continue")))
    keys.fill_pages(answers, until="confirm")
    for name in ("membership_rules", "anti_social_pledge", "personal_data"):
        keys.answer(page.locator(f'main form [name="{name}"]'), True)
    keys.press(applicant.main.get_by_role("button", name=words("Send the application")))
    applicant.sees(words("We have received your application"))

    menu = page.locator("header details[data-menu]")
    keys.press(menu.locator("summary"), leads=False)
    expect(menu).to_have_attribute("open", "")
    keys.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    keys.keyboard.press("Enter")
    keys.press(menu.get_by_role("link", name=words("Sign-in and security")))
    opener = applicant.main.get_by_role("button", name=words("Sign out everywhere"))
    keys.press(opener, leads=False)
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    applicant.check_page()
    inside = "e => e.contains(document.activeElement) || document.activeElement === document.body"
    for _ in range(6):
        keys.keyboard.press("Tab")
        assert dialog.evaluate(inside), "the focus left the dialog"
    keys.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(opener).to_be_focused()
    keys.is_seen()
