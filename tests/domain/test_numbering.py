import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.numbering import (
    DocumentKind,
    DocumentNumber,
    NotADocumentNumber,
    NumberProblem,
    format_number,
    parse_number,
)


@pytest.mark.parametrize(
    ("kind", "year", "sequence", "text"),
    [
        (DocumentKind.INVOICE, 2026, 123, "INV-2026-000123"),
        (DocumentKind.APPLICATION, 2026, 12, "APP-2026-000012"),
        (DocumentKind.QUOTE, 2027, 1, "QUO-2027-000001"),
        (DocumentKind.RECEIPT, 2026, 999_999, "RCT-2026-999999"),
        (DocumentKind.CREDIT_NOTE, 2026, 1_000_000, "CRN-2026-1000000"),
    ],
)
def test_numbers_are_written_and_read(kind: DocumentKind, year: int, sequence: int, text: str) -> None:
    assert format_number(kind, year, sequence) == text
    assert parse_number(text) == DocumentNumber(kind, year, sequence)


@pytest.mark.parametrize(
    "typed",
    [
        "inv-2026-000123",
        " INV-2026-000123 ",
        "ＩＮＶ－２０２６－０００１２３",
        "INV–2026ー000123",
        "INV - 2026 - 000123",
    ],
)
def test_parse_number_forgives_how_it_was_typed(typed: str) -> None:
    assert parse_number(typed, expected=DocumentKind.INVOICE) == DocumentNumber(
        DocumentKind.INVOICE, 2026, 123
    )


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", NumberProblem.EMPTY),
        ("　 ", NumberProblem.EMPTY),
        ("000123", NumberProblem.WRONG_SHAPE),
        ("INV-2026-123", NumberProblem.WRONG_SHAPE),
        ("INV-2026-0001234", NumberProblem.WRONG_SHAPE),  # seven digits never begin with a nought
        ("INV-26-000123", NumberProblem.WRONG_SHAPE),
        ("INV-0001-000123", NumberProblem.WRONG_SHAPE),
        ("INV-9999-000123", NumberProblem.WRONG_SHAPE),
        ("INV-2026-1234567890", NumberProblem.WRONG_SHAPE),
        ("INV-2026-000123\x00", NumberProblem.WRONG_SHAPE),
        ("XYZ-2026-000123", NumberProblem.UNKNOWN_KIND),
        ("APP-2026-000123", NumberProblem.OTHER_KIND),
        ("INV-2026-000000", NumberProblem.ZERO_SEQUENCE),
    ],
)
def test_parse_number_says_why_not(typed: str, problem: NumberProblem) -> None:
    with pytest.raises(NotADocumentNumber) as refused:
        parse_number(typed, expected=DocumentKind.INVOICE)
    assert refused.value.problem is problem


@pytest.mark.parametrize(
    ("year", "sequence"), [(2026, 0), (2026, -1), (2026, 1_000_000_000), (1899, 1), (9999, 1)]
)
def test_impossible_numbers_are_not_written(year: int, sequence: int) -> None:
    with pytest.raises(ValueError, match="cannot be numbered"):
        format_number(DocumentKind.INVOICE, year, sequence)


@given(st.sampled_from(DocumentKind), st.integers(1900, 9998), st.integers(1, 999_999_999))
def test_every_number_reads_back(kind: DocumentKind, year: int, sequence: int) -> None:
    number = DocumentNumber(kind, year, sequence)
    assert parse_number(str(number)) == number


@given(st.integers(1, 999_998))
def test_text_order_is_number_order(sequence: int) -> None:
    first, second = (format_number(DocumentKind.INVOICE, 2026, n) for n in (sequence, sequence + 1))
    assert first < second


@given(st.text(alphabet="INVAP-－ー0126０９ ٣²\x00\ud800漢"))
def test_parse_number_gives_a_number_or_a_reason(text: str) -> None:
    try:
        parse_number(text)
    except NotADocumentNumber as refused:
        assert isinstance(refused.problem, NumberProblem)
