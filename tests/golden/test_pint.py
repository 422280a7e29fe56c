"""JP PINT: every document as agreed to the byte, and every rule that it could break."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.documents import DocumentLine, Language
from portal.domain.pint import Identities, PintProblem, Unfit, credit_note_xml, invoice_xml
from portal.domain.tax import Line, RoundingMode, Subtotal, TaxCategory, total_by_rate
from tests.golden import papers
from tests.golden.pint_rules import RULES, broken_rules

FOLDER = Path(__file__).parent / "pint"
BOTH = Identities("7123456789012", "1234567890123")
EXEMPT = DocumentLine(description="図書券", unit_price_yen=700, category=TaxCategory.EXEMPT)
HOSTILE = "<b>&amp;]]>\x00\x0b\ud800\ufffe'\"\n\t&#x0;𠮷 "


def unregistered(paper: Any) -> Any:
    return replace(paper, issuer=replace(paper.issuer, registration_number=""))


PAPERS: dict[str, tuple[Any, Any]] = {
    "invoice_ja": (invoice_xml, papers.invoice()),
    "invoice_en": (invoice_xml, papers.invoice(Language.ENGLISH)),
    "every_category": (invoice_xml, papers.invoice(lines=(*papers.MIXED, EXEMPT))),
    "corrected": (
        invoice_xml,
        replace(
            papers.invoice(),
            number="INV-2026-000123-1",
            replaces_number="INV-2026-000123",
            replaces_issued_on=papers.ISSUED_ON,
        ),
    ),
    "prepaid": (invoice_xml, replace(papers.invoice(), prepaid_yen=550_000)),
    "credit_note": (credit_note_xml, papers.credit_note()),
    "unregistered": (invoice_xml, unregistered(papers.invoice(lines=papers.MIXED))),
    "unregistered_credit_note": (credit_note_xml, unregistered(papers.credit_note())),
}


def written(name: str) -> bytes:
    write, paper = PAPERS[name]
    xml: bytes = write(paper, BOTH)
    return xml


@pytest.mark.parametrize("name", PAPERS)
def test_every_byte_is_as_agreed(name: str) -> None:
    """RENEW_GOLDEN=1 writes the files anew after a wanted change."""
    golden = FOLDER / f"{name}.xml"
    if os.environ.get("RENEW_GOLDEN"):
        golden.write_bytes(written(name))
    assert written(name) == golden.read_bytes()


@pytest.mark.parametrize("name", PAPERS)
def test_every_rule_holds(name: str) -> None:
    assert broken_rules(written(name)) == []


# What breaks each rule: (rule begins with, what is replaced, by what).
DAMAGE = [
    ("ubl-order", b"  <cbc:IssueDate>2026-04-10</cbc:IssueDate>\n  <cbc:DueDate>2026-05-31</cbc:DueDate>", b"  <cbc:DueDate>2026-05-31</cbc:DueDate><cbc:IssueDate>2026-04-10</cbc:IssueDate>"),
    ("ubl-not-empty", b"<cbc:PostalZone>000-0001", b"<cbc:PostalZone>"),
    ("aligned-ibrp-001", b"@jp-1", b"@jp-2"),
    ("ibr-002", b">380<", b">381<"),
    ("ibr-006", "RegistrationName>見本データ科学コンソーシアム".encode(), b"RegistrationName>"),
    ("ibr-008", b">JP<", b">US<"),
    ("ibr-062", b'"0188">1234567890123</cbc:EndpointID', b'"0188">123</cbc:EndpointID'),
    ("aligned-ibr-jp-01", b"<cbc:CompanyID>T1234567890123", b"<cbc:CompanyID>1234567890123"),
    ("aligned-ibr-jp-03", b">VAT<", b">GST<"),
    ("aligned-ibr-jp-06", b'JPY">200300<', b'JPY">200300.0<'),
    ("aligned-ibrp-016", b">30<", b">58<"),
    ("aligned-ibrp-051", b'JPY">253<', b'JPY">255<'),
    ("aligned-ibrp-052", b"2027-03-31", b"2025-03-31"),
    ("aligned-ibrp-cl-01", b">AA<", b">Z<"),
    ("aligned-ibrp-e-01", b"<cbc:ID>AA</cbc:ID>\n        <cbc:Percent>8</cbc:Percent>\n        <cac:TaxScheme>\n          <cbc:ID>VAT</cbc:ID>\n        </cac:TaxScheme>\n      </cac:TaxCategory>", b"<cbc:ID>S</cbc:ID></cac:TaxCategory>"),
    ("aligned-ibrp-e-05", b"<cbc:Percent>0</cbc:Percent>", b"<cbc:Percent>8</cbc:Percent>"),
    ("aligned-ibrp-e-09", b'JPY">0<', b'JPY">1<'),
    ("ibr-016", "<cbc:Name>図書券</cbc:Name>".encode(), b""),
    ("ibr-027", b'<cbc:PriceAmount currencyID="JPY">', b'<cbc:PriceAmount currencyID="JPY">-'),
    ("ibr-023", b'<cbc:InvoicedQuantity unitCode="C62">', b"<cbc:InvoicedQuantity>"),
    ("ibr-co-04", b"<cac:ClassifiedTaxCategory>\n        <cbc:ID>S</cbc:ID>", b"<cac:ClassifiedTaxCategory>"),
    ("ibr-co-10", b'<cbc:LineExtensionAmount currencyID="JPY">3005<', b'<cbc:LineExtensionAmount currencyID="JPY">3006<'),
    ("ibr-co-13", b'<cbc:PayableAmount currencyID="JPY">2', b'<cbc:PayableAmount currencyID="JPY">3'),
    ("ibr-co-14", b'<cbc:TaxableAmount currencyID="JPY">3165<', b'<cbc:TaxableAmount currencyID="JPY">3166<'),
    ("ibr-co-25", b"<cbc:DueDate>2026-05-31</cbc:DueDate>", b""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "whole", "damaged"), DAMAGE, ids=[name for name, *_ in DAMAGE])
def test_each_rule_finds_its_own(name: str, whole: bytes, damaged: bytes) -> None:
    xml = written("every_category")
    assert whole in xml
    assert any(broken.startswith(name) for broken in broken_rules(xml.replace(whole, damaged)))


def test_every_rule_has_its_damage() -> None:
    shown = {rule for rule in RULES for name, *_ in DAMAGE if rule.startswith(name)}
    assert set(RULES) - shown == {"ibr-055: the invoice before is named"}
    xml = written("credit_note").replace(b"<cbc:ID>INV-2026-000123</cbc:ID>", b"")
    assert broken_rules(xml) == ["ibr-055: the invoice before is named"]


def test_what_is_lacking_is_named() -> None:
    with pytest.raises(Unfit) as refused:
        invoice_xml(unregistered(papers.invoice()), Identities())
    assert refused.value.problems == (PintProblem.SELLER_NUMBER, PintProblem.BUYER_NUMBER)
    with pytest.raises(Unfit, match="buyer_number"):
        invoice_xml(papers.invoice(), Identities(seller="7123456789012", buyer="not a number"))


def test_tax_that_is_no_rounding_of_its_share_is_refused() -> None:
    """The last of a hundred returns of one yen takes the ten yen of tax that are left."""
    line = replace(papers.TEXTBOOK, unit_price_yen=1)
    rest = Subtotal(TaxCategory.STANDARD_10, Decimal("0.10"), 1, 10, 11)
    with pytest.raises(Unfit, match="tax"):
        credit_note_xml(replace(papers.credit_note(), lines=(line,), tax_rows=(rest,)), BOTH)


def test_hostile_words_stay_words() -> None:
    paper = papers.invoice(lines=(replace(papers.TEXTBOOK, description=HOSTILE, detail="\x00"),))
    xml = invoice_xml(replace(paper, notes=HOSTILE, buyer=replace(paper.buyer, name=HOSTILE)), BOTH)
    root = ET.fromstring(xml)  # noqa: S314 - our own document
    assert broken_rules(xml) == []
    assert [e.text for e in root.iter() if e.text and "𠮷" in e.text] == [
        "2026年度 年会費（A会員） <b>&amp;]]>'\" &#x0;𠮷",
        *["<b>&amp;]]>'\" &#x0;𠮷"] * 3,
    ]


def test_a_name_of_nothing_becomes_a_dash() -> None:
    xml = invoice_xml(papers.invoice(lines=(replace(papers.TEXTBOOK, description="\x00"),)), BOTH)
    assert "<cbc:Name>-</cbc:Name>" in xml.decode()
    assert broken_rules(xml) == []


_LINES = st.lists(
    st.builds(
        DocumentLine,
        description=st.text(max_size=20),
        detail=st.text(max_size=20),
        quantity=st.integers(1, 999),
        unit_price_yen=st.integers(1, 9_999_999),
        category=st.sampled_from(TaxCategory),
    ),
    min_size=1,
    max_size=6,
)


@given(lines=_LINES, mode=st.sampled_from(RoundingMode), registered=st.booleans(), returned=st.booleans())
def test_whatever_is_invoiced_or_returned_keeps_the_rules(
    lines: list[DocumentLine], mode: RoundingMode, registered: bool, returned: bool
) -> None:
    plain = [Line(x.description, x.quantity, x.unit_price_yen, x.category) for x in lines]
    paper: Any = papers.credit_note() if returned else papers.invoice()
    rows = total_by_rate(plain, mode, papers.YEAR.first).subtotals
    paper = replace(paper, lines=tuple(lines), tax_rows=rows)
    write = credit_note_xml if returned else invoice_xml
    assert broken_rules(write(paper if registered else unregistered(paper), BOTH)) == []
