"""Quotes, invoices, receipts and credit notes: every word that stands on them, and what the law asks for."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from portal.core.pdf import render_pdf
from portal.domain.documents import Language, PartySnapshot
from portal.domain.tax import TaxCategory
from tests.golden import papers
from tests.support.pdf_text import plain_text_of, squeezed, text_of

STAMP = datetime(2026, 4, 10, 1, 2, 3, tzinfo=UTC)
FOLDER = Path(__file__).parent / "billing"
JAPANESE = Language.JAPANESE
MAKERS: dict[str, Any] = {
    "quote": papers.quote,
    "invoice": papers.invoice,
    "receipt": papers.receipt,
    "credit_note": papers.credit_note,
    "receipt_of_advance": papers.receipt_of_advance,
}


def printed(kind: str, document: Any) -> bytes:
    return render_pdf(f"billing/{kind.removesuffix('_of_advance')}.typ", document.as_data(), timestamp=STAMP)


def words_of(kind: str, document: Any) -> str:
    return squeezed(text_of(printed(kind, document)))


def rows_of(kind: str, document: Any) -> list[str]:
    """Lines of the page, columns parted by one blank."""
    return [" ".join(row.split()) for row in text_of(printed(kind, document)).splitlines()]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", list(MAKERS))
def test_every_word_is_as_agreed(kind: str, language: Language) -> None:
    """Set RENEW_GOLDEN=1 to write the files anew after a wanted change, and read the difference."""
    text = plain_text_of(printed(kind, MAKERS[kind](language))) + "\n"
    golden = FOLDER / f"{kind}_{language.value}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (Language.JAPANESE, "取引期間 ご入会の承認日〜2027年3月31日"),
        (Language.ENGLISH, "Period of supply From the day of approval – 31 March 2027"),
    ],
)
def test_a_quote_within_the_year_counts_from_the_approval(language: Language, written: str) -> None:
    """As the invoice will: its period begins on the committee's day."""
    quote = replace(papers.quote(language), begins_on_approval=True)
    assert written in rows_of("quote", quote)
    assert not any("2026年4月1日" in row or "1 April" in row for row in rows_of("quote", quote))


def test_invoice_carries_the_six_items_of_a_qualified_invoice() -> None:
    lines = [
        " ".join(line.split())
        for line in text_of(printed("invoice", papers.invoice(lines=papers.MIXED))).splitlines()
    ]
    text = "\n".join(lines)
    assert "見本データ科学コンソーシアム" in text
    assert "登録番号 T1234567890123" in text
    assert "取引期間 2026年4月1日〜2027年3月31日" in lines  # 2 date of supply
    assert "全体会 弁当 3個 ¥1,055 8%※ ¥3,165" in lines  # 3 description with the mark of the reduced rate
    assert "※は軽減税率の対象です。" in lines
    assert "10%対象 ¥2,003,005 ¥200,300 ¥2,203,305" in lines  # 4 total per rate with the rate, 5 tax per rate
    assert "8%対象（軽減税率）※ ¥3,165 ¥253 ¥3,418" in lines
    assert "不課税 ¥10,000 — ¥10,000" in lines
    assert "架空製薬株式会社" in text  # 6 recipient
    assert "ご請求金額（税込） ¥2,216,723" in lines


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", list(MAKERS))
def test_unregistered_issuer_claims_nothing(kind: str, language: Language) -> None:
    document = MAKERS[kind](language)
    text = words_of(kind, replace(document, issuer=replace(document.issuer, registration_number="")))
    for claim in ("登録番号", "適格", "T1234567890123", "Registration", "ualified"):
        assert claim not in text


def test_addressee_has_exactly_one_honorific() -> None:
    document = papers.invoice()
    without = replace(document.buyer, department="")
    person = replace(document.buyer, title="部長", person="髙橋 一郎")

    def words_to(buyer: PartySnapshot) -> str:
        return squeezed(plain_text_of(printed("invoice", replace(document, buyer=buyer))))

    assert "経理部御中" in words_to(document.buyer)
    assert "様" not in words_to(document.buyer)
    assert "架空製薬株式会社御中" in words_to(without)
    assert "様" not in words_to(without)
    assert "部長髙橋一郎様" in words_to(person)
    assert "御中" not in words_to(person)


def test_receipt_says_electronic_or_leaves_room_for_the_stamp() -> None:
    assert "収入印紙の貼付は不要です" in words_of("receipt", papers.receipt())
    paper = words_of("receipt", replace(papers.receipt(), is_electronic=False))
    assert "収入印紙" in paper
    assert "不要" not in paper


def test_reissued_receipt_is_marked() -> None:
    assert "再発行" not in words_of("receipt", papers.receipt())
    again = squeezed(
        plain_text_of(printed("receipt", replace(papers.receipt(), reissued_on=date(2026, 6, 1))))
    )
    assert "再発行日2026年6月1日" in again
    assert again.count("再発行") == 2


def test_part_payment_is_said_to_be_one() -> None:
    text = words_of("receipt", replace(papers.receipt(), received_yen=1_000_000))
    assert "¥1,000,000-" in text
    assert "一部のお支払い" in text
    assert "ご請求額の内訳" in text


@pytest.mark.parametrize(
    ("language", "box", "said"),
    [
        (Language.JAPANESE, "今回お支払いいただく金額（税込）¥1,650,000", "ご請求金額¥2,200,000のうち、¥550,000はお支払い済みです。"),
        (Language.ENGLISH, "Tobepaidnow(taxincluded)¥1,650,000", "Ofthetotalof¥2,200,000,¥550,000hasbeenpaidalready."),
    ],
)  # fmt: skip
def test_what_was_paid_before_is_not_asked_for_again(language: Language, box: str, said: str) -> None:
    text = words_of("invoice", replace(papers.invoice(language), prepaid_yen=550_000))
    plain = "".join(text.split())
    assert box in plain
    assert said in plain
    assert "ご請求金額（税込）" not in plain
    with pytest.raises(ValueError, match="at most the total"):
        replace(papers.invoice(language), prepaid_yen=2_200_001)


def test_correction_names_what_it_replaces() -> None:
    corrected = replace(
        papers.invoice(), replaces_number="INV-2026-000100", replaces_issued_on=date(2026, 4, 2)
    )
    assert "2026年4月2日発行の請求書INV-2026-000100を修正し、差し替えるものです。" in words_of(
        "invoice", corrected
    )


def test_credit_note_points_to_invoice_and_both_dates() -> None:
    text = words_of("credit_note", papers.credit_note())
    for fact in (
        "適格返還請求書",
        "INV-2026-000123（2026年4月10日発行）",
        "2026年10月15日",
        "2026年4月1日〜2027年3月31日",
    ):
        assert fact in text


def test_sixty_lines_flow_over_numbered_pages() -> None:
    lines = tuple(replace(papers.MIXED[number % 4], description=f"品目{number:02d}") for number in range(60))
    pdf = printed("invoice", papers.invoice(lines=lines))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    text = "\n".join(pages)
    assert len(pages) > 1
    assert [f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
    assert all("INV-2026-000123" in page for page in pages)
    assert all("品目・内容" in page for page in pages if re.search(r"品目\d\d", page))
    assert all(text.count(f"品目{number:02d}") == 1 for number in range(60))


def test_one_page_has_no_page_number() -> None:
    pdf = printed("invoice", papers.invoice())
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert "1 / 1" not in plain_text_of(pdf)


HARD = ["国立大学法人" + "長" * 194, "W" * 200, "a-b/" * 50, "ー" * 200, "（" * 200, '"' * 200, "ł" * 200]


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="places of words on the page need Poppler's pdftotext"
)
@pytest.mark.parametrize("text", HARD)
def test_nothing_runs_over_the_margin(text: str) -> None:
    document = papers.invoice()
    buyer = replace(document.buyer, name=text, department=text, person=text)
    line = replace(papers.FEES[JAPANESE], description=text, detail=text)
    lengthened = replace(document, buyer=buyer, subject=text, notes=text, purchase_order_number=text)
    pdf = printed("invoice", replace(lengthened, **papers.totals_of((line,))))
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    right_edges = [float(edge) for edge in re.findall(r'xMax="([\d.]+)"', boxes.stdout.decode("utf-8"))]
    assert max(right_edges) <= (210 - 18) / 25.4 * 72 + 0.5


def test_largest_amount_stands_on_one_line() -> None:
    line = replace(papers.FEES[JAPANESE], unit_price_yen=900_000_000_000)
    lines = [
        " ".join(row.split())
        for row in text_of(printed("invoice", papers.invoice(lines=(line,)))).splitlines()
    ]
    assert "10%対象 ¥900,000,000,000 ¥90,000,000,000 ¥990,000,000,000" in lines


def test_exempt_line_shows_no_tax() -> None:
    line = replace(papers.DUES, category=TaxCategory.EXEMPT)
    assert "非課税¥10,000—¥10,000" in words_of("invoice", papers.invoice(lines=(line,)))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (JAPANESE, ("新たに受領した金銭はありません", "お支払方法 前受金の充当")),
        (Language.ENGLISH, ("no money was received with this receipt", "Advance used")),
    ],
)
def test_a_receipt_of_an_advance_alone_says_that_no_money_came(
    language: Language, said: tuple[str, str]
) -> None:
    """Its figure is the advance; nowhere does it say that so much was received."""
    parts = (("RCT-2026-000031", "INV-2026-000044", 2_200_000),)
    text = text_of(printed("receipt", replace(papers.receipt(language), received_yen=0, from_receipts=parts)))
    plain = " ".join(text.split())
    for words in ("2,200,000", "RCT-2026-000031", *said):
        assert words in plain
    for never in ("正に領収いたしました", "今回の領収額", "Received with thanks", "銀行振込"):
        assert never not in plain


def test_a_receipt_states_no_more_than_its_invoice() -> None:
    for received, moved in ((0, 0), (2_000_000, 200_001), (-1, 10)):
        with pytest.raises(ValueError, match="at most the total"):
            replace(papers.receipt(), received_yen=received, from_receipts=(("R", "I", moved),))


def test_an_english_paper_to_a_japanese_address_writes_it_as_on_an_envelope() -> None:
    english = papers.invoice(Language.ENGLISH)
    there = replace(english.buyer, postal_code="100-0001", address="架空県架空市港町4丁目5番6号")
    rows = rows_of("invoice", replace(english, buyer=there))
    place = next(n for n, row in enumerate(rows) if "架空県" in row)
    assert rows[place - 1].startswith("〒100-0001")
    assert "〒" not in "".join(rows_of("invoice", english))
