"""Invoices and receipts as a reader gets them: downloaded by the browser, their text read back."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.journeys.story import Story
from tests.support.pdf_text import squeezed, text_of


def read_paper(reader: Story, link: Locator, *words: str) -> str:
    """Download a PDF and find all of these words in it, however it breaks its lines; gives its text without blanks."""
    name, content = reader.download(link)
    assert name.endswith(".pdf"), name
    assert content.startswith(b"%PDF-")
    text = squeezed(text_of(content))
    missing = [each for each in words if squeezed(each) not in text]
    assert missing == [], f"{missing} not in {text}"
    return text


def read_invoice(reader: Story, *words: str) -> str:
    """The invoice whose page is open; gives its number."""
    number = reader.page.locator("h1").inner_text().split()[-1]
    link = reader.page.get_by_role("link", name=reader.words("Download the invoice (PDF)"))
    read_paper(reader, link, number, *words)
    return number


def read_receipt(reader: Story, *words: str) -> None:
    """The newest receipt on the invoice's page that is open."""
    read_paper(reader, reader.page.locator("#receipts .file-text :is(a, button)").last, *words)
