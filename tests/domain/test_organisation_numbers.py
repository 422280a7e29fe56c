import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import cn

from portal.domain.organisation_numbers import (
    NumberCheck,
    OrganisationNumberProblem,
    check_corporate_number,
    check_digit,
    check_registration_number,
    normalise_number,
)

P = OrganisationNumberProblem


# By hand, from the right, weights 1 2 1 2 ...; 9 less the remainder of the sum by 9.
@pytest.mark.parametrize(
    ("base", "digit"),
    [
        ("123456789012", 7),  # 2+2+0+18+8+14+6+10+4+6+2+2 = 74, 74 mod 9 = 2
        ("000012050002", 7),  # 2 + 5 + 2 + 1*2 = 11, mod 9 = 2
        ("010005007398", 5),  # 8+18+3+14+5+1 = 49, mod 9 = 4
        ("000000000000", 9),  # sum 0
        ("000000000009", 9),  # sum 9, mod 9 = 0
        ("000000000050", 8),  # 5*2 = 10 is added whole, not as 1+0; both leave 1
        ("000000000008", 1),  # 8
        ("999999999999", 9),  # 6*9 + 6*18 = 162
    ],
)
def test_check_digit_by_hand(base: str, digit: int) -> None:
    assert check_digit(base) == digit


@pytest.mark.parametrize(
    "base", ["", "12345678901", "1234567890123", "12345678901x", "１２３４５６７８９０１２"]
)
def test_check_digit_wants_twelve_plain_digits(base: str) -> None:
    with pytest.raises(ValueError, match="twelve digits"):
        check_digit(base)


@pytest.mark.parametrize(
    "typed",
    [
        "7123456789012",
        "7-1234-5678-9012",
        "７１２３４５６７８９０１２",
        "7 1234 5678 9012",
        "７－１２３４－５６７８－９０１２",
        "7.1234.5678.9012",
    ],
)
def test_corporate_numbers_are_normalised(typed: str) -> None:
    assert check_corporate_number(typed) == NumberCheck("7123456789012", None)


@pytest.mark.parametrize(
    ("typed", "number", "problem"),
    [
        ("", "", P.EMPTY),
        (" - ", "", P.EMPTY),
        ("T7123456789012", "T7123456789012", P.LEADING_T),
        ("7l23456789012", "7L23456789012", P.NOT_DIGITS),
        ("712345678901", "712345678901", P.WRONG_LENGTH),
        ("71234567890123", "71234567890123", P.WRONG_LENGTH),
        ("0123456789012", "0123456789012", P.LEADING_ZERO),
        ("8123456789012", "8123456789012", P.WRONG_CHECK_DIGIT),
        ("7123456789021", "7123456789021", P.WRONG_CHECK_DIGIT),  # last two swapped
        ("٧١٢٣٤٥٦٧٨٩٠١٢", "٧١٢٣٤٥٦٧٨٩٠١٢", P.NOT_DIGITS),
    ],
)
def test_corporate_numbers_say_what_is_wrong(typed: str, number: str, problem: P) -> None:
    assert check_corporate_number(typed) == NumberCheck(number, problem)


@pytest.mark.parametrize(
    ("typed", "number", "problem"),
    [
        ("T7123456789012", "T7123456789012", None),
        ("ｔ７１２３４５６７８９０１２", "T7123456789012", None),
        ("T7-1234-5678-9012", "T7123456789012", None),
        ("", "", P.EMPTY),
        ("T", "T", P.EMPTY),
        ("7123456789012", "7123456789012", P.NO_LEADING_T),
        ("TT712345678901", "TT712345678901", P.NOT_DIGITS),
        ("T712345678901", "T712345678901", P.WRONG_LENGTH),
        ("T8123456789012", "T8123456789012", P.WRONG_CHECK_DIGIT),
    ],
)
def test_registration_numbers(typed: str, number: str, problem: P | None) -> None:
    checked = check_registration_number(typed)
    assert checked == NumberCheck(number, problem)
    assert checked.is_valid is (problem is None)


@given(st.text(alphabet="0123456789", min_size=12, max_size=12))
def test_check_digit_agrees_with_an_independent_library(base: str) -> None:
    assert str(check_digit(base)) == cn.calc_check_digit(base)


@given(st.text(alphabet="0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 8))
def test_one_wrong_digit_is_found(base: str, place: int, shift: int) -> None:
    number = f"{check_digit(base)}{base}"
    wrong = (int(number[place]) + shift) % 10
    typed = number[:place] + str(wrong) + number[place + 1 :]
    # 0 and 9 weigh the same modulo 9: the law's rule cannot tell them apart
    if {int(number[place]), wrong} != {0, 9}:
        assert not check_corporate_number(typed).is_valid


@given(st.text(alphabet="0127T９Ｔt-－ー ٣²\x00\ud800漢"))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_number(text)
    assert normalise_number(once) == once
    assert isinstance(check_corporate_number(text), NumberCheck)
