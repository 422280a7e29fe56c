"""A paid invoice has a wrong amount: both papers go out, the money moves over, the rest is paid, a receipt comes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.cli.demo import firms
from tests.journeys import chapters
from tests.journeys.conftest import Cast
from tests.journeys.papers import read_invoice, read_paper, read_receipt
from tests.journeys.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
FIRM = firms.MEDICAL_IT
WHY = "講習会費を落としていました"


def find_invoice(office: Story) -> str:
    """From the office's menu to the company's paid invoice; gives its number."""
    office.open("/staff/billing/invoices?show=all")
    box = office.main.locator('input[name="q"]')
    box.fill(FIRM.name_ja)
    office.lead(lambda: box.press("Enter"))
    office.lead(office.main.locator("table .main a").first.click)
    expect(office.main.locator(".state-paid").first).to_be_visible()
    return office.page.locator("h1").inner_text().split()[-1]


def correct_amounts(office: Story) -> str:
    """What was wrong: amounts. A line is added, looked at, and both papers are issued; gives the new number."""
    office.follow(office.words("Correct the invoice"), where=office.main)
    office.follow(office.words("Amounts, lines, tax"), where=office.main)
    see = office.words("See what this does")
    with office.refused(422):
        office.fill({"reason": WHY})
        office.press(see)  # nothing is another
        office.fill({"description_3": "講習会費", "price_3": ""})
        office.press(see)
    office.fill({"description_3": "講習会費", "quantity_3": "２", "price_3": "５０，０００"})
    office.press(see)
    office.sees("¥110,000", WHY, FIRM.address(1))
    office.press(office.words("Issue both papers"))
    office.sees("¥110,000")
    return office.page.locator("h1").inner_text().split()[-1]


def pay_rest(office: Story) -> None:
    """The transfer over the rest is recorded."""
    office.fill({"amount_yen": "110,000", "payer_name": FIRM.kana}, form="#record form")
    office.press(office.words("See what this does"))
    office.press(office.words("Record the transfer"))
    expect(office.main.locator(".state-paid").first).to_be_visible()


def test_a_paid_invoice_with_a_wrong_amount_is_issued_anew(someone: Cast, office: Story) -> None:
    old = find_invoice(office)
    new = correct_amounts(office)
    office.follow(old, where=office.main)
    office.sees(office.words("Another invoice stands in the place of this one"), new)
    office.follow(new, where=office.main)

    payer = someone()
    text = payer.open_mail(new, to=FIRM.address(1))
    assert [words for words in (old, WHY, "¥110,000") if words not in text] == []
    chapters.come_home(payer, FIRM.address(1))
    payer.open("/billing/invoices")
    payer.follow(new)
    payer.sees("¥110,000", payer.words("This invoice stands in the place of another"))
    assert read_invoice(payer, FIRM.name_ja, "講習会費", old, "お支払いいただく金額は¥110,000です。") == new
    payer.follow(old, where=payer.main)
    payer.sees(payer.words("Another invoice stands in the place of this one"))
    credit = payer.page.locator("#credit-notes .file-text a").first
    read_paper(payer, credit, FIRM.name_ja, "返還", old, new)

    pay_rest(office)
    payer.follow(new, where=payer.main)
    read_receipt(payer, "領収", FIRM.name_ja, new)
    assert new in payer.open_mail("領収", to=FIRM.address(1))

    # the same in English
    payer.open("/billing/invoices")
    payer.switch_language()
    payer.follow(new)
    payer.sees("This invoice stands in the place of another", "Paid in full")
    payer.follow(old, where=payer.main)
    payer.sees("Another invoice stands in the place of this one", "This invoice was cancelled.")
