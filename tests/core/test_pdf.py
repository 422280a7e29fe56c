"""The PDF engine: archival form, the same bytes twice, odd characters, text that looks like markup."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pypdf import PdfReader

from portal.core.pdf import PdfError, render_pdf, unprintable
from portal.domain.documents import Language
from tests.golden import papers
from tests.support.pdf_text import fonts_of, plain_text_of, squeezed, text_of

STAMP = datetime(2026, 4, 10, 1, 2, 3, tzinfo=UTC)


def invoice_to(name: str, notes: str = "") -> bytes:
    document = papers.invoice()
    buyer = replace(document.buyer, name=name)
    return render_pdf(
        "billing/invoice.typ", replace(document, buyer=buyer, notes=notes).as_data(), timestamp=STAMP
    )


def metadata_of(pdf: bytes) -> str:
    catalogue = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    return str(catalogue["/Metadata"].get_data().decode("utf-8"))  # type: ignore[index]


@pytest.mark.parametrize("language", list(Language))
def test_document_is_archival_and_describes_itself(language: Language) -> None:
    pdf = render_pdf("billing/invoice.typ", papers.invoice(language).as_data(), timestamp=STAMP)
    metadata = metadata_of(pdf)
    reader = PdfReader(io.BytesIO(pdf))
    title = {"ja": "請求書", "en": "Invoice"}[language] + " INV-2026-000123"
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (title, papers.ISSUERS[language].name)
    assert reader.metadata.creation_date == STAMP
    assert reader.trailer["/Root"]["/Lang"] == {"ja": "ja-JP", "en": "en-GB"}[language]  # type: ignore[index]


def test_only_pinned_fonts_and_all_of_them_embedded() -> None:
    fonts = fonts_of(invoice_to("Wałęsa株式会社"))
    assert {name.split("+")[-1] for name in fonts} == {
        "NotoSansCJKjp-Bold",
        "NotoSansCJKjp-Regular",
        "SourceSans3-Roman",
    }
    assert all(fonts.values())


def test_same_input_gives_same_bytes() -> None:
    assert invoice_to("架空製薬株式会社") == invoice_to("架空製薬株式会社")


def test_same_bytes_from_another_process_and_time_zone() -> None:
    script = (
        "import sys; from datetime import datetime, timedelta, timezone\n"
        "from portal.core.pdf import render_pdf; from tests.golden import papers\n"
        "at = datetime(2026, 4, 10, 10, 2, 3, tzinfo=timezone(timedelta(hours=9)))\n"
        "sys.stdout.buffer.write(render_pdf('billing/invoice.typ', papers.invoice().as_data(), timestamp=at))\n"
        "assert 'flask' not in sys.modules\n"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=60)
    assert other.stdout == render_pdf("billing/invoice.typ", papers.invoice().as_data(), timestamp=STAMP)


def test_threads_do_not_disturb_each_other() -> None:
    names = [f"架空{number}株式会社" for number in range(12)]
    with ThreadPoolExecutor(max_workers=4) as pool:
        assert list(pool.map(invoice_to, names)) == [invoice_to(name) for name in names]


def test_another_moment_is_another_creation_date() -> None:
    data = papers.invoice().as_data()
    later = STAMP.astimezone(timezone(timedelta(hours=9))) + timedelta(days=1)
    metadata = metadata_of(render_pdf("billing/invoice.typ", data, timestamp=later))
    assert re.findall(r"<xmp:CreateDate>(.*?)</xmp:CreateDate>", metadata) == ["2026-04-11T01:02:03+00:00"]


@pytest.mark.parametrize(
    "name", ["Lech Wałęsa", "Karel Čapek č", "𠮷野家", "髙橋", "山﨑", "\ufa19戸", "Ōtsuka Nguyễn"]
)
def test_names_of_people_come_out_as_written(name: str) -> None:
    assert squeezed(name) in squeezed(text_of(invoice_to(name)))


def test_accent_typed_apart_is_joined() -> None:
    assert "Dvořák" in text_of(invoice_to("Dvor\u030ca\u0301k"))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("寿司🎉", ("🎉",)),
        ("🎉𓂀🎉", ("🎉", "𓂀")),
        ("外字\ue000", ("\ue000",)),
        ("\ud800", ("\ud800",)),
        ("สวัสดี", tuple("สวัดี")),
    ],
)
def test_characters_without_a_glyph_are_named(text: str, missing: tuple[str, ...]) -> None:
    with pytest.raises(PdfError) as refused:
        invoice_to(f"{text}株式会社")
    assert set(refused.value.missing) == set(missing)
    assert all(f"U+{ord(char):04X}" in str(refused.value) for char in missing)
    assert set(unprintable(text)) == set(missing)


@pytest.mark.parametrize(
    "text", ["", "架空製薬株式会社", "Wałęsa č 𠮷 髙 﨑", '\\u{0} "` $x$', "一行\n二行\x00"]
)
def test_printable_text_is_printable(text: str) -> None:
    assert unprintable(text) == ()


@pytest.mark.parametrize(
    "hostile",
    [
        '#import "/common.typ": *',
        '#eval("1+1") #sys.inputs',
        "\\u{0} \\ \\#",
        "$x^2$ @label <label>",
        "<script>alert(1)</script>",
        "*bold* _slanted_ `raw` == = - + /",
        "// comment /* more */ -- --- ... ~",
        "{{ data }} {% raw %} %s {0}",
        "\"quoted\" 'single'",
        "]) #panic() ([",
    ],
)
def test_text_is_never_read_as_markup(hostile: str) -> None:
    text = squeezed(text_of(invoice_to(hostile, notes=f"※{hostile}")))
    assert text.count(squeezed(hostile)) == 2


@pytest.mark.parametrize("name", ["国立大学法人" + "長" * 194, "W" * 200, "a-b/" * 50, "ー" * 200, "ł" * 200])
def test_long_names_keep_every_character(name: str) -> None:
    assert squeezed(name) in squeezed(plain_text_of(invoice_to(name)))


def test_line_breaks_stay_and_unseen_characters_go() -> None:
    lines = text_of(invoice_to("架空\x00製薬\u202e", notes="一行\r\n二行\r三行\n\nfive\trows")).splitlines()
    shown = [line.strip() for line in lines if line.strip()]
    assert shown[-4:] == ["一行", "二行", "三行", "five rows"]
    assert any("架空製薬" in line and "\u202e" not in line for line in shown)


@pytest.mark.parametrize("template", ["billing/none.typ", "../base.html", "/etc/hostname", ""])
def test_unknown_template_is_not_found(template: str) -> None:
    with pytest.raises(FileNotFoundError):
        render_pdf(template, {}, timestamp=STAMP)


def test_data_that_lacks_a_field_is_a_pdf_error() -> None:
    with pytest.raises(PdfError, match="billing/invoice.typ"):
        render_pdf("billing/invoice.typ", {"language": "ja"}, timestamp=STAMP)


def test_naive_timestamp_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        render_pdf("billing/invoice.typ", papers.invoice().as_data(), timestamp=STAMP.replace(tzinfo=None))
