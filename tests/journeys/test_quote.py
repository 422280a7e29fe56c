"""Quote, order, invoice, receipt: one click each, and from each page to the next by its steps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from portal.cli.demo import firms
from tests.journeys import chapters
from tests.journeys.conftest import Cast
from tests.journeys.papers import read_invoice, read_paper, read_receipt
from tests.journeys.story import Story, Typed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
FIRM = firms.PARTIAL
PAYER = FIRM.address(1)
SUBJECT = "秋の講習会"
LINES: tuple[tuple[str, str, str, str], ...] = (
    ("講習会", "2", "100,000", "standard_10"),
    ("弁当", "3", "1,055", "reduced_8"),
    ("通常会費", "1", "10,000", "out_of_scope"),
)
TOTAL = "¥233,418"  # 220,000 with 10 %, 3,165 and 253 of 8 %, 10,000 without
RATES = ("10%対象", "8%対象（軽減税率）", "不課税", "※は軽減税率の対象です。", "233,418")


def rows() -> Iterator[tuple[str, Typed]]:
    for row, (words, quantity, price, tax) in enumerate(LINES, start=1):
        yield f"description_{row}", words
        yield f"quantity_{row}", quantity
        yield f"price_{row}", price
        yield f"category_{row}", tax


def compose(office: Story) -> str:
    """From the list of organisations to a quote that is sent; gives its number."""
    office.open("/staff/billing/quotes")
    office.follow(office.words("Choose the organisation for a quote"))
    box = office.main.locator('input[name="q"]')
    box.fill(FIRM.name_ja)
    office.lead(lambda: box.press("Enter"))
    office.follow(FIRM.name_ja, where=office.main)
    office.follow(office.words("Make a quote"))
    with office.refused(422):
        office.press(office.words("Make the quote"))
    office.fill({"subject": SUBJECT, "person": "見本 試子", "email": PAYER} | dict(rows()))
    office.press(office.words("Make the quote"))
    office.sees(TOTAL)
    read_paper(
        office, office.page.get_by_role("button", name=office.words("Download the quote (PDF)")), *RATES
    )
    office.press(office.words("Send the quote"))
    return office.page.locator("h1").inner_text().split()[-1]


def order(payer: Story, quote: str) -> None:
    """By the mail to the quote; one click orders."""
    assert TOTAL in payer.open_mail(quote, to=PAYER)
    chapters.come_home(payer, PAYER)
    payer.open("/billing/quotes")
    payer.follow(quote)
    agree = payer.words("Order for %(total)s", total=TOTAL)
    with payer.refused(422):
        payer.press(agree)
    payer.fill({"purchase_order": "PO-77", "agrees": True})
    payer.press(agree)
    confirmation = payer.page.get_by_role("link", name=payer.words("Download the order confirmation (PDF)"))
    read_paper(payer, confirmation, FIRM.name_ja, "PO-77", quote, *RATES)


def steps(reader: Story) -> Locator:
    return reader.page.locator("nav.stages")


def test_from_a_quote_to_its_receipt(someone: Cast, office: Story) -> None:
    quote = compose(office)
    payer = someone()
    order(payer, quote)

    office.open("/staff/billing/quotes")
    office.follow(quote)
    office.press(office.words("Issue the invoice"))
    office.fill({"amount_yen": TOTAL.strip("¥"), "payer_name": FIRM.kana}, form="#record form")
    office.press(office.words("See what this does"))
    office.press(office.words("Record the transfer"))
    expect(office.main.locator(".state-paid").first).to_be_visible()
    expect(steps(office).get_by_text("RCT-")).to_be_visible()
    office.follow(quote, where=steps(office))

    # the company's way along the steps, the second half in English
    payer.open("/billing/quotes")
    payer.follow(quote)
    payer.follow("INV-", where=steps(payer))
    number = read_invoice(payer, FIRM.name_ja, "PO-77", *RATES)
    read_receipt(payer, "領収", FIRM.name_ja, number, "233,418")
    assert number in payer.open_mail("領収", to=PAYER)
    payer.open("/billing/quotes")
    payer.switch_language()
    payer.follow(quote)
    payer.sees("Your order", "PO-77", TOTAL)
    payer.follow("INV-", where=steps(payer))
    payer.sees("Paid in full")
    payer.follow("ORD-", where=steps(payer))
    payer.sees("We have taken your order of")
